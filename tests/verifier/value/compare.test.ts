import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTaken } from '../../../bpf/alu.ts';
import { type Comparison, decide, EXCHANGED, NEGATION } from '../../../verifier/value/compare.ts';
import { refine } from '../../../verifier/value/refine.ts';
import { Scalar } from '../../../verifier/value/scalar.ts';
import { leftOutBy, samples } from './support.ts';

const COMPARISONS = Object.keys(EXCHANGED) as readonly Comparison[];
const RUNS = { numRuns: 3000 };

describe('a decision is right, and both sides keep what goes there', () => {
  for (const comparison of COMPARISONS) {
    for (const bits of [32, 64] as const) {
      test(`${comparison} of ${bits} bits`, () => {
        fc.assert(
          fc.property(samples, samples, fc.boolean(), (a, other, toItself) => {
            const b = toItself ? a : other;
            const taken = isTaken(comparison, bits, a.value, b.value);
            const decision = decide(comparison, bits, a.scalar, b.scalar);
            if (decision !== undefined) {
              expect(decision).toBe(taken);
              return;
            }
            const condition = taken ? comparison : NEGATION[comparison];
            const { left, right } = refine(condition, bits, a.scalar, b.scalar, toItself);
            expect(leftOutBy(left, a.value)).toBeUndefined();
            expect(leftOutBy(right, b.value)).toBeUndefined();
            expect(left.isConsistent() && right.isConsistent()).toBe(true);
          }),
          RUNS,
        );
      });
    }
  }
});

test('exchanged operands, the same answer', () => {
  fc.assert(
    fc.property(samples, samples, fc.constantFrom(...COMPARISONS), (a, b, comparison) => {
      expect(decide(comparison, 64, a.scalar, b.scalar)).toBe(
        decide(EXCHANGED[comparison], 64, b.scalar, a.scalar),
      );
    }),
    RUNS,
  );
});

test('what a side learns', () => {
  const byte = Scalar.zeroExtended(1);
  const below = refine('jlt', 64, byte, Scalar.constant(10)).left;
  expect([below.umin.toNumber(), below.umax.toNumber(), below.bits.mask.toNumber()]).toEqual([0, 9, 15]);
  const set = refine('jset', 64, byte, Scalar.constant(8)).left;
  expect(set.umin.toNumber()).toBe(8);
  const clear = refine('jclear', 32, byte, Scalar.constant(0xf0)).left;
  expect(clear.umax.toNumber()).toBe(15);
  const equal = refine('jeq', 64, Scalar.UNKNOWN, byte);
  expect(equal.left.equals(byte)).toBe(true);
  const not = refine('jne', 64, byte, Scalar.ZERO).left;
  expect(not.umin.toNumber()).toBe(1);
});
