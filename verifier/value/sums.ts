/** Addition, subtraction and multiplication on ranges: `scalar_min_max_add`, `_sub`, `_mul` and their 32-bit twins. */
import type { Bounds } from './bounds.ts';
import { Int64 } from './int64.ts';
import type { Scalar } from './scalar.ts';

const WORD_MIN = -2147483648;
const WORD_MAX = 2147483647;
const UNSIGNED_MAX = 4294967295;

export function add32(bounds: Bounds, other: Scalar): void {
  const smin = bounds.s32min + other.s32min;
  const smax = bounds.s32max + other.s32max;
  setSigned32(bounds, smin, smax);
  const umin = (bounds.u32min >>> 0) + other.u32min;
  const umax = (bounds.u32max >>> 0) + other.u32max;
  const splits = bounds.earlySums ? umax > UNSIGNED_MAX : umin <= UNSIGNED_MAX && umax > UNSIGNED_MAX;
  setUnsigned32(bounds, umin, umax, splits);
}

export function add64(bounds: Bounds, other: Scalar): void {
  const smin = bounds.smin.add(other.smin);
  const smax = bounds.smax.add(other.smax);
  const leaves = bounds.smin.addOverflows(other.smin, smin) || bounds.smax.addOverflows(other.smax, smax);
  setSigned64(bounds, smin, smax, leaves);
  const umin = bounds.umin.add(other.umin);
  const umax = bounds.umax.add(other.umax);
  // Before 6.17 a range that wrapped as a whole was given up too.
  const splits = bounds.umax.addCarries(umax) && (bounds.earlySums || !bounds.umin.addCarries(umin));
  setUnsigned64(bounds, umin, umax, splits);
}

export function sub32(bounds: Bounds, other: Scalar): void {
  const smin = bounds.s32min - other.s32max;
  const smax = bounds.s32max - other.s32min;
  setSigned32(bounds, smin, smax);
  const umin = (bounds.u32min >>> 0) - other.u32max;
  const umax = (bounds.u32max >>> 0) - other.u32min;
  setUnsigned32(bounds, umin, umax, umin < 0 && (bounds.earlySums || umax >= 0));
}

export function sub64(bounds: Bounds, other: Scalar): void {
  const smin = bounds.smin.sub(other.smax);
  const smax = bounds.smax.sub(other.smin);
  const leaves = bounds.smin.subOverflows(other.smax, smin) || bounds.smax.subOverflows(other.smin, smax);
  setSigned64(bounds, smin, smax, leaves);
  const splits = bounds.umin.ult(other.umax) && (bounds.earlySums || other.umin.ule(bounds.umax));
  setUnsigned64(bounds, bounds.umin.sub(other.umax), bounds.umax.sub(other.umin), splits);
}

/** Products beyond 2^53 are not exact, but then they are out of range too. */
export function mul32(bounds: Bounds, other: Scalar): void {
  if (
    bounds.earlySums &&
    (bounds.s32min < 0 || other.s32min < 0 || !isHalf(bounds.u32max) || !isHalf(other.u32max))
  ) {
    bounds.unbound32();
    return;
  }
  const umin = (bounds.u32min >>> 0) * other.u32min;
  const umax = (bounds.u32max >>> 0) * other.u32max;
  setUnsigned32(bounds, umin, umax, umax > UNSIGNED_MAX);
  const a = bounds.s32min * other.s32min;
  const b = bounds.s32min * other.s32max;
  const c = bounds.s32max * other.s32min;
  const d = bounds.s32max * other.s32max;
  setSigned32(bounds, Math.min(a, b, c, d), Math.max(a, b, c, d));
}

export function mul64(bounds: Bounds, other: Scalar): void {
  const fits = bounds.umax.hi === 0 && other.umax.hi === 0;
  if (bounds.earlySums && (bounds.smin.isNegative() || other.smin.isNegative() || !fits)) {
    bounds.unbound64();
    return;
  }
  const umin = bounds.umin.mulUnsigned(other.umin);
  const umax = bounds.umax.mulUnsigned(other.umax);
  setUnsigned64(bounds, umin ?? Int64.ZERO, umax ?? Int64.ZERO, umin === undefined || umax === undefined);
  const a = bounds.smin.mulSigned(other.smin);
  const b = bounds.smin.mulSigned(other.smax);
  const c = bounds.smax.mulSigned(other.smin);
  const d = bounds.smax.mulSigned(other.smax);
  if (a === undefined || b === undefined || c === undefined || d === undefined) {
    bounds.smin = Int64.S64_MIN;
    bounds.smax = Int64.S64_MAX;
    return;
  }
  bounds.smin = Int64.minSigned(Int64.minSigned(a, b), Int64.minSigned(c, d));
  bounds.smax = Int64.maxSigned(Int64.maxSigned(a, b), Int64.maxSigned(c, d));
}

/** Before 6.17 larger factors, and negative ones, gave up. */
function isHalf(word: number): boolean {
  return word >>> 16 === 0;
}

function setSigned32(bounds: Bounds, min: number, max: number): void {
  const leaves = min < WORD_MIN || max > WORD_MAX || max < WORD_MIN || min > WORD_MAX;
  bounds.s32min = leaves ? WORD_MIN : min | 0;
  bounds.s32max = leaves ? WORD_MAX : max | 0;
}

/** A range that `splits` has wrapped at one end alone; when both have, it is a range again. */
function setUnsigned32(bounds: Bounds, min: number, max: number, splits: boolean): void {
  bounds.u32min = splits ? 0 : min | 0;
  bounds.u32max = splits ? -1 : max | 0;
}

function setSigned64(bounds: Bounds, min: Int64, max: Int64, leaves: boolean): void {
  bounds.smin = leaves ? Int64.S64_MIN : min;
  bounds.smax = leaves ? Int64.S64_MAX : max;
}

function setUnsigned64(bounds: Bounds, min: Int64, max: Int64, splits: boolean): void {
  bounds.umin = splits ? Int64.ZERO : min;
  bounds.umax = splits ? Int64.U64_MAX : max;
}
