/** C types of a user program's debugging information as the language's types. Members are converted when asked for. */
import type { Dwarf, DwarfComposite, DwarfMember, DwarfTypeId } from '../../bpf/dwarf/index.ts';
import { array, BOOL, INT8, integer, NONE, pointer, string } from './make.ts';
import { LazyMembers } from './members.ts';
import type { Member, StructType, Type } from './type.ts';

/** Modifiers, typedefs and pointers that are followed; damaged ones go in circles. */
const MOST_STEPS = 32;

/** Pointers lead to user memory. `none` for what has no value in the language: floats, functions, unknown types. */
export function typeFromDwarf(dwarf: Dwarf, id: DwarfTypeId, steps: number = MOST_STEPS): Type {
  const type = dwarf.type(dwarf.definitionOf(id));
  if (steps === 0) return NONE;
  switch (type.kind) {
    case 'base': {
      if (type.encoding === 'boolean' && type.size === 1) return BOOL;
      const whole = type.encoding === 'signed' || type.encoding === 'unsigned' || type.encoding === 'address';
      return whole && isSize(type.size) ? integer(type.size, type.encoding === 'signed') : NONE;
    }
    case 'enum':
      return isSize(type.size) ? { ...integer(type.size, false), enum: namesOf(type) } : NONE;
    case 'pointer':
    case 'reference':
    case 'rvalue reference':
      return pointer(isText(dwarf, type.type) ? INT8 : typeFromDwarf(dwarf, type.type, steps - 1), 'user');
    case 'const':
    case 'volatile':
    case 'restrict':
    case 'atomic':
    case 'typedef':
      return typeFromDwarf(dwarf, type.type, steps - 1);
    case 'array':
      return arrayType(dwarf, type.element, type.counts, steps);
    case 'struct':
    case 'union':
    case 'class':
      return structType(dwarf, type);
    case 'void':
    case 'function':
    case 'unknown':
      return NONE;
    default:
      return type satisfies never;
  }
}

function namesOf(type: {
  readonly name: string;
  readonly values: readonly { readonly name: string; readonly value: bigint }[];
}): { readonly name: string; readonly values: ReadonlyMap<bigint, string> } {
  return { name: type.name, values: new Map(type.values.map(({ name, value }) => [value, name])) };
}

function arrayType(
  dwarf: Dwarf,
  element: DwarfTypeId,
  counts: readonly (number | undefined)[],
  steps: number,
): Type {
  let type = typeFromDwarf(dwarf, element, steps - 1);
  const text = isText(dwarf, element);
  for (const [index, count = 0] of [...counts].reverse().entries()) {
    if (type.size === 0 || count === 0) return NONE;
    type = text && index === 0 ? string(count) : array(type, count);
  }
  return type;
}

function structType(dwarf: Dwarf, type: DwarfComposite): Type {
  const { name, size = 0, kind } = type;
  const result: StructType = {
    kind: 'struct',
    tag: kind === 'union' ? 'union' : 'struct',
    name,
    size,
    align: size % 8 === 0 ? 8 : size % 4 === 0 ? 4 : size % 2 === 0 ? 2 : 1,
    members: new LazyMembers(() => ({
      names: type.members.map((member) => member.name),
      make: (index) => memberOf(dwarf, type.members[index]!),
    })),
  };
  return result;
}

/** A bitfield is in the smallest word that holds all its bits. */
function memberOf(dwarf: Dwarf, { name, type: id, bitOffset, bitSize }: DwarfMember): Member {
  const type = typeFromDwarf(dwarf, id);
  const offset = Math.floor(bitOffset / 8);
  if (bitSize === 0) return { name, offset, type };
  const storage = ([1, 2, 4, 8] as const).find((size) => (bitOffset % (size * 8)) + bitSize <= size * 8);
  if (storage === undefined) return { name, offset, type: NONE };
  const shift = bitOffset % (storage * 8);
  return { name, offset: (bitOffset - shift) / 8, type, bitfield: { storage, shift, bits: bitSize } };
}

function isText(dwarf: Dwarf, id: DwarfTypeId): boolean {
  for (let step = 0, at = id; step < MOST_STEPS; step++) {
    const type = dwarf.type(at);
    if (type.kind === 'base') return type.size === 1 && type.character;
    if (type.kind !== 'typedef' && type.kind !== 'const' && type.kind !== 'volatile') return false;
    at = type.type;
  }
  return false;
}

function isSize(size: number | undefined): size is 1 | 2 | 4 | 8 {
  return size === 1 || size === 2 || size === 4 || size === 8;
}
