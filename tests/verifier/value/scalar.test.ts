import { expect, test } from 'vitest';
import { Bounds } from '../../../verifier/value/bounds.ts';
import { Int64 } from '../../../verifier/value/int64.ts';
import { Scalar } from '../../../verifier/value/scalar.ts';
import { Tnum } from '../../../verifier/value/tnum.ts';

test('constants are one value in all views, small ones shared', () => {
  const minus = Scalar.constant(-1);
  expect(minus.isConstant).toBe(true);
  expect(minus.constantNumber).toBe(-1);
  expect(minus.u32min).toBe(0xffffffff);
  expect(minus.umax.equals(Int64.U64_MAX)).toBe(true);
  expect(Scalar.constant(Int64.ALL_ONES)).toBe(minus);
  expect(Scalar.constant(0)).toBe(Scalar.ZERO);
  expect(Scalar.constant(Int64.S64_MIN).constantNumber).toBeUndefined();
});

test('loads know their size', () => {
  expect(Scalar.zeroExtended(1).umax.toNumber()).toBe(255);
  expect(Scalar.zeroExtended(1).s32max).toBe(255);
  expect(Scalar.zeroExtended(4).u32max).toBe(0xffffffff);
  expect(Scalar.zeroExtended(4).s32min).toBe(-2147483648);
  expect(Scalar.signExtended(2).smin.toNumber()).toBe(-32768);
  expect(Scalar.signExtended(2).s32max).toBe(32767);
  expect(Scalar.signExtended(8).isUnknown).toBe(true);
  for (const bytes of [1, 2, 4, 8]) {
    expect(new Bounds(Scalar.zeroExtended(bytes)).synced().equals(Scalar.zeroExtended(bytes))).toBe(true);
    expect(new Bounds(Scalar.signExtended(bytes)).synced().equals(Scalar.signExtended(bytes))).toBe(true);
  }
});

test('bits narrow ranges', () => {
  const bounds = new Bounds(Scalar.UNKNOWN);
  bounds.bits = new Tnum(new Int64(0, 0x10), new Int64(0, 0xc));
  const scalar = bounds.synced();
  expect([scalar.umin.toNumber(), scalar.umax.toNumber()]).toEqual([16, 28]);
  expect([scalar.s32min, scalar.s32max, scalar.u32min, scalar.u32max]).toEqual([16, 28, 16, 28]);
});

test('contains', () => {
  expect(Scalar.UNKNOWN.contains(Scalar.constant(7))).toBe(true);
  expect(Scalar.zeroExtended(1).contains(Scalar.constant(7))).toBe(true);
  expect(Scalar.zeroExtended(1).contains(Scalar.constant(256))).toBe(false);
  expect(Scalar.zeroExtended(1).contains(Scalar.UNKNOWN)).toBe(false);
});
