import { expect, test } from 'vitest';
import { computeScalar } from '../../../verifier/value/arithmetic.ts';
import { Scalar } from '../../../verifier/value/scalar.ts';
import { rangesText } from '../../../verifier/value/text.ts';

test('as the kernel writes them', () => {
  expect(rangesText(Scalar.UNKNOWN)).toBe('');
  expect(rangesText(Scalar.zeroExtended(1))).toBe(
    'smin=smin32=0,smax=umax=smax32=umax32=255,var_off=(0x0; 0xff)',
  );
  expect(rangesText(Scalar.zeroExtended(4))).toBe('smin=0,smax=umax=0xffffffff,var_off=(0x0; 0xffffffff)');
  expect(rangesText(Scalar.signExtended(4))).toBe('smin=0xffffffff80000000,smax=0x7fffffff');
  const less = computeScalar('add', 64, Scalar.zeroExtended(1), Scalar.constant(-5));
  expect(rangesText(less)).toBe('smin=smin32=-5,smax=smax32=250');
});
