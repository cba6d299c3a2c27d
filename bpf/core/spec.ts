/**
 * A relocation's access, resolved in one table of types: which members and elements lead from the root to the field
 * (libbpf `struct bpf_core_spec`). The access string counts every step; the accessors only those a C expression would
 * show, so that they can be found again in another layout:
 *
 *   struct sample { int one; struct { int two; int a[7]; }; } *s;
 *   s->a[3]     access 0:1:1:3     accessors [0] .a [3]
 */
import type { Btf } from '../btf/btf.ts';
import { skipTypedefs } from '../btf/layout.ts';
import { type BtfArray, isComposite, isEnum, type TypeId } from '../btf/type.ts';
import { CoreError } from './error.ts';
import type { CoreRelocation, CoreRelocationKind } from './relocation.ts';
import { describeType, shown, sizeOrThrow } from './types.ts';

/** Steps of an access string (BPF_CORE_SPEC_MAX_LEN). */
export const MAX_STEPS = 64;

export interface CoreAccessor {
  /** A member's struct or union; of an element its own type. Without modifiers. */
  readonly type: TypeId;
  /** Of the member, element or enumerator. */
  readonly index: number;
  /** A member's or enumerator's name; absent for elements. */
  readonly name?: string;
}

export interface CoreSpec {
  readonly kind: CoreRelocationKind;
  readonly btf: Btf;
  readonly root: TypeId;
  /** Empty for relocations of types. */
  readonly accessors: readonly CoreAccessor[];
  /** The access string's numbers; empty for relocations of types. */
  readonly steps: readonly number[];
  /** Of the field, from the root's start; 0 for other relocations. */
  readonly bitOffset: number;
}

/** What a kind of relocation asks about. */
export type CoreSubject = 'field' | 'type' | 'enumval';

export function subjectOf(kind: CoreRelocationKind): CoreSubject {
  if (kind.startsWith('field_')) return 'field';
  return kind.startsWith('type_') ? 'type' : 'enumval';
}

/**
 * Resolves an access string (libbpf `bpf_core_parse_spec`).
 * @throws CoreError when the string or the types it leads through are not what it says
 * @throws RangeError when a type's id is not in the table
 */
export function parseAccess(btf: Btf, relocation: CoreRelocation): CoreSpec {
  const { kind, type: root, access } = relocation;
  const subject = subjectOf(kind);
  if (subject === 'type') {
    if (access !== '0') throw new CoreError(`access '${printable(access)}' of a type is not '0'`);
    // Asked for here so that an id out of the table is found at once.
    btf.kindOf(root);
    return { kind, btf, root, accessors: [], steps: [], bitOffset: 0 };
  }
  const steps = parseSteps(access);
  if (subject === 'enumval') return enumerator(btf, relocation, steps);
  return field(btf, relocation, steps);
}

/**
 * A spec in libbpf's words: `<byte_off> [5] struct task_struct.pid (0:12 @ offset 2468)`
 * (libbpf `bpf_core_format_spec`).
 */
export function describeSpec(spec: CoreSpec): string {
  const head = `<${KIND_TEXT[spec.kind]}> [${spec.root}] ${describeType(spec.btf, spec.root)}`;
  switch (subjectOf(spec.kind)) {
    case 'type':
      return head;
    case 'enumval':
      return head + enumeratorText(spec);
    case 'field':
      return `${head}${pathText(spec)} (${spec.steps.join(':')} @ offset ${offsetText(spec.bitOffset)})`;
  }
}

/** The field as C writes it after the struct: `.se.load[2]`; an index on the root comes first. */
export function pathText(spec: CoreSpec): string {
  let text = '';
  for (const [at, { name, index }] of spec.accessors.entries()) {
    if (name !== undefined) text += `.${shown(name)}`;
    else if (at > 0 || index > 0) text += `[${index}]`;
  }
  return text;
}

/** For messages: `field se.load of struct task_struct`, `enumerator A of enum e`, `struct s`. */
export function subjectText(spec: CoreSpec): string {
  const type = describeType(spec.btf, spec.root);
  if (subjectOf(spec.kind) === 'enumval') return `enumerator ${shown(spec.accessors[0]!.name!)} of ${type}`;
  const path = pathText(spec);
  return path === '' ? type : `field ${path.replace(/^\./, '')} of ${type}`;
}

/** A `[]` or `[0]` at the end of a struct takes any index (libbpf `is_flex_arr`). */
export function isFlexible(btf: Btf, holder: CoreAccessor | undefined, array: BtfArray): boolean {
  if (holder?.name === undefined || array.count > 0) return false;
  const type = btf.type(holder.type);
  return isComposite(type) && holder.index === type.members.length - 1;
}

/** Adds to a bit offset. @throws CoreError past what the kernel's 32 bits hold */
export function addBits(bitOffset: number, bits: number): number {
  const sum = bitOffset + bits;
  if (sum > 0xffff_ffff) throw new CoreError('its offset is past the 512 MiB that relocations can express');
  return sum;
}

const KIND_TEXT: Readonly<Record<CoreRelocationKind, string>> = {
  field_byte_offset: 'byte_off',
  field_byte_size: 'byte_sz',
  field_exists: 'field_exists',
  field_signed: 'signed',
  field_lshift_u64: 'lshift_u64',
  field_rshift_u64: 'rshift_u64',
  type_id_local: 'local_type_id',
  type_id_target: 'target_type_id',
  type_exists: 'type_exists',
  type_size: 'type_size',
  enumval_exists: 'enumval_exists',
  enumval_value: 'enumval_value',
  type_matches: 'type_matches',
};

/** Ten digits and a colon a step. */
export const MAX_ACCESS: number = MAX_STEPS * 11;

function parseSteps(access: string): readonly number[] {
  if (access.length > MAX_ACCESS) throw new CoreError(`access has more than ${MAX_STEPS} steps`);
  if (!/^\d{1,10}(:\d{1,10})*$/.test(access)) {
    throw new CoreError(`access '${printable(access)}' is not numbers with ':' between them`);
  }
  const steps = access.split(':').map(Number);
  if (steps.length > MAX_STEPS) {
    throw new CoreError(`access has ${steps.length} steps, more than ${MAX_STEPS}`);
  }
  if (steps.some((step) => step > 0x7fff_ffff))
    throw new CoreError(`access '${access}' has a number past 31 bits`);
  return steps;
}

function enumerator(btf: Btf, { kind, type: root }: CoreRelocation, steps: readonly number[]): CoreSpec {
  const id = skipTypedefs(btf, root);
  const type = btf.type(id);
  if (!isEnum(type)) throw new CoreError(`${describeType(btf, id)} is not an enum`);
  const index = steps[0]!;
  const value = type.values[index];
  if (steps.length > 1 || value === undefined) {
    throw new CoreError(`access '${steps.join(':')}' is no enumerator of ${describeType(btf, id)}`);
  }
  return { kind, btf, root, accessors: [{ type: id, index, name: value.name }], steps, bitOffset: 0 };
}

function field(btf: Btf, { kind, type: root }: CoreRelocation, steps: readonly number[]): CoreSpec {
  let id = skipTypedefs(btf, root);
  const first = steps[0]!;
  const accessors: CoreAccessor[] = [{ type: id, index: first }];
  let bitOffset = addBits(0, first * sizeOrThrow(btf, id) * 8);
  for (const index of steps.slice(1)) {
    id = skipTypedefs(btf, id);
    const type = btf.type(id);
    if (isComposite(type)) {
      const member = type.members[index];
      if (member === undefined) throw new CoreError(`${describeType(btf, id)} has no member ${index}`);
      bitOffset = addBits(bitOffset, member.bitOffset);
      if (member.name !== '') accessors.push({ type: id, index, name: member.name });
      id = member.type;
    } else if (type.kind === 'array') {
      if (index >= type.count && !isFlexible(btf, accessors.at(-1), type)) {
        throw new CoreError(`element ${index} of an array of ${type.count}`);
      }
      id = skipTypedefs(btf, type.element);
      accessors.push({ type: id, index });
      bitOffset = addBits(bitOffset, index * sizeOrThrow(btf, id) * 8);
    } else {
      throw new CoreError(
        `access '${steps.join(':')}' goes into ${describeType(btf, id)}, which has no parts`,
      );
    }
  }
  return { kind, btf, root, accessors, steps, bitOffset };
}

function enumeratorText(spec: CoreSpec): string {
  const accessor = spec.accessors[0]!;
  const type = spec.btf.type(accessor.type);
  if (!isEnum(type)) return '';
  const bits = type.kind === 'enum' ? 32 : 64;
  const value = type.values[accessor.index]?.value ?? 0n;
  return `::${shown(accessor.name!)} = ${type.signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)}`;
}

function offsetText(bitOffset: number): string {
  const bytes = Math.floor(bitOffset / 8);
  return bitOffset % 8 === 0 ? `${bytes}` : `${bytes}.${bitOffset % 8}`;
}

/** Text of unknown bytes for a message. */
export function printable(text: string): string {
  const clean = text.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
  return text.length > 80 ? `${clean}...` : clean;
}
