/** Which way a jump goes in kernels before 6.8: the right operand had to be a number known in full (`is_branch_taken`). */
import type { Environment } from '../environment.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { type Comparison, decide, EXCHANGED, isConstantIn } from '../value/compare.ts';
import { decidePacket, isPacketPointer } from './decide-jump.ts';

/** Undefined: it may go both ways. */
export function decideJumpBefore68(
  env: Environment,
  comparison: Comparison,
  bits: 32 | 64,
  left: Register,
  right: Register,
): boolean | undefined {
  if (isKnown(right, bits)) return decideBy(env, comparison, bits, left, right);
  // Since 6.4 the left one will do.
  if (isKnown(left, bits) && env.atLeast('6.4'))
    return decideBy(env, EXCHANGED[comparison], bits, right, left);
  if (bits === 64 && isPacketPointer(left) && isPacketPointer(right)) {
    return decidePacket(comparison, left, right);
  }
  return undefined;
}

function isKnown(register: Register, bits: 32 | 64): boolean {
  return register.kind === Kind.scalar && isConstantIn(bits, register.scalar);
}

function decideBy(
  env: Environment,
  comparison: Comparison,
  bits: 32 | 64,
  left: Register,
  number: Register,
): boolean | undefined {
  if (left.kind !== Kind.scalar) return decideNull(comparison, bits, left, number);
  const isEquality = comparison === 'jeq' || comparison === 'jne';
  // Ranges decide equality since 6.2.
  if (isEquality && !isConstantIn(bits, left.scalar) && !env.atLeast('6.2')) return undefined;
  return decide(comparison, bits, left.scalar, number.scalar);
}

function decideNull(
  comparison: Comparison,
  bits: 32 | 64,
  left: Register,
  number: Register,
): boolean | undefined {
  const { value } = number.scalar.bits;
  if (!isNotNull(left) || value.lo !== 0 || (bits === 64 && value.hi !== 0)) return undefined;
  if (comparison === 'jeq') return false;
  return comparison === 'jne' ? true : undefined;
}

/** `reg_type_not_null` */
function isNotNull({ kind, flags }: Register): boolean {
  if (flags !== 0) return false;
  switch (kind) {
    case Kind.socket:
    case Kind.tcpSock:
    case Kind.mapValue:
    case Kind.mapKey:
    case Kind.sockCommon:
      return true;
    default:
      return false;
  }
}
