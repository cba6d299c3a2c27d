/**
 * And, or, xor on ranges, once `bits` is the result's: `scalar_min_max_and`, `_or`, `_xor` and their 32-bit twins. Unsigned
 * ends come from the bits and the operands; signed ones are the same where the range does not cross the sign.
 */
import type { Bounds } from './bounds.ts';
import { Int64 } from './int64.ts';
import type { Scalar } from './scalar.ts';

export function and32(bounds: Bounds, other: Scalar): void {
  const umax = other.u32max;
  setUnsigned32(bounds, bounds.bits.value.lo, umax < bounds.u32max >>> 0 ? umax : bounds.u32max);
}

export function and64(bounds: Bounds, other: Scalar): void {
  setUnsigned64(bounds, bounds.bits.value, Int64.minUnsigned(bounds.umax, other.umax));
}

export function or32(bounds: Bounds, other: Scalar): void {
  const umin = other.u32min;
  const { value, mask } = bounds.bits;
  setUnsigned32(bounds, umin > bounds.u32min >>> 0 ? umin : bounds.u32min, value.lo | mask.lo);
}

export function or64(bounds: Bounds, other: Scalar): void {
  setUnsigned64(bounds, Int64.maxUnsigned(bounds.umin, other.umin), bounds.bits.max());
}

export function xor32(bounds: Bounds): void {
  const { value, mask } = bounds.bits;
  setUnsigned32(bounds, value.lo, value.lo | mask.lo);
}

export function xor64(bounds: Bounds): void {
  setUnsigned64(bounds, bounds.bits.value, bounds.bits.max());
}

function setUnsigned32(bounds: Bounds, min: number, max: number): void {
  bounds.u32min = min | 0;
  bounds.u32max = max | 0;
  const crosses = bounds.u32min > bounds.u32max;
  bounds.s32min = crosses ? -2147483648 : bounds.u32min;
  bounds.s32max = crosses ? 2147483647 : bounds.u32max;
}

function setUnsigned64(bounds: Bounds, min: Int64, max: Int64): void {
  bounds.umin = min;
  bounds.umax = max;
  const crosses = max.slt(min);
  bounds.smin = crosses ? Int64.S64_MIN : min;
  bounds.smax = crosses ? Int64.S64_MAX : max;
}
