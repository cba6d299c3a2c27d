/** Where the kernel lets members lie: the `check_member` and `check_kflag_member` of each kind. */
import type { Btf } from './btf.ts';
import { resolveType } from './layout.ts';
import type { BtfComposite, BtfInt, BtfMember } from './type.ts';
import { isRegular, sizeForKernel } from './verify-resolve.ts';

/** `hasBitfields`: the struct has the kind_flag. */
export function memberProblem(
  btf: Btf,
  struct: BtfComposite,
  member: BtfMember,
  hasBitfields: boolean,
): string | undefined {
  const size = sizeForKernel(btf, member.type);
  if (size === undefined) return `is of type ${member.type}, which has no size`;
  const type = resolveType(btf, member.type);
  switch (type.kind) {
    case 'int':
      return hasBitfields ? wholeIntProblem(struct, member, type) : intProblem(struct, member, type);
    case 'enum':
    case 'enum64':
      return enumProblem(struct, member, size, hasBitfields);
    case 'float':
      return bytesProblem(struct, member, size) ?? alignmentProblem(member, Math.min(8, size));
    default:
      return bytesProblem(struct, member, size);
  }
}

function intProblem({ size }: BtfComposite, member: BtfMember, int: BtfInt): string | undefined {
  return bitsProblem(size, member.bitOffset + int.bitOffset, int.bits);
}

function wholeIntProblem({ size }: BtfComposite, member: BtfMember, int: BtfInt): string | undefined {
  const { bitOffset, bitSize } = member;
  if (!isRegular(int)) return 'is a bitfield of no whole integer';
  if (bitSize === 0 && bitOffset % 8 !== 0) return `is at bit ${bitOffset}, and is no bitfield`;
  if (bitSize > int.bits) return `takes ${bitSize} bits of an integer of ${int.bits}`;
  return bitsProblem(size, bitOffset, bitSize === 0 ? int.bits : bitSize);
}

function enumProblem(
  struct: BtfComposite,
  member: BtfMember,
  size: number,
  hasBitfields: boolean,
): string | undefined {
  if (!hasBitfields) return bytesProblem(struct, member, size);
  const { bitOffset, bitSize } = member;
  if (bitSize === 0 && bitOffset % 8 !== 0) return `is at bit ${bitOffset}, and is no bitfield`;
  if (bitSize > 32) return `takes ${bitSize} bits of an enum`;
  const end = Math.ceil((bitOffset + (bitSize === 0 ? 32 : bitSize)) / 8);
  return end > struct.size ? exceeds(struct.size) : undefined;
}

/** What is no number takes whole bytes. */
function bytesProblem(
  struct: BtfComposite,
  { bitOffset, bitSize }: BtfMember,
  size: number,
): string | undefined {
  if (bitSize !== 0) return 'is a bitfield, and no integer';
  if (bitOffset % 8 !== 0) return `is at bit ${bitOffset}, in the middle of a byte`;
  return bitOffset / 8 + size > struct.size ? exceeds(struct.size) : undefined;
}

function alignmentProblem({ bitOffset }: BtfMember, align: number): string | undefined {
  return (bitOffset / 8) % align === 0 ? undefined : `is a float at byte ${bitOffset / 8}`;
}

function bitsProblem(size: number, bitOffset: number, bits: number): string | undefined {
  if (bits + (bitOffset % 8) > 128) return `takes ${bits} bits at bit ${bitOffset}: more than 128 to load`;
  return Math.ceil((bitOffset + bits) / 8) > size ? exceeds(size) : undefined;
}

function exceeds(size: number): string {
  return `ends beyond the ${size} bytes of it all`;
}
