/** Which way a jump goes, where what is known settles it (`is_branch_taken`). */
import type { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { type Comparison, decide, EXCHANGED, isConstantIn } from '../value/compare.ts';
import { Int64 } from '../value/int64.ts';

/** What was compared with the end of the packet before (`AT_PKT_END`, `BEYOND_PKT_END`). */
export const PacketEnd = { at: -1, beyond: -2 } as const;

/** Within these offsets of an object no pointer to it is 0. */
const LIMIT = Int64.fromNumber(1 << 29);
const MINUS_LIMIT = Int64.fromNumber(-(1 << 29));

/** Undefined: it may go both ways. */
export function decideJump(
  comparison: Comparison,
  bits: 32 | 64,
  left: Register,
  right: Register,
): boolean | undefined {
  if (left.kind === Kind.scalar && right.kind === Kind.scalar) {
    return decide(comparison, bits, left.scalar, right.scalar);
  }
  if (bits === 64 && isPacketPointer(left) && isPacketPointer(right)) {
    return decidePacket(comparison, left, right);
  }
  return decideNull(comparison, bits, left, right);
}

/** `reg_is_pkt_pointer_any` */
export function isPacketPointer({ kind, flags }: Register): boolean {
  return flags === 0 && (kind === Kind.packet || kind === Kind.packetMeta || kind === Kind.packetEnd);
}

/** A pointer known not to be null is not 0. */
function decideNull(
  comparison: Comparison,
  bits: 32 | 64,
  left: Register,
  right: Register,
): boolean | undefined {
  const exchanged = !isConstantNumber(bits, right);
  const pointer = exchanged ? right : left;
  const number = exchanged ? left : right;
  if (!isConstantNumber(bits, number) || !isNotNull(pointer)) return undefined;
  const { value } = number.scalar.bits;
  if (value.lo !== 0 || (bits === 64 && value.hi !== 0)) return undefined;
  if (comparison === 'jeq') return false;
  return comparison === 'jne' ? true : undefined;
}

function isConstantNumber(bits: 32 | 64, register: Register): boolean {
  return register.kind === Kind.scalar && isConstantIn(bits, register.scalar);
}

/** `reg_not_null` */
export function isNotNull(register: Register): boolean {
  if (register.maybeNull) return false;
  const { smin, smax } = register.scalar;
  // Far from the object the address may wrap to 0.
  if (smin.sle(MINUS_LIMIT) || LIMIT.sle(smax)) return false;
  switch (register.kind) {
    case Kind.socket:
    case Kind.tcpSock:
    case Kind.sockCommon:
    case Kind.mapValue:
    case Kind.mapKey:
    case Kind.mapPtr:
      return true;
    case Kind.btfId:
      return isTrusted(register);
    case Kind.mem:
      return !register.has(Flag.untrusted);
    default:
      return false;
  }
}

/** Flags that say that a pointer may be relied on (`BPF_REG_TRUSTED_MODIFIERS`). */
const TRUSTED = Flag.alloc | Flag.trusted | Flag.nonOwning;

/** `is_trusted_reg`, of pointers to structs. */
function isTrusted({ ref, flags }: Register): boolean {
  if (ref !== 0) return true;
  return (flags & TRUSTED) !== 0 && (flags & ~TRUSTED) === 0;
}

/** `is_pkt_ptr_branch_taken` */
export function decidePacket(comparison: Comparison, left: Register, right: Register): boolean | undefined {
  const isEnd = right.kind === Kind.packetEnd;
  if (!isEnd && left.kind !== Kind.packetEnd) return undefined;
  const condition = isEnd ? comparison : EXCHANGED[comparison];
  const range = (isEnd ? left : right).extra;
  if (range >= 0) return undefined;
  switch (condition) {
    case 'jle':
    case 'jgt':
      return range === PacketEnd.beyond ? condition === 'jgt' : undefined;
    case 'jlt':
    case 'jge':
      return condition === 'jge';
    default:
      return undefined;
  }
}
