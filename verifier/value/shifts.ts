/**
 * Shifts by a known amount below the width: `scalar_min_max_lsh`, `_rsh`, `_arsh` and their 32-bit twins. Those of 32 bits
 * leave the 64-bit ranges unknown: the caller extends with zeros.
 */
import type { Bounds } from './bounds.ts';
import { Int64 } from './int64.ts';

export function shiftLeft32(bounds: Bounds, count: number): void {
  shiftLow(bounds, count);
  bounds.bits = bounds.bits.subregister().shl(count).subregister();
  bounds.unbound64();
  bounds.learnFromBits32();
}

export function shiftLeft64(bounds: Bounds, count: number): void {
  // <<= 32 then s>>= 32 is how compilers extend a sign: the word keeps its range.
  bounds.smax = count === 32 ? new Int64(bounds.s32max, 0) : Int64.S64_MAX;
  bounds.smin = count === 32 ? new Int64(bounds.s32min, 0) : Int64.S64_MIN;
  const fits = bounds.umax.ule(Int64.ONE.shl(63 - count));
  bounds.umin = fits ? bounds.umin.shl(count) : Int64.ZERO;
  bounds.umax = fits ? bounds.umax.shl(count) : Int64.U64_MAX;
  shiftLow(bounds, count);
  bounds.bits = bounds.bits.shl(count);
  bounds.learnFromBits();
}

/** The low half's own ranges; the sign is lost. */
function shiftLow(bounds: Bounds, count: number): void {
  bounds.s32min = -2147483648;
  bounds.s32max = 2147483647;
  const fits = count <= 31 && bounds.u32max >>> 0 <= 2 ** (31 - count);
  bounds.u32min = fits ? bounds.u32min << count : 0;
  bounds.u32max = fits ? bounds.u32max << count : -1;
}

export function shiftRight32(bounds: Bounds, count: number): void {
  bounds.s32min = -2147483648;
  bounds.s32max = 2147483647;
  bounds.bits = bounds.bits.subregister().shr(count);
  bounds.u32min = (bounds.u32min >>> count) | 0;
  bounds.u32max = (bounds.u32max >>> count) | 0;
  bounds.unbound64();
  bounds.learnFromBits32();
}

export function shiftRight64(bounds: Bounds, count: number): void {
  bounds.smin = Int64.S64_MIN;
  bounds.smax = Int64.S64_MAX;
  bounds.bits = bounds.bits.shr(count);
  bounds.umin = bounds.umin.shr(count);
  bounds.umax = bounds.umax.shr(count);
  bounds.unbound32();
  bounds.learnFromBits();
}

export function shiftRightSigned32(bounds: Bounds, count: number): void {
  bounds.s32min >>= count;
  bounds.s32max >>= count;
  bounds.bits = bounds.bits.sar(count, 32);
  bounds.u32min = 0;
  bounds.u32max = -1;
  bounds.unbound64();
  bounds.learnFromBits32();
}

export function shiftRightSigned64(bounds: Bounds, count: number): void {
  bounds.smin = bounds.smin.sar(count);
  bounds.smax = bounds.smax.sar(count);
  bounds.bits = bounds.bits.sar(count, 64);
  bounds.umin = Int64.ZERO;
  bounds.umax = Int64.U64_MAX;
  bounds.unbound32();
  bounds.learnFromBits();
}
