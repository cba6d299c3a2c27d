import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Int64 } from '../../../verifier/value/int64.ts';
import { Tnum } from '../../../verifier/value/tnum.ts';
import { numbers, unsigned } from './support.ts';

/** Bits of which some are unknown, and a number that has them. */
const known = fc
  .tuple(numbers, fc.oneof(numbers, fc.constant(0n), fc.constant(0xffn)))
  .map(([value, mask]) => ({
    value,
    tnum: new Tnum(Int64.fromBigInt(value & ~mask), Int64.fromBigInt(mask)),
  }));

const has = (tnum: Tnum, value: bigint): boolean => tnum.has(Int64.fromBigInt(unsigned(value)));

describe('every result is among the bits of the result', () => {
  test('of two', () => {
    fc.assert(
      fc.property(known, known, (a, b) => {
        expect(has(a.tnum.add(b.tnum), a.value + b.value)).toBe(true);
        expect(has(a.tnum.sub(b.tnum), a.value - b.value)).toBe(true);
        expect(has(a.tnum.mul(b.tnum), a.value * b.value)).toBe(true);
        expect(has(a.tnum.and(b.tnum), a.value & b.value)).toBe(true);
        expect(has(a.tnum.or(b.tnum), a.value | b.value)).toBe(true);
        expect(has(a.tnum.xor(b.tnum), a.value ^ b.value)).toBe(true);
        const either = a.tnum.union(b.tnum);
        expect(has(either, a.value) && has(either, b.value)).toBe(true);
        expect(either.contains(a.tnum) && either.contains(b.tnum)).toBe(true);
        for (const one of [a.tnum.add(b.tnum), a.tnum.mul(b.tnum), either]) {
          expect(one.value.and(one.mask).isZero()).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('of one', () => {
    fc.assert(
      fc.property(known, fc.integer({ min: 0, max: 63 }), ({ value, tnum }, count) => {
        const n = BigInt(count);
        expect(has(tnum.neg(), -value)).toBe(true);
        expect(has(tnum.shl(count), value << n)).toBe(true);
        expect(has(tnum.shr(count), value >> n)).toBe(true);
        expect(has(tnum.sar(count, 64), BigInt.asIntN(64, value) >> n)).toBe(true);
        const word = BigInt.asUintN(32, BigInt.asIntN(32, value) >> (n & 31n));
        expect(has(tnum.sar(count & 31, 32), word)).toBe(true);
        expect(has(tnum.cast(2), value & 0xffffn)).toBe(true);
        expect(has(tnum.subregister(), value & 0xffffffffn)).toBe(true);
        expect(has(tnum.swapBytes(8).swapBytes(8), value)).toBe(true);
        expect(tnum.swapBytes(8).swapBytes(8).equals(tnum)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('of a range', () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (a, b, c) => {
        const [min, value, max] = [a, b, c].sort((x, y) => (x < y ? -1 : x > y ? 1 : 0)) as [
          bigint,
          bigint,
          bigint,
        ];
        expect(has(Tnum.range(Int64.fromBigInt(min), Int64.fromBigInt(max)), value)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test('of two that are both true', () => {
    fc.assert(
      fc.property(numbers, numbers, numbers, (value, one, other) => {
        const a = new Tnum(Int64.fromBigInt(value & ~one), Int64.fromBigInt(one));
        const b = new Tnum(Int64.fromBigInt(value & ~other), Int64.fromBigInt(other));
        expect(a.overlaps(b)).toBe(true);
        expect(has(a.intersect(b), value)).toBe(true);
      }),
    );
  });
});

test('next is the smallest above', () => {
  const small = fc.tuple(
    fc.integer({ min: 0, max: 255 }),
    fc.integer({ min: 0, max: 255 }),
    fc.integer({ min: 0, max: 300 }),
  );
  fc.assert(
    fc.property(small, ([value, mask, from]) => {
      const tnum = new Tnum(new Int64(0, value & ~mask), new Int64(0, mask));
      const members = Array.from({ length: 256 }, (_, one) => one).filter((one) => has(tnum, BigInt(one)));
      const expected = members.find((one) => one > from) ?? members.at(-1)!;
      expect(tnum.next(new Int64(0, from)).toNumber()).toBe(expected);
    }),
    { numRuns: 3000 },
  );
});

test('alignment and text', () => {
  const tnum = new Tnum(new Int64(0, 8), new Int64(0, 0xf0));
  expect([tnum.isAligned(8), tnum.isAligned(16), tnum.isAligned(0)]).toEqual([true, false, true]);
  expect(String(tnum)).toBe('(0x8; 0xf0)');
});
