/** Structs and unions in C: members at the offsets BTF gives, with the padding and attributes that keep them there. */
import type { Btf } from '../btf.ts';
import { type BtfComposite, type BtfMember, isComposite, type TypeId } from '../type.ts';
import type { DeclTags } from './attributes.ts';
import type { Declarations } from './declaration.ts';
import { safe, VA_LIST } from './names.ts';
import { type Pad, padding, placed } from './padding.ts';
import { type CompositeShape, roundUp, type Shapes, type Slot } from './shapes.ts';
import { UndumpableType, type Work } from './work.ts';

/** Bytes; kernels pad to pages. Larger gaps are an array: damaged BTF may claim gigabytes. */
const MAX_GAP: number = 8 * 1024;

export interface CompositeContext {
  readonly btf: Btf;
  readonly work: Work;
  readonly shapes: Shapes;
  readonly tags: DeclTags;
  readonly declarations: Declarations;
}

/** `struct name { … } attributes`, without a semicolon. The first line is not indented. */
export function compositeText(
  id: TypeId,
  type: BtfComposite,
  name: string,
  level: number,
  context: CompositeContext,
): string {
  context.work.step(id, type.members.length + 1);
  const shape = context.shapes.composite(id, type);
  const lines =
    type.kind === 'struct'
      ? structLines(id, type, shape, level, context)
      : unionLines(id, type, shape, level, context);
  const indent = '\t'.repeat(level);
  const body = lines.map((line) => `${indent}\t${line}\n`).join('');
  const head = `${type.kind}${name === '' ? '' : ` ${name}`} {`;
  return `${head}${body === '' ? '' : `\n${body}${indent}`}}${attributes(shape)}${context.tags.attributes(id, -1)}`;
}

function attributes(shape: CompositeShape): string {
  const packed = shape.packed ? ' __attribute__((packed))' : '';
  return shape.aligned > 0 ? `${packed} __attribute__((aligned(${shape.aligned})))` : packed;
}

function unionLines(
  id: TypeId,
  type: BtfComposite,
  shape: CompositeShape,
  level: number,
  context: CompositeContext,
): readonly string[] {
  const lines = type.members.map((member, index) => {
    const slot = context.shapes.slot(member);
    if (slot.offset !== 0 || (slot.width || slot.size) > type.size * 8) throw misfit(id, type, member);
    return memberLine(id, member, index, slot, level, context);
  });
  return shape.filled ? [...lines, `unsigned char __size[${type.size}];`] : lines;
}

function structLines(
  id: TypeId,
  type: BtfComposite,
  shape: CompositeShape,
  level: number,
  context: CompositeContext,
): readonly string[] {
  const lines: string[] = [];
  const gap = { packed: shape.packed, word: context.btf.pointerSize * 8 };
  let cursor = 0;
  let afterBitfield = false;
  type.members.forEach((member, index) => {
    const slot = context.shapes.slot(member);
    const next = (at: number): number => placed(at, slot, shape.packed);
    const inBitfield = afterBitfield && slot.width > 0;
    cursor = skipLarge(cursor, slot.offset, lines);
    const pads = padding({ ...gap, from: cursor, to: slot.offset, next, inBitfield });
    if (pads === undefined) throw misfit(id, type, member);
    for (const pad of pads) lines.push(padLine(pad));
    lines.push(memberLine(id, member, index, slot, level, context));
    cursor = slot.offset + (slot.width || slot.size);
    afterBitfield = slot.width > 0;
  });
  for (const pad of tail(id, type, shape, skipLarge(cursor, type.size * 8, lines), gap))
    lines.push(padLine(pad));
  return lines;
}

/** From the last member to the size. */
function tail(
  id: TypeId,
  type: BtfComposite,
  shape: CompositeShape,
  from: number,
  gap: { readonly packed: boolean; readonly word: number },
): readonly Pad[] {
  const next = (at: number): number => roundUp(at, shape.align * 8);
  const pads = padding({ ...gap, from, to: type.size * 8, next, inBitfield: false });
  if (pads === undefined)
    throw new UndumpableType(id, `the members of ${type.kind} '${type.name}' are larger than it`);
  return pads;
}

/** Writes a large gap up to its last byte boundary as an array; returns where it ends. */
function skipLarge(from: number, to: number, lines: string[]): number {
  const start = Math.ceil(from / 8);
  const bytes = Math.floor(to / 8) - start;
  if (bytes <= MAX_GAP) return from;
  lines.push(`unsigned char __pad_${start}[${bytes}];`);
  return (start + bytes) * 8;
}

function padLine({ unit, bits }: Pad): string {
  return `${unit.word}: ${bits};`;
}

function memberLine(
  id: TypeId,
  member: BtfMember,
  index: number,
  slot: Slot,
  level: number,
  context: CompositeContext,
): string {
  const text = member.name === '' ? unnamed(member, slot, level, context) : named(member, level, context);
  const width = slot.width > 0 ? `: ${slot.width}` : '';
  return `${text}${width}${context.tags.attributes(id, index)};`;
}

function named(member: BtfMember, level: number, { btf, declarations }: CompositeContext): string {
  return declarations.declare(vaListOf(btf, member.type) ?? member.type, safe(member.name), level + 1);
}

/**
 * What the source's machine has as `__builtin_va_list`, where a member's type comes to that: the compiler at hand may have
 * another, and of another size.
 */
function vaListOf(btf: Btf, id: TypeId): TypeId | undefined {
  for (let type = btf.type(id); type.kind === 'typedef'; type = btf.type(type.type)) {
    if (type.name === VA_LIST) return type.type;
  }
  return undefined;
}

/**
 * Since Linux 6.19 (`-fms-extensions`) a struct that has a name may be a member that has none. Without that flag C would
 * take it for a declaration: its members are written instead, which is the same layout and the same names.
 */
function unnamed(member: BtfMember, slot: Slot, level: number, context: CompositeContext): string {
  const { btf, declarations } = context;
  let id = member.type;
  let qualifiers = '';
  for (let type = btf.type(id); ; type = btf.type(id)) {
    context.work.step(id);
    if (isComposite(type)) {
      const text = context.work.nested(id, () => compositeText(id, type, '', level + 1, context));
      return `${qualifiers}${text}`;
    }
    if (type.kind === 'const' || type.kind === 'volatile') qualifiers = `${type.kind} ${qualifiers}`;
    else if (type.kind !== 'typedef') break;
    id = type.type;
  }
  return declarations.declare(member.type, slot.width > 0 ? '' : `__at_${slot.offset}`, level + 1);
}

function misfit(id: TypeId, type: BtfComposite, member: BtfMember): UndumpableType {
  const what = member.name === '' ? 'an anonymous member' : `member '${member.name}'`;
  return new UndumpableType(
    id,
    `${what} of ${type.kind} '${type.name}' overlaps another or its end: C has no words for it`,
  );
}
