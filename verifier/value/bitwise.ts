/**
 * And, or, xor on ranges, once `bits` is the result's: `scalar_min_max_and`, `_or`, `_xor` and their 32-bit twins. Unsigned
 * ends come from the bits and the operands; signed ones are the same where the range does not cross the sign.
 */
import type { Bounds } from './bounds.ts';
import { Int64 } from './int64.ts';
import type { Scalar } from './scalar.ts';

export function and32(bounds: Bounds, other: Scalar): void {
  const early = isEarlyNegative32(bounds, other);
  const umax = other.u32max;
  setUnsigned32(bounds, bounds.bits.value.lo, umax < bounds.u32max >>> 0 ? umax : bounds.u32max, early);
}

export function and64(bounds: Bounds, other: Scalar): void {
  const early = isEarlyNegative64(bounds, other);
  setUnsigned64(bounds, bounds.bits.value, Int64.minUnsigned(bounds.umax, other.umax), early);
}

export function or32(bounds: Bounds, other: Scalar): void {
  const early = isEarlyNegative32(bounds, other);
  const umin = other.u32min;
  const { value, mask } = bounds.bits;
  setUnsigned32(bounds, umin > bounds.u32min >>> 0 ? umin : bounds.u32min, value.lo | mask.lo, early);
}

export function or64(bounds: Bounds, other: Scalar): void {
  const early = isEarlyNegative64(bounds, other);
  setUnsigned64(bounds, Int64.maxUnsigned(bounds.umin, other.umin), bounds.bits.max(), early);
}

export function xor32(bounds: Bounds, other: Scalar): void {
  const early = isEarlyNegative32(bounds, other);
  const { value, mask } = bounds.bits;
  setUnsigned32(bounds, value.lo, value.lo | mask.lo, early);
}

export function xor64(bounds: Bounds, other: Scalar): void {
  const early = isEarlyNegative64(bounds, other);
  setUnsigned64(bounds, bounds.bits.value, bounds.bits.max(), early);
}

/** Before 6.8 the sign was given up where an operand may be negative. */
function isEarlyNegative32(bounds: Bounds, other: Scalar): boolean {
  return bounds.early && (bounds.s32min < 0 || other.s32min < 0);
}

function isEarlyNegative64(bounds: Bounds, other: Scalar): boolean {
  return bounds.early && (bounds.smin.isNegative() || other.smin.isNegative());
}

function setUnsigned32(bounds: Bounds, min: number, max: number, signLost: boolean): void {
  bounds.u32min = min | 0;
  bounds.u32max = max | 0;
  const crosses = signLost || bounds.u32min > bounds.u32max;
  bounds.s32min = crosses ? -2147483648 : bounds.u32min;
  bounds.s32max = crosses ? 2147483647 : bounds.u32max;
}

function setUnsigned64(bounds: Bounds, min: Int64, max: Int64, signLost: boolean): void {
  bounds.umin = min;
  bounds.umax = max;
  const crosses = signLost || max.slt(min);
  bounds.smin = crosses ? Int64.S64_MIN : min;
  bounds.smax = crosses ? Int64.S64_MAX : max;
}
