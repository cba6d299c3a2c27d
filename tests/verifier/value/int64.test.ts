import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Int64 } from '../../../verifier/value/int64.ts';
import { numbers, signed, unsigned } from './support.ts';

const of = (value: bigint): Int64 => Int64.fromBigInt(value);
const isUnsigned = (value: bigint): boolean => value >= 0n && value < 1n << 64n;
const isSigned = (value: bigint): boolean => value >= -(1n << 63n) && value < 1n << 63n;

function both(check: (a: bigint, b: bigint) => void): void {
  fc.assert(fc.property(numbers, numbers, check), { numRuns: 2000 });
}

describe('Int64 = BigInt', () => {
  test('arithmetic', () => {
    both((a, b) => {
      expect(of(a).add(of(b)).toUnsignedBigInt()).toBe(unsigned(a + b));
      expect(of(a).sub(of(b)).toUnsignedBigInt()).toBe(unsigned(a - b));
      expect(of(a).mul(of(b)).toUnsignedBigInt()).toBe(unsigned(a * b));
      expect(of(a).neg().toUnsignedBigInt()).toBe(unsigned(-a));
    });
  });

  test('bits', () => {
    both((a, b) => {
      expect(of(a).and(of(b)).toUnsignedBigInt()).toBe(a & b);
      expect(of(a).or(of(b)).toUnsignedBigInt()).toBe(a | b);
      expect(of(a).xor(of(b)).toUnsignedBigInt()).toBe(a ^ b);
      expect(of(a).not().toUnsignedBigInt()).toBe(unsigned(~a));
      expect(of(a).bitLength()).toBe(a === 0n ? 0 : a.toString(2).length);
      expect(of(a).isPowerOfTwo()).toBe(/^10*$/.test(a.toString(2)));
    });
  });

  test('shifts', () => {
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 63 }), (a, count) => {
        expect(of(a).shl(count).toUnsignedBigInt()).toBe(unsigned(a << BigInt(count)));
        expect(of(a).shr(count).toUnsignedBigInt()).toBe(a >> BigInt(count));
        expect(of(a).sar(count).toBigInt()).toBe(signed(a) >> BigInt(count));
        expect(Int64.ones(count).toUnsignedBigInt()).toBe((1n << BigInt(count)) - 1n);
      }),
      { numRuns: 2000 },
    );
    expect(Int64.ones(64)).toBe(Int64.ALL_ONES);
  });

  test('comparisons', () => {
    both((a, b) => {
      expect(of(a).equals(of(b))).toBe(a === b);
      expect(of(a).ult(of(b))).toBe(a < b);
      expect(of(a).ule(of(b))).toBe(a <= b);
      expect(of(a).slt(of(b))).toBe(signed(a) < signed(b));
      expect(of(a).sle(of(b))).toBe(signed(a) <= signed(b));
      expect(Int64.minUnsigned(of(a), of(b)).toUnsignedBigInt()).toBe(a < b ? a : b);
      expect(Int64.maxUnsigned(of(a), of(b)).toUnsignedBigInt()).toBe(a < b ? b : a);
      expect(Int64.minSigned(of(a), of(b)).toBigInt()).toBe(signed(a) < signed(b) ? signed(a) : signed(b));
      expect(Int64.maxSigned(of(a), of(b)).toBigInt()).toBe(signed(a) < signed(b) ? signed(b) : signed(a));
    });
  });

  test('overflow', () => {
    both((a, b) => {
      const sum = of(a).add(of(b));
      expect(of(a).addCarries(sum)).toBe(!isUnsigned(a + b));
      expect(of(a).addOverflows(of(b), sum)).toBe(!isSigned(signed(a) + signed(b)));
      const difference = of(a).sub(of(b));
      expect(of(a).subOverflows(of(b), difference)).toBe(!isSigned(signed(a) - signed(b)));
    });
    // Random factors overflow: half of these do, and half of those at the edge.
    const factors = fc.tuple(
      numbers,
      fc.integer({ min: 0, max: 63 }),
      numbers,
      fc.integer({ min: 0, max: 63 }),
    );
    fc.assert(
      fc.property(factors, ([x, down, y, other]) => {
        const a = signed(x) >> BigInt(down);
        const b = signed(y) >> BigInt(other);
        const wide = unsigned(a) * unsigned(b);
        expect(of(a).mulUnsigned(of(b))?.toUnsignedBigInt()).toBe(isUnsigned(wide) ? wide : undefined);
        expect(of(a).mulSigned(of(b))?.toBigInt()).toBe(isSigned(a * b) ? a * b : undefined);
      }),
      { numRuns: 5000 },
    );
  });

  test('numbers and texts', () => {
    both((a) => {
      expect(of(a).toBigInt()).toBe(signed(a));
      expect(of(a).toString()).toBe(String(signed(a)));
      expect(of(a).toUnsignedString()).toBe(String(a));
      expect(of(a).toHex()).toBe(a.toString(16));
      const number = Number(signed(a));
      expect(of(a).toNumber()).toBe(Number.isSafeInteger(number) ? number : undefined);
      if (Number.isSafeInteger(number)) expect(Int64.fromNumber(number).toBigInt()).toBe(signed(a));
    });
  });
});
