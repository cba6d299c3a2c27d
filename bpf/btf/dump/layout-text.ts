/**
 * Structs with the place of every member, in the manner of pahole: offset and size in bytes (of a bitfield its word, with
 * the bit in it), holes, cache lines, and what is lost to padding. Anonymous members are opened; their offsets count from
 * the start of the outermost struct.
 */
import type { Btf } from '../btf.ts';
import { type FieldLayout, fieldLayout, layoutOf, resolveType, type StructLayout } from '../layout.ts';
import { type BtfComposite, isComposite, type TypeId } from '../type.ts';
import { typeName } from '../type-name.ts';
import { UndumpableType, Work } from './work.ts';

export interface LayoutTextOptions {
  /** Bytes of a cache line; 64. */
  readonly cacheLine?: number;
}

/** The largest structs of kernels have 300. */
const MAX_LINES = 50_000;
const TYPE_COLUMN = 26;
const PLACE_COLUMN = 48;

/** The layout of a struct or union, or of what a typedef says is one; undefined for other types. Ends in a newline. */
export function layoutText(btf: Btf, id: TypeId, options: LayoutTextOptions = {}): string | undefined {
  const layout = layoutOf(btf, id);
  const type = resolveType(btf, id);
  if (layout === undefined || !isComposite(type)) return undefined;
  const writer = new LayoutWriter(btf, options.cacheLine ?? 64);
  try {
    return writer.write(id, type, layout);
  } catch (error) {
    if (!(error instanceof UndumpableType)) throw error;
    return `/* type ${error.type}: ${error.message} */\n`;
  }
}

class LayoutWriter {
  readonly #btf: Btf;
  readonly #work: Work;
  readonly #cacheLine: number;
  readonly #lines: string[] = [];
  /** The next cache line that has not been marked, by number. */
  #nextLine = 1;

  constructor(btf: Btf, cacheLine: number) {
    this.#btf = btf;
    this.#work = new Work(btf, MAX_LINES);
    this.#cacheLine = cacheLine;
  }

  write(id: TypeId, type: BtfComposite, layout: StructLayout): string {
    this.#lines.push(`${layout.kind} ${layout.name === '' ? '' : `${layout.name} `}{`);
    this.#members(id, type, 0, 1);
    this.#lines.push('', ...this.#totals(layout).map((line) => `\t/* ${line} */`), '};');
    return `${this.#lines.join('\n')}\n`;
  }

  #members(id: TypeId, type: BtfComposite, base: number, level: number): void {
    this.#work.step(id, type.members.length + 1);
    let end = 0;
    for (const member of type.members) {
      const field = fieldLayout(this.#btf, member);
      if (type.kind === 'struct' && field.bitOffset > end) this.#hole(field.bitOffset - end, field, level);
      if (type.kind === 'struct') this.#boundary(base * 8 + field.bitOffset, level);
      this.#member(field, base, level);
      end = Math.max(end, field.bitOffset + field.bitSize);
    }
  }

  #hole(bits: number, next: FieldLayout, level: number): void {
    const indent = '\t'.repeat(level);
    const rest = bits % 8;
    if (rest > 0) this.#lines.push('', `${indent}/* XXX ${count(rest, 'bit')} hole, try to pack */`);
    if (bits >= 8)
      this.#lines.push('', `${indent}/* XXX ${count((bits - rest) / 8, 'byte')} hole, try to pack */`);
    if (!next.bitfield || rest === 0) this.#lines.push('');
  }

  #boundary(bits: number, level: number): void {
    const offset = Math.floor(bits / 8);
    const line = Math.floor(offset / this.#cacheLine);
    if (line < this.#nextLine) return;
    this.#nextLine = line + 1;
    const ago = offset - line * this.#cacheLine;
    const was = ago === 0 ? '' : ` was ${count(ago, 'byte')} ago`;
    this.#lines.push(
      `${'\t'.repeat(level)}/* --- cacheline ${line} boundary (${line * this.#cacheLine} bytes)${was} --- */`,
    );
  }

  #member(field: FieldLayout, base: number, level: number): void {
    const offset = base + field.storage.offset;
    const inner = this.#inner(field);
    if (inner === undefined) {
      this.#lines.push(placed(this.#declaration(field), level, this.#place(field, offset)));
      return;
    }
    this.#lines.push(`${'\t'.repeat(level)}${inner.kind} {`);
    this.#work.nested(field.type, () => this.#members(field.type, inner, offset, level + 1));
    this.#lines.push(
      placed(`}${field.name === '' ? '' : ` ${field.name}`};`, level, this.#place(field, offset)),
    );
  }

  /** The struct without a name that a member has, or that a member without a name is. */
  #inner(field: FieldLayout): BtfComposite | undefined {
    const type = field.name === '' ? resolveType(this.#btf, field.type) : this.#btf.type(field.type);
    if (!isComposite(type)) return undefined;
    return type.name === '' || field.name === '' ? type : undefined;
  }

  #declaration(field: FieldLayout): string {
    const width = field.bitfield ? `:${field.bitSize}` : '';
    const text = typeName(this.#btf, field.type, field.name);
    const [, type, name] = /^(.*?[ *])([A-Za-z_]\w*(?:\[\d*\])*)$/.exec(text) ?? [];
    if (type === undefined || name === undefined || field.name === '') return `${text}${width};`;
    return `${type.trimEnd().padEnd(TYPE_COLUMN)} ${name}${width};`;
  }

  #place(field: FieldLayout, offset: number): string {
    const size = String(field.storage.size).padStart(5);
    if (!field.bitfield) return `${String(offset).padStart(5)} ${size}`;
    const bit = field.bitOffset - field.storage.offset * 8;
    return `${String(offset).padStart(5)}:${String(bit).padStart(2)} ${size.slice(3)}`;
  }

  #totals(layout: StructLayout): readonly string[] {
    const { size, fields, holes } = layout;
    const lines = Math.ceil(size / this.#cacheLine);
    const totals = [`size: ${size}, cachelines: ${lines}, members: ${fields.length}`];
    if (layout.kind === 'struct') totals.push(...sums(layout));
    const last = holes.at(-1);
    if (layout.kind === 'struct' && last !== undefined && last.bitOffset + last.bitSize === size * 8) {
      totals.push(`padding: ${bitsText(last.bitSize)}`);
    }
    if (layout.packed) totals.push('packed');
    if (size % this.#cacheLine !== 0) totals.push(`last cacheline: ${size % this.#cacheLine} bytes`);
    return totals;
  }
}

/** Members and the holes between them, without padding at the end. */
function sums({ size, fields, holes }: StructLayout): readonly string[] {
  const between = holes.filter((hole) => hole.bitOffset + hole.bitSize < size * 8);
  const plain = fields.filter((field) => !field.bitfield);
  const bitfields = fields.filter((field) => field.bitfield);
  const bytes = plain.reduce((sum, field) => sum + field.bitSize / 8, 0);
  const lost = between.reduce((sum, hole) => sum + hole.bitSize, 0);
  const texts: string[] = [];
  if (between.length > 0) {
    texts.push(`sum members: ${bytes}, holes: ${between.length}, sum holes: ${bitsText(lost)}`);
  }
  const bits = bitfields.reduce((sum, field) => sum + field.bitSize, 0);
  if (bits > 0) texts.push(`sum bitfield members: ${bits} bits (${Math.floor(bits / 8)} bytes)`);
  return texts;
}

/** Bytes, and the bits that are over. */
function bitsText(bits: number): string {
  const rest = bits % 8;
  const bytes = (bits - rest) / 8;
  if (rest === 0) return String(bytes);
  return bytes === 0 ? count(rest, 'bit') : `${bytes} bytes ${count(rest, 'bit')}`;
}

function count(number: number, unit: string): string {
  return `${number} ${unit}${number === 1 ? '' : 's'}`;
}

function placed(text: string, level: number, place: string): string {
  return `${'\t'.repeat(level)}${text.padEnd(PLACE_COLUMN)} /* ${place} */`;
}
