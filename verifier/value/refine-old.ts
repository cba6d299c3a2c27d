import { Bounds } from './bounds.ts';
import { type Comparison, type Condition, EXCHANGED } from './compare.ts';
import { Int64 } from './int64.ts';
import type { Scalar } from './scalar.ts';
import { Tnum } from './tnum.ts';

interface Refined {
  readonly left: Scalar;
  readonly right: Scalar;
}

/**
 * What the operands are where `condition` holds, as kernels before 6.8 saw it (`reg_set_min_max`): one operand had to be
 * known in full, and then only the other was narrowed; two unknown ones were combined where they are equal.
 */
export function refineBefore68(condition: Condition, bits: 32 | 64, left: Scalar, right: Scalar): Refined {
  if (isKnown(bits, right)) return { left: narrowed(condition, bits, left, right.bits.value), right };
  if (isKnown(bits, left) && condition !== 'jclear') {
    return { left, right: narrowed(EXCHANGED[condition as Comparison], bits, right, left.bits.value) };
  }
  if (condition !== 'jeq' || bits === 32) return { left, right };
  const a = new Bounds(left);
  a.umin = Int64.maxUnsigned(left.umin, right.umin);
  a.umax = Int64.minUnsigned(left.umax, right.umax);
  a.smin = Int64.maxSigned(left.smin, right.smin);
  a.smax = Int64.minSigned(left.smax, right.smax);
  a.bits = left.bits.intersect(right.bits);
  const b = new Bounds(right);
  b.umin = a.umin;
  b.umax = a.umax;
  b.smin = a.smin;
  b.smax = a.smax;
  b.bits = a.bits;
  return { left: synced(a), right: synced(b) };
}

/** The low half is enough for 32 bits, and for 64 bits all of it: otherwise nothing was learnt. */
function isKnown(bits: 32 | 64, value: Scalar): boolean {
  return bits === 64 ? value.bits.isConstant() : value.bits.isSubregisterConstant();
}

function narrowed(condition: Condition, bits: 32 | 64, value: Scalar, constant: Int64): Scalar {
  const bounds = new Bounds(value);
  if (bits === 64) {
    narrow64(bounds, condition, constant);
    combineInto32(bounds);
  } else {
    narrow32(bounds, condition, constant.lo);
    combineInto64(bounds);
  }
  return synced(bounds);
}

function narrow64(bounds: Bounds, condition: Condition, value: Int64): void {
  switch (condition) {
    case 'jeq':
      bounds.bits = Tnum.constant(value);
      bounds.umin = value;
      bounds.umax = value;
      bounds.smin = value;
      bounds.smax = value;
      return;
    case 'jset':
      if (value.isPowerOfTwo()) bounds.bits = bounds.bits.or(Tnum.constant(value));
      return;
    case 'jclear':
      bounds.unbound();
      bounds.bits = bounds.bits.and(Tnum.constant(value.not()));
      return;
    case 'jgt':
      bounds.umin = Int64.maxUnsigned(bounds.umin, value.add(Int64.ONE));
      return;
    case 'jge':
      bounds.umin = Int64.maxUnsigned(bounds.umin, value);
      return;
    case 'jlt':
      bounds.umax = Int64.minUnsigned(bounds.umax, value.sub(Int64.ONE));
      return;
    case 'jle':
      bounds.umax = Int64.minUnsigned(bounds.umax, value);
      return;
    case 'jsgt':
      bounds.smin = Int64.maxSigned(bounds.smin, value.add(Int64.ONE));
      return;
    case 'jsge':
      bounds.smin = Int64.maxSigned(bounds.smin, value);
      return;
    case 'jslt':
      bounds.smax = Int64.minSigned(bounds.smax, value.sub(Int64.ONE));
      return;
    case 'jsle':
      bounds.smax = Int64.minSigned(bounds.smax, value);
      return;
    case 'jne':
      return;
  }
}

function narrow32(bounds: Bounds, condition: Condition, value: number): void {
  switch (condition) {
    case 'jeq':
      bounds.bits = bounds.bits.withSubregister(Tnum.constant(new Int64(0, value)));
      bounds.u32min = value;
      bounds.u32max = value;
      bounds.s32min = value;
      bounds.s32max = value;
      return;
    case 'jset':
      if (new Int64(0, value).isPowerOfTwo()) {
        bounds.bits = bounds.bits.or(Tnum.constant(new Int64(0, value)));
      }
      return;
    case 'jclear': {
      bounds.unbound();
      const low = bounds.bits.subregister().and(Tnum.constant(new Int64(0, ~value)));
      bounds.bits = bounds.bits.withSubregister(low);
      return;
    }
    case 'jgt':
      bounds.raiseUnsigned32((value + 1) | 0);
      return;
    case 'jge':
      bounds.raiseUnsigned32(value);
      return;
    case 'jlt':
      bounds.lowerUnsigned32((value - 1) | 0);
      return;
    case 'jle':
      bounds.lowerUnsigned32(value);
      return;
    case 'jsgt':
      bounds.raiseSigned32((value + 1) | 0);
      return;
    case 'jsge':
      bounds.raiseSigned32(value);
      return;
    case 'jslt':
      bounds.lowerSigned32((value - 1) | 0);
      return;
    case 'jsle':
      bounds.lowerSigned32(value);
      return;
    case 'jne':
      return;
  }
}

/** `__reg_combine_64_into_32`: 64-bit comparisons forget what was known of the low half. */
function combineInto32(bounds: Bounds): void {
  bounds.unbound32();
  const { smin, smax, umin, umax } = bounds;
  if (isWord(smin) && isWord(smax)) {
    bounds.s32min = smin.lo;
    bounds.s32max = smax.lo;
  }
  if (umin.hi === 0 && umax.hi === 0) {
    bounds.u32min = umin.lo;
    bounds.u32max = umax.lo;
  }
}

function isWord({ hi, lo }: Int64): boolean {
  return hi === lo >> 31;
}

/** `__reg_combine_32_into_64`: 32-bit comparisons tell of all only where the high half is zero. */
function combineInto64(bounds: Bounds): void {
  const { value, mask } = bounds.bits;
  if (value.hi !== 0 || mask.hi !== 0) bounds.unbound64();
  else {
    const positive = bounds.s32min >= 0 && bounds.s32max >= 0;
    bounds.umin = new Int64(0, bounds.u32min);
    bounds.umax = new Int64(0, bounds.u32max);
    bounds.smin = positive ? new Int64(0, bounds.s32min) : Int64.ZERO;
    bounds.smax = positive ? new Int64(0, bounds.s32max) : Int64.U32_MAX;
  }
}

/** `reg_bounds_sync`, when each half of a number was looked at by itself. */
function synced(bounds: Bounds): Scalar {
  learnFromBits(bounds);
  deduce32(bounds);
  deduce64(bounds);
  const wide = bounds.bits.intersect(Tnum.range(bounds.umin, bounds.umax));
  const low = Tnum.range(new Int64(0, bounds.u32min), new Int64(0, bounds.u32max));
  bounds.bits = wide.withSubregister(wide.subregister().intersect(low));
  learnFromBits(bounds);
  return bounds.frozen();
}

/** Without what newer kernels conclude of a range that meets the bits in one value. */
function learnFromBits(bounds: Bounds): void {
  bounds.learnFromBits32();
  const { value, mask } = bounds.bits;
  const highest = value.or(mask);
  const negative = mask.hi < 0;
  const least = negative ? new Int64(value.hi | -2147483648, value.lo) : value;
  const most = negative ? new Int64(highest.hi & 2147483647, highest.lo) : highest;
  bounds.smin = Int64.maxSigned(bounds.smin, least);
  bounds.smax = Int64.minSigned(bounds.smax, most);
  bounds.umin = Int64.maxUnsigned(bounds.umin, value);
  bounds.umax = Int64.minUnsigned(bounds.umax, highest);
}

function deduce32(bounds: Bounds): void {
  if (bounds.s32min >= 0 || bounds.s32max < 0) {
    bounds.raiseUnsigned32(bounds.s32min);
    bounds.lowerUnsigned32(bounds.s32max);
    bounds.s32min = bounds.u32min;
    bounds.s32max = bounds.u32max;
  } else if (bounds.u32max >= 0) {
    bounds.s32min = bounds.u32min;
    bounds.lowerUnsigned32(bounds.s32max);
    bounds.s32max = bounds.u32max;
  } else if (bounds.u32min < 0) {
    bounds.raiseUnsigned32(bounds.s32min);
    bounds.s32min = bounds.u32min;
    bounds.s32max = bounds.u32max;
  }
}

function deduce64(bounds: Bounds): void {
  if (bounds.smin.hi >= 0 || bounds.smax.hi < 0) {
    bounds.umin = Int64.maxUnsigned(bounds.smin, bounds.umin);
    bounds.umax = Int64.minUnsigned(bounds.smax, bounds.umax);
    bounds.smin = bounds.umin;
    bounds.smax = bounds.umax;
  } else if (bounds.umax.hi >= 0) {
    bounds.smin = bounds.umin;
    bounds.umax = Int64.minUnsigned(bounds.smax, bounds.umax);
    bounds.smax = bounds.umax;
  } else if (bounds.umin.hi < 0) {
    bounds.umin = Int64.maxUnsigned(bounds.smin, bounds.umin);
    bounds.smin = bounds.umin;
    bounds.smax = bounds.umax;
  }
}
