import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeAlu } from '../../../bpf/alu.ts';
import { computeScalar, negateScalar, type ScalarOperation } from '../../../verifier/value/arithmetic.ts';
import {
  signExtend32,
  signExtend64,
  swapBytes,
  truncate,
  zeroExtend32,
} from '../../../verifier/value/extend.ts';
import { Int64 } from '../../../verifier/value/int64.ts';
import { Scalar } from '../../../verifier/value/scalar.ts';
import { splitSign } from '../../../verifier/value/split.ts';
import { leftOutBy, type Sample, samples, unsigned } from './support.ts';

const OPERATIONS: readonly ScalarOperation[] = [
  'add',
  'sub',
  'mul',
  'div',
  'mod',
  'sdiv',
  'smod',
  'and',
  'or',
  'xor',
  'lsh',
  'rsh',
  'arsh',
];
const RUNS = { numRuns: 1500 };

function holds({ scalar, value }: Sample): void {
  expect(leftOutBy(scalar, value)).toBeUndefined();
  expect(scalar.isConsistent()).toBe(true);
}

test('the samples are right', () => {
  fc.assert(fc.property(samples, holds), RUNS);
});

describe('the result of the numbers is one of the result', () => {
  for (const operation of OPERATIONS) {
    for (const bits of [32, 64] as const) {
      test(`${operation} of ${bits} bits`, () => {
        fc.assert(
          fc.property(samples, samples, (a, b) => {
            const scalar = computeScalar(operation, bits, a.scalar, b.scalar);
            holds({ scalar, value: computeAlu(operation, bits, a.value, b.value) });
          }),
          RUNS,
        );
      });
    }
  }

  for (const operation of ['lsh', 'rsh', 'arsh'] as const) {
    test(`${operation} by a known amount`, () => {
      fc.assert(
        fc.property(samples, fc.integer({ min: 0, max: 63 }), (a, count) => {
          const by = Scalar.constant(count);
          const wide = computeScalar(operation, 64, a.scalar, by);
          holds({ scalar: wide, value: computeAlu(operation, 64, a.value, BigInt(count)) });
          const low = computeScalar(operation, 32, a.scalar, Scalar.constant(count & 31));
          holds({ scalar: low, value: computeAlu(operation, 32, a.value, BigInt(count & 31)) });
        }),
        RUNS,
      );
    });
  }

  test('negation', () => {
    fc.assert(
      fc.property(samples, ({ scalar, value }) => {
        holds({ scalar: negateScalar(64, scalar), value: unsigned(-value) });
        holds({ scalar: negateScalar(32, scalar), value: BigInt.asUintN(32, -value) });
      }),
      RUNS,
    );
  });

  test('extensions and swaps', () => {
    fc.assert(
      fc.property(samples, ({ scalar, value }) => {
        holds({ scalar: zeroExtend32(scalar), value: BigInt.asUintN(32, value) });
        for (const bytes of [1, 2, 4] as const) {
          holds({ scalar: truncate(scalar, bytes), value: BigInt.asUintN(bytes * 8, value) });
          holds({ scalar: signExtend64(scalar, bytes), value: unsigned(BigInt.asIntN(bytes * 8, value)) });
        }
        for (const bytes of [1, 2] as const) {
          const extended = BigInt.asUintN(32, BigInt.asIntN(bytes * 8, value));
          holds({ scalar: signExtend32(scalar, bytes), value: extended });
        }
        for (const bytes of [2, 4, 8] as const)
          holds({ scalar: swapBytes(scalar, bytes), value: swapped(value, bytes) });
      }),
      RUNS,
    );
  });
});

test('constants stay constants, as before and after', () => {
  fc.assert(
    fc.property(
      samples,
      samples,
      fc.constantFrom(...OPERATIONS),
      fc.constantFrom<32 | 64>(32, 64),
      (a, b, operation, bits) => {
        const left = Scalar.constant(Int64.fromBigInt(a.value));
        const right = Scalar.constant(Int64.fromBigInt(b.value));
        const result = computeScalar(operation, bits, left, right);
        if (result === Scalar.UNKNOWN) return;
        expect(result.isConstant).toBe(true);
        expect(result.constantValue.toUnsignedBigInt()).toBe(computeAlu(operation, bits, a.value, b.value));
      },
    ),
    RUNS,
  );
});

test('a spread sign is one of two', () => {
  const sign = computeScalar('arsh', 64, Scalar.UNKNOWN, Scalar.constant(63));
  expect(splitSign(sign)).toEqual({ ones: Scalar.constant(-1), zero: Scalar.ZERO });
  const low = splitSign(computeScalar('arsh', 32, Scalar.UNKNOWN, Scalar.constant(31)))!;
  expect(computeScalar('and', 64, low.ones, Scalar.constant(12)).constantNumber).toBe(12);
  expect(computeScalar('and', 64, low.zero, Scalar.constant(12)).constantNumber).toBe(0);
  expect(splitSign(Scalar.UNKNOWN)).toBeUndefined();
  expect(splitSign(Scalar.constant(-1))).toBeUndefined();
});

function swapped(value: bigint, bytes: number): bigint {
  let result = 0n;
  for (let at = 0; at < bytes; at++) result = (result << 8n) | ((value >> BigInt(at * 8)) & 0xffn);
  return result;
}
