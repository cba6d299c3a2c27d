/**
 * What kernels before 6.8 learn of one view of a scalar from the others: between signed and unsigned when the sign is known,
 * and between 32 and 64 bits only at comparisons.
 */
import type { Bounds } from './bounds.ts';
import { Int64 } from './int64.ts';

/** `__reg_deduce_bounds` of 6.1. */
export function learnEarly(bounds: Bounds): void {
  learn32(bounds);
  learn64(bounds);
}

function learn32(bounds: Bounds): void {
  const { s32min, s32max, u32min, u32max } = bounds;
  if (s32min >= 0 || s32max < 0) {
    bounds.raiseUnsigned32(s32min);
    bounds.lowerUnsigned32(s32max);
  } else if (u32max >= 0) bounds.lowerUnsigned32(s32max);
  else if (u32min < 0) bounds.raiseUnsigned32(s32min);
  else return;
  bounds.s32min = bounds.u32min;
  bounds.s32max = bounds.u32max;
}

function learn64(bounds: Bounds): void {
  const { smin, smax, umin, umax } = bounds;
  if (!smin.isNegative() || smax.isNegative()) {
    bounds.umin = Int64.maxUnsigned(smin, umin);
    bounds.umax = Int64.minUnsigned(smax, umax);
  } else if (!umax.isNegative()) bounds.umax = Int64.minUnsigned(smax, umax);
  else if (umin.isNegative()) bounds.umin = Int64.maxUnsigned(smin, umin);
  else return;
  bounds.smin = bounds.umin;
  bounds.smax = bounds.umax;
}

/** After a 64-bit comparison the 32-bit ranges are made anew, where the 64-bit ones fit (`__reg_combine_64_into_32`). */
export function narrowTo32(bounds: Bounds): void {
  const { smin, smax, umin, umax } = bounds;
  bounds.unbound32();
  if (isWord(smin) && isWord(smax)) {
    bounds.s32min = smin.lo;
    bounds.s32max = smax.lo;
  }
  if (umin.hi === 0 && umax.hi === 0) {
    bounds.u32min = umin.lo;
    bounds.u32max = umax.lo;
  }
  bounds.sync();
}

function isWord(value: Int64): boolean {
  return value.hi === value.lo >> 31;
}

/** After a 32-bit comparison the 64-bit ranges are those of the low half, or unknown (`__reg_combine_32_into_64`). */
export function widenTo64(bounds: Bounds): void {
  const { value, mask } = bounds.bits;
  if ((value.hi | mask.hi) === 0) bounds.extendLowHalf();
  else bounds.unbound64();
  bounds.sync();
}
