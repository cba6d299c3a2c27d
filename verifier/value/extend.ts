/** Scalars cut to fewer bytes and extended again: moves between widths, loads, sign-extending moves, byte swaps. */
import { Bounds } from './bounds.ts';
import { Int64 } from './int64.ts';
import { Scalar } from './scalar.ts';
import { Tnum } from './tnum.ts';

/** The low 32 bits, zeros above: what a 32-bit move makes (`zext_32_to_64`, `reg_bounds_sync`). */
export function zeroExtend32(value: Scalar, early = false): Scalar {
  if (value.isConstant) return Scalar.constant(new Int64(0, value.constantValue.lo));
  const bounds = new Bounds(value, early);
  bounds.extendLowHalf();
  return early ? bounds.synced() : bounds.synced().checked();
}

/** The low 1, 2 or 4 bytes, zeros above: `coerce_reg_to_size`. */
export function truncate(value: Scalar, bytes: 1 | 2 | 4): Scalar {
  const kept = Int64.ones(bytes * 8);
  if (value.isConstant) return Scalar.constant(value.constantValue.and(kept));
  const bounds = new Bounds(value);
  const high = kept.not();
  bounds.bits = value.bits.cast(bytes);
  const stays = value.umin.and(high).equals(value.umax.and(high));
  bounds.umin = stays ? value.umin.and(kept) : Int64.ZERO;
  bounds.umax = stays ? value.umax.and(kept) : kept;
  bounds.smin = bounds.umin;
  bounds.smax = bounds.umax;
  if (bytes < 4) bounds.unbound32();
  return bounds.synced();
}

/** The low bytes with their sign in all 64 bits: `coerce_reg_to_size_sx`. */
export function signExtend64(value: Scalar, bytes: 1 | 2 | 4): Scalar {
  if (value.isConstant) return Scalar.constant(signExtended(value.constantValue, bytes));
  const { smin, smax } = value;
  if (!sharesHigh(smin, smax, bytes)) return Scalar.signExtended(bytes);
  const first = signExtended(smin, bytes);
  const last = signExtended(smax, bytes);
  if (first.isNegative() !== last.isNegative()) return Scalar.signExtended(bytes);
  const min = Int64.minSigned(first, last);
  const max = Int64.maxSigned(first, last);
  return new Scalar(Tnum.range(min, max), min, max, min, max, min.lo, max.lo, min.lo, max.lo).checked();
}

/** The low 1 or 2 bytes with their sign in 32 bits, zeros above: `coerce_subreg_to_size_sx`. */
export function signExtend32(value: Scalar, bytes: 1 | 2): Scalar {
  if (value.isConstant) {
    return Scalar.constant(new Int64(0, signExtendWord(value.constantValue.lo, bytes)));
  }
  const bounds = new Bounds(value);
  extendWord(bounds, bytes);
  bounds.extendLowHalf();
  return bounds.synced().checked();
}

/** The low bytes in the other order, zeros above; the order scrambles the ranges, so only the bits are kept. */
export function swapBytes(value: Scalar, bytes: 2 | 4 | 8): Scalar {
  const bounds = new Bounds(value);
  bounds.bits = value.bits.swapBytes(bytes);
  bounds.unbound();
  return bounds.synced();
}

function extendWord(bounds: Bounds, bytes: 1 | 2): void {
  const { s32min, s32max } = bounds;
  const shift = bytes * 8;
  const first = signExtendWord(s32min, bytes);
  const last = signExtendWord(s32max, bytes);
  if (s32min >> shift !== s32max >> shift || first < 0 !== last < 0) {
    const max = 2 ** (shift - 1) - 1;
    bounds.s32min = -max - 1;
    bounds.s32max = max;
    bounds.u32min = 0;
    bounds.u32max = -1;
    bounds.bits = Tnum.UNKNOWN.subregister();
    return;
  }
  bounds.s32min = Math.min(first, last);
  bounds.s32max = Math.max(first, last);
  bounds.u32min = bounds.s32min;
  bounds.u32max = bounds.s32max;
  const min = Int64.signed32(bounds.s32min);
  bounds.bits = Tnum.range(min, Int64.signed32(bounds.s32max)).subregister();
}

function sharesHigh(a: Int64, b: Int64, bytes: number): boolean {
  if (a.hi !== b.hi) return false;
  return bytes === 4 || a.lo >>> (bytes * 8) === b.lo >>> (bytes * 8);
}

function signExtended(value: Int64, bytes: 1 | 2 | 4): Int64 {
  return Int64.signed32(bytes === 4 ? value.lo : signExtendWord(value.lo, bytes));
}

function signExtendWord(word: number, bytes: 1 | 2): number {
  const shift = 32 - bytes * 8;
  return (word << shift) >> shift;
}
