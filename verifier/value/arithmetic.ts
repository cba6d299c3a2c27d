import { and32, and64, or32, or64, xor32, xor64 } from './bitwise.ts';
import { Bounds } from './bounds.ts';
import { isConstantIn } from './compare.ts';
import { Int64 } from './int64.ts';
import { Scalar } from './scalar.ts';
import {
  shiftLeft32,
  shiftLeft64,
  shiftRight32,
  shiftRight64,
  shiftRightSigned32,
  shiftRightSigned64,
} from './shifts.ts';
import { add32, add64, mul32, mul64, sub32, sub64 } from './sums.ts';

/** What has a transfer function; a move has none, it copies. */
export type ScalarOperation =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'mod'
  | 'sdiv'
  | 'smod'
  | 'and'
  | 'or'
  | 'xor'
  | 'lsh'
  | 'rsh'
  | 'arsh';

type Width = 32 | 64;

/**
 * `left operation right`, as 6.18 knows it (`adjust_scalar_min_max_vals`): the 32-bit operations extend with zeros, quotients
 * and shifts by an unknown amount are unknown in all 64 bits. `early`: as kernels before 6.8 know it,
 * `earlySums`: those before 6.17.
 */
export function computeScalar(
  operation: ScalarOperation,
  bits: Width,
  left: Scalar,
  right: Scalar,
  early = false,
  earlySums: boolean = early,
): Scalar {
  if (early && !isKnownEarly(operation, bits, right)) return Scalar.UNKNOWN;
  if (!isComputable(operation, bits, right)) return early ? Scalar.zeroExtended(bits / 8) : Scalar.UNKNOWN;
  if (left.isConstant && right.isConstant) {
    return Scalar.constant(computeConstant(operation, bits, left.constantValue, right.constantValue));
  }
  const bounds = new Bounds(left, early, earlySums);
  if (bits === 32) {
    apply32(operation, bounds, right);
    bounds.extendLowHalf();
  } else apply64(operation, bounds, right);
  return early ? bounds.synced() : bounds.synced().checked();
}

/** `-value`: what `BPF_NEG` does to a scalar since 6.17. */
export function negateScalar(bits: Width, value: Scalar): Scalar {
  return computeScalar('sub', bits, Scalar.ZERO, value);
}

/** Before 6.10 only sums, differences and masks were computed with what is not known. */
function isKnownEarly(operation: ScalarOperation, bits: Width, right: Scalar): boolean {
  return operation === 'add' || operation === 'sub' || operation === 'and' || isConstantIn(bits, right);
}

/** `is_safe_to_compute_dst_reg_range`. */
function isComputable(operation: ScalarOperation, bits: Width, right: Scalar): boolean {
  switch (operation) {
    case 'div':
    case 'mod':
    case 'sdiv':
    case 'smod':
      return false;
    case 'lsh':
    case 'rsh':
    case 'arsh':
      return right.isConstant && right.umax.hi === 0 && right.umax.lo >>> 0 < bits;
    default:
      return true;
  }
}

function computeConstant(operation: ScalarOperation, bits: Width, left: Int64, right: Int64): Int64 {
  if (bits === 64) return computeConstant64(operation, left, right);
  return new Int64(0, computeConstant32(operation, left.lo, right.lo));
}

function computeConstant64(operation: ScalarOperation, left: Int64, right: Int64): Int64 {
  switch (operation) {
    case 'add':
      return left.add(right);
    case 'sub':
      return left.sub(right);
    case 'mul':
      return left.mul(right);
    case 'and':
      return left.and(right);
    case 'or':
      return left.or(right);
    case 'xor':
      return left.xor(right);
    case 'lsh':
      return left.shl(right.lo);
    case 'rsh':
      return left.shr(right.lo);
    case 'arsh':
      return left.sar(right.lo);
    default:
      throw new RangeError(`${operation} is not computed`);
  }
}

function computeConstant32(operation: ScalarOperation, left: number, right: number): number {
  switch (operation) {
    case 'add':
      return left + right;
    case 'sub':
      return left - right;
    case 'mul':
      return Math.imul(left, right);
    case 'and':
      return left & right;
    case 'or':
      return left | right;
    case 'xor':
      return left ^ right;
    case 'lsh':
      return left << right;
    case 'rsh':
      return left >>> right;
    case 'arsh':
      return left >> right;
    default:
      throw new RangeError(`${operation} is not computed`);
  }
}

/** The 64-bit ranges are left as they are: the caller replaces them. */
function apply32(operation: ScalarOperation, bounds: Bounds, right: Scalar): void {
  switch (operation) {
    case 'add':
      add32(bounds, right);
      bounds.bits = bounds.bits.add(right.bits);
      return;
    case 'sub':
      sub32(bounds, right);
      bounds.bits = bounds.bits.sub(right.bits);
      return;
    case 'mul':
      mul32(bounds, right);
      bounds.bits = bounds.earlySums ? bounds.bits.mulEarly(right.bits) : bounds.bits.mul(right.bits);
      return;
    case 'and':
      bounds.bits = bounds.bits.and(right.bits);
      and32(bounds, right);
      return;
    case 'or':
      bounds.bits = bounds.bits.or(right.bits);
      or32(bounds, right);
      return;
    case 'xor':
      bounds.bits = bounds.bits.xor(right.bits);
      xor32(bounds, right);
      return;
    case 'lsh':
      shiftLeft32(bounds, right.constantValue.lo);
      return;
    case 'rsh':
      shiftRight32(bounds, right.constantValue.lo);
      return;
    case 'arsh':
      shiftRightSigned32(bounds, right.constantValue.lo);
      return;
    default:
      throw new RangeError(`${operation} is not computed`);
  }
}

function apply64(operation: ScalarOperation, bounds: Bounds, right: Scalar): void {
  switch (operation) {
    case 'add':
      add32(bounds, right);
      add64(bounds, right);
      bounds.bits = bounds.bits.add(right.bits);
      return;
    case 'sub':
      sub32(bounds, right);
      sub64(bounds, right);
      bounds.bits = bounds.bits.sub(right.bits);
      return;
    case 'mul':
      mul32(bounds, right);
      mul64(bounds, right);
      bounds.bits = bounds.earlySums ? bounds.bits.mulEarly(right.bits) : bounds.bits.mul(right.bits);
      return;
    case 'and':
      bounds.bits = bounds.bits.and(right.bits);
      and32(bounds, right);
      and64(bounds, right);
      return;
    case 'or':
      bounds.bits = bounds.bits.or(right.bits);
      or32(bounds, right);
      or64(bounds, right);
      return;
    case 'xor':
      bounds.bits = bounds.bits.xor(right.bits);
      xor32(bounds, right);
      xor64(bounds, right);
      return;
    case 'lsh':
      shiftLeft64(bounds, right.constantValue.lo);
      return;
    case 'rsh':
      shiftRight64(bounds, right.constantValue.lo);
      return;
    case 'arsh':
      shiftRightSigned64(bounds, right.constantValue.lo);
      return;
    default:
      throw new RangeError(`${operation} is not computed`);
  }
}
