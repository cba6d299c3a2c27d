/**
 * What comparisons told kernels before 6.8 (`reg_set_min_max`, `reg_combine_min_max` of 6.1): those with a constant, and those
 * for equality; of a constant's comparison only the other operand learns.
 */
import { Bounds } from './bounds.ts';
import { type Condition, EXCHANGED, isConstantIn } from './compare.ts';
import { narrowTo32, widenTo64 } from './early-bounds.ts';
import { Int64 } from './int64.ts';
import type { Refined } from './refine.ts';
import type { Scalar } from './scalar.ts';
import { Tnum } from './tnum.ts';

type Width = 32 | 64;

/** What the operands are where `condition` holds. */
export function refineBefore68(condition: Condition, bits: Width, left: Scalar, right: Scalar): Refined {
  if (isConstantIn(64, right) || isConstantIn(bits, right)) {
    return { left: refineOne(condition, bits, left, right), right };
  }
  if (isConstantIn(64, left) || isConstantIn(bits, left)) {
    const exchanged = condition === 'jclear' ? condition : EXCHANGED[condition];
    return { left, right: refineOne(exchanged, bits, right, left) };
  }
  return condition === 'jeq' && bits === 64 ? combined(left, right) : { left, right };
}

function combined(left: Scalar, right: Scalar): Refined {
  const both = new Bounds(left, true);
  both.umin = Int64.maxUnsigned(left.umin, right.umin);
  both.umax = Int64.minUnsigned(left.umax, right.umax);
  both.smin = Int64.maxSigned(left.smin, right.smin);
  both.smax = Int64.minSigned(left.smax, right.smax);
  both.bits = left.bits.intersect(right.bits);
  const other = new Bounds(right, true);
  other.umin = both.umin;
  other.umax = both.umax;
  other.smin = both.smin;
  other.smax = both.smax;
  other.bits = both.bits;
  return { left: both.synced(), right: other.synced() };
}

function refineOne(condition: Condition, bits: Width, value: Scalar, other: Scalar): Scalar {
  const bounds = new Bounds(value, true);
  const constant = other.bits.value;
  if (bits === 64) {
    narrow64(condition, bounds, constant);
    narrowTo32(bounds);
  } else {
    narrow32(condition, bounds, constant.lo);
    widenTo64(bounds);
  }
  return bounds.frozen();
}

function narrow64(condition: Condition, bounds: Bounds, value: Int64): void {
  switch (condition) {
    case 'jeq':
      bounds.become(value);
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

function narrow32(condition: Condition, bounds: Bounds, word: number): void {
  switch (condition) {
    case 'jeq':
      becomeWord(bounds, word);
      return;
    case 'jset':
      if (new Int64(0, word).isPowerOfTwo()) bounds.bits = bounds.bits.or(Tnum.constant(new Int64(0, word)));
      return;
    case 'jclear':
      bounds.unbound();
      bounds.bits = bounds.bits.and(Tnum.constant(new Int64(-1, ~word)));
      return;
    case 'jgt':
      bounds.raiseUnsigned32((word + 1) | 0);
      return;
    case 'jge':
      bounds.raiseUnsigned32(word);
      return;
    case 'jlt':
      bounds.lowerUnsigned32((word - 1) | 0);
      return;
    case 'jle':
      bounds.lowerUnsigned32(word);
      return;
    case 'jsgt':
      bounds.raiseSigned32((word + 1) | 0);
      return;
    case 'jsge':
      bounds.raiseSigned32(word);
      return;
    case 'jslt':
      bounds.lowerSigned32((word - 1) | 0);
      return;
    case 'jsle':
      bounds.lowerSigned32(word);
      return;
    case 'jne':
      return;
  }
}

/** `__mark_reg32_known` */
function becomeWord(bounds: Bounds, word: number): void {
  bounds.bits = bounds.bits.withSubregister(Tnum.constant(new Int64(0, word)));
  bounds.u32min = word;
  bounds.u32max = word;
  bounds.s32min = word;
  bounds.s32max = word;
}
