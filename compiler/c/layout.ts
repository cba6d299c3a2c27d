/** Where members lie: the layout rules of the System V ABI as clang has them, bitfields and attributes included. */
import type { Attributes } from './attributes.ts';
import { alignOfC, type CMember, type CType, sizeOfC } from './type.ts';

/** A member as declared. */
export interface DeclaredMember {
  readonly name: string;
  readonly type: CType;
  readonly attributes: Attributes;
  /** Undefined when it is no bitfield. */
  readonly bits: number | undefined;
}

export interface CompositeLayout {
  readonly members: readonly CMember[];
  readonly size: number;
  readonly align: number;
}

/** The size of a complete type is known before it is a member. */
export function layOut(
  kind: 'struct' | 'union',
  declared: readonly DeclaredMember[],
  attributes: Attributes,
): CompositeLayout {
  const members: CMember[] = [];
  const isUnion = kind === 'union';
  /** Bits taken so far. */
  let end = 0;
  let align = 1;
  for (const one of declared) {
    const place =
      one.bits === undefined
        ? wholeMember(one, attributes.packed, isUnion ? 0 : end)
        : bitfield(one, one.bits, attributes.packed, isUnion ? 0 : end);
    if (one.bits === undefined || one.name !== '') align = Math.max(align, place.align);
    end = isUnion ? Math.max(end, place.end) : place.end;
    // Bitfields without a name are only room.
    if (one.bits !== undefined && one.name === '') continue;
    const { name, type, bits: bitSize = 0 } = one;
    members.push({ name, type, bitOffset: place.start, bitSize });
  }
  align = Math.max(align, attributes.align ?? 1);
  return { members, size: roundTo(Math.ceil(end / 8), align), align };
}

interface Placed {
  readonly start: number;
  readonly end: number;
  /** Bytes that the member asks of what it is in. */
  readonly align: number;
}

function wholeMember({ type, attributes }: DeclaredMember, packed: boolean, from: number): Placed {
  const natural = packed || attributes.packed ? 1 : alignOfC(type);
  const align = Math.max(natural, attributes.align ?? 1);
  const start = roundTo(Math.ceil(from / 8), align) * 8;
  return { start, end: start + (sizeOfC(type) ?? 0) * 8, align };
}

/** A bitfield stays in one aligned word of its type, unless it is packed; one of no bits ends the word. */
function bitfield({ type, attributes }: DeclaredMember, bits: number, packed: boolean, from: number): Placed {
  const isPacked = (packed || attributes.packed) && bits !== 0;
  const explicit = (attributes.align ?? 0) * 8;
  const alignBits = Math.max(isPacked ? 1 : alignOfC(type) * 8, explicit);
  const typeBits = (sizeOfC(type) ?? 1) * 8;
  let start = from;
  if (bits === 0 || (from % alignBits) + bits > typeBits) start = roundTo(from, alignBits);
  else if (explicit > 0) start = roundTo(from, explicit);
  return { start, end: start + bits, align: Math.max(1, alignBits / 8) };
}

function roundTo(value: number, step: number): number {
  return Math.ceil(value / step) * step;
}
