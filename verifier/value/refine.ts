import { Bounds } from './bounds.ts';
import { type Condition, EXCHANGED } from './compare.ts';
import { Int64 } from './int64.ts';
import type { Scalar } from './scalar.ts';
import { Tnum } from './tnum.ts';

type Width = 32 | 64;

/** Both operands on one side of a jump. */
export interface Refined {
  readonly left: Scalar;
  readonly right: Scalar;
}

/**
 * What the operands are where `condition` holds: `regs_refine_cond_op`, `reg_bounds_sync`, `reg_bounds_sanity_check`.
 * `same`: they are one register, which then is narrowed as both; `earlySums`: as kernels before 6.17 did.
 */
export function refine(
  condition: Condition,
  bits: Width,
  left: Scalar,
  right: Scalar,
  same = false,
  earlySums = false,
): Refined {
  const a = new Bounds(left, false, earlySums);
  if (same) {
    narrow(condition, bits, a, a);
    // Brought in step as both operands, which may learn more the second time.
    a.sync();
    const both = a.synced().checked();
    return { left: both, right: both };
  }
  const b = new Bounds(right, false, earlySums);
  narrow(condition, bits, a, b);
  return { left: a.synced().checked(), right: b.synced().checked() };
}

function narrow(condition: Condition, bits: Width, a: Bounds, b: Bounds): void {
  switch (condition) {
    case 'jne':
    case 'jset':
    case 'jclear':
      if (isConstant(bits, b)) narrowByConstant(condition, bits, a, b);
      else if (isConstant(bits, a)) narrowByConstant(condition, bits, b, a);
      return;
    case 'jgt':
    case 'jge':
    case 'jsgt':
    case 'jsge':
      narrowByRange(EXCHANGED[condition], bits, b, a);
      return;
    default:
      narrowByRange(condition, bits, a, b);
  }
}

function narrowByRange(condition: Condition, bits: Width, a: Bounds, b: Bounds): void {
  if (bits === 64) narrow64(condition, a, b);
  else narrow32(condition, a, b);
}

function narrow64(condition: Condition, a: Bounds, b: Bounds): void {
  switch (condition) {
    case 'jeq':
      equal64(a, b);
      return;
    case 'jle':
      a.umax = Int64.minUnsigned(a.umax, b.umax);
      b.umin = Int64.maxUnsigned(a.umin, b.umin);
      return;
    case 'jlt':
      a.umax = Int64.minUnsigned(a.umax, b.umax.sub(Int64.ONE));
      b.umin = Int64.maxUnsigned(a.umin.add(Int64.ONE), b.umin);
      return;
    case 'jsle':
      a.smax = Int64.minSigned(a.smax, b.smax);
      b.smin = Int64.maxSigned(a.smin, b.smin);
      return;
    case 'jslt':
      a.smax = Int64.minSigned(a.smax, b.smax.sub(Int64.ONE));
      b.smin = Int64.maxSigned(a.smin.add(Int64.ONE), b.smin);
  }
}

function narrow32(condition: Condition, a: Bounds, b: Bounds): void {
  switch (condition) {
    case 'jeq':
      equal32(a, b);
      return;
    case 'jle':
      a.lowerUnsigned32(b.u32max);
      b.raiseUnsigned32(a.u32min);
      return;
    case 'jlt':
      a.lowerUnsigned32((b.u32max - 1) | 0);
      b.raiseUnsigned32((a.u32min + 1) | 0);
      return;
    case 'jsle':
      a.lowerSigned32(b.s32max);
      b.raiseSigned32(a.s32min);
      return;
    case 'jslt':
      a.lowerSigned32((b.s32max - 1) | 0);
      b.raiseSigned32((a.s32min + 1) | 0);
  }
}

function isConstant(bits: Width, value: Bounds): boolean {
  return bits === 64 ? value.bits.isConstant() : value.bits.isSubregisterConstant();
}

function narrowByConstant(
  condition: 'jne' | 'jset' | 'jclear',
  bits: Width,
  value: Bounds,
  other: Bounds,
): void {
  const constant = bits === 64 ? other.bits.value : new Int64(0, other.bits.value.lo);
  if (condition === 'jne') {
    if (bits === 64) differ64(value, constant);
    else differ32(value, constant.lo);
  } else if (condition === 'jclear') {
    // The kernel drops the ranges first: on a side that cannot be they would contradict the bits.
    value.unbound();
    value.bits = value.bits.and(Tnum.constant(constant.not()));
  } else if (constant.isPowerOfTwo()) value.bits = value.bits.or(Tnum.constant(constant));
}

function equal64(a: Bounds, b: Bounds): void {
  a.umin = b.umin = Int64.maxUnsigned(a.umin, b.umin);
  a.umax = b.umax = Int64.minUnsigned(a.umax, b.umax);
  a.smin = b.smin = Int64.maxSigned(a.smin, b.smin);
  a.smax = b.smax = Int64.minSigned(a.smax, b.smax);
  a.bits = b.bits = a.bits.intersect(b.bits);
}

function equal32(a: Bounds, b: Bounds): void {
  a.raiseUnsigned32(b.u32min);
  a.lowerUnsigned32(b.u32max);
  a.raiseSigned32(b.s32min);
  a.lowerSigned32(b.s32max);
  b.u32min = a.u32min;
  b.u32max = a.u32max;
  b.s32min = a.s32min;
  b.s32max = a.s32max;
  const low = a.bits.subregister().intersect(b.bits.subregister());
  a.bits = a.bits.withSubregister(low);
  b.bits = b.bits.withSubregister(low);
}

/** A value that is not the constant is one nearer where the constant is an end. */
function differ64(value: Bounds, constant: Int64): void {
  if (value.umin.equals(constant)) value.umin = value.umin.add(Int64.ONE);
  if (value.umax.equals(constant)) value.umax = value.umax.sub(Int64.ONE);
  if (value.smin.equals(constant)) value.smin = value.smin.add(Int64.ONE);
  if (value.smax.equals(constant)) value.smax = value.smax.sub(Int64.ONE);
}

function differ32(value: Bounds, constant: number): void {
  if (value.u32min === constant) value.u32min = (value.u32min + 1) | 0;
  if (value.u32max === constant) value.u32max = (value.u32max - 1) | 0;
  if (value.s32min === constant) value.s32min = (value.s32min + 1) | 0;
  if (value.s32max === constant) value.s32max = (value.s32max - 1) | 0;
}
