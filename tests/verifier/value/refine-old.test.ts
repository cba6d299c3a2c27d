import { describe, expect, test } from 'vitest';
import { computeScalar } from '../../../verifier/value/arithmetic.ts';
import { Bounds } from '../../../verifier/value/bounds.ts';
import { Int64 } from '../../../verifier/value/int64.ts';
import { refineBefore68 } from '../../../verifier/value/refine-old.ts';
import { Scalar } from '../../../verifier/value/scalar.ts';
import { add64 } from '../../../verifier/value/sums.ts';

function between(min: number, max: number): Scalar {
  const bounds = new Bounds(Scalar.UNKNOWN);
  bounds.umin = Int64.fromNumber(min);
  bounds.umax = Int64.fromNumber(max);
  return bounds.synced();
}

const TEN = Scalar.constant(10);

describe('before 6.8', () => {
  test('a constant narrows the other operand, on either side', () => {
    const { left } = refineBefore68('jlt', 64, Scalar.UNKNOWN, TEN);
    expect([left.umax.toString(), left.u32max, left.bits.mask.toString()]).toEqual(['9', 9, '15']);
    const { right } = refineBefore68('jgt', 64, TEN, Scalar.UNKNOWN);
    expect(right.equals(left)).toBe(true);
  });

  test('two ranges tell nothing of one another, unless they are equal', () => {
    const [a, b] = [between(0, 20), between(10, 30)];
    expect(refineBefore68('jlt', 64, a, b)).toEqual({ left: a, right: b });
    expect(refineBefore68('jeq', 32, a, b)).toEqual({ left: a, right: b });
    const { left, right } = refineBefore68('jeq', 64, a, b);
    expect([left.umin.toString(), left.umax.toString()]).toEqual(['10', '20']);
    expect(right.umin.toString()).toBe('10');
  });

  test('what is not equal is not narrowed', () => {
    expect(refineBefore68('jne', 64, between(10, 20), TEN).left.umin.toString()).toBe('10');
  });

  test('32 bits tell of all where the high half is zero', () => {
    const { left } = refineBefore68('jeq', 32, between(0, 0xffff), TEN);
    expect(left.isConstant && left.constantNumber).toBe(10);
    expect(refineBefore68('jle', 32, Scalar.UNKNOWN, TEN).left.umax.toString()).toBe('-4294967281');
  });

  test('a mask without its bits forgets the ranges', () => {
    const { left } = refineBefore68('jclear', 64, between(0, 20), Scalar.constant(1));
    expect([left.umax.toString(), left.bits.mask.toString()]).toEqual(['30', '30']);
  });
});

test('before 6.17 a sum that wraps as a whole is any number', () => {
  const four = Scalar.constant(-4);
  const range = between(4, 52);
  expect(computeScalar('add', 64, range, four).umax.toString()).toBe('48');
  expect(computeScalar('add', 64, range, four, false, true).smax.toString()).toBe('48');
  const bounds = new Bounds(range, false, true);
  add64(bounds, four);
  expect([bounds.umin.toString(), bounds.umax.toString(), bounds.smax.toString()]).toEqual(['0', '-1', '48']);
});

test('only sums, differences and masks were computed with what is not known', () => {
  const byte = Scalar.zeroExtended(1);
  for (const operation of ['or', 'xor', 'mul'] as const) {
    expect(computeScalar(operation, 64, TEN, byte, true)).toBe(Scalar.UNKNOWN);
    expect(computeScalar(operation, 64, byte, TEN, true).umax.hi).toBe(0);
  }
  expect(computeScalar('and', 64, byte, byte, true).umax.toNumber()).toBe(255);
  expect(computeScalar('div', 32, byte, TEN, true)).toBe(Scalar.zeroExtended(4));
});
