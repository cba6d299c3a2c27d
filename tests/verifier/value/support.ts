/** Random numbers and the scalars that have them, for the properties of the value algebra. */
import fc from 'fast-check';
import { Bounds } from '../../../verifier/value/bounds.ts';
import { Int64 } from '../../../verifier/value/int64.ts';
import { Scalar } from '../../../verifier/value/scalar.ts';
import { Tnum } from '../../../verifier/value/tnum.ts';

const EDGES: readonly bigint[] = [
  0n,
  1n,
  -1n,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
  0x100000000n,
  -0x80000000n,
  -0x80000001n,
  0x7fffffffffffffffn,
  -0x8000000000000000n,
];

/** 64 bits, unsigned: edges of the ranges and their neighbours, small ones, any. */
export const numbers: fc.Arbitrary<bigint> = fc
  .oneof(
    fc.bigInt(-(1n << 63n), (1n << 63n) - 1n),
    fc.bigInt(-300n, 300n),
    fc.tuple(fc.constantFrom(...EDGES), fc.bigInt(-3n, 3n)).map(([edge, near]) => edge + near),
  )
  .map((value) => BigInt.asUintN(64, value));

export const unsigned = (value: bigint): bigint => BigInt.asUintN(64, value);
export const signed = (value: bigint): bigint => BigInt.asIntN(64, value);

/** A scalar, and one of its numbers. */
export interface Sample {
  readonly scalar: Scalar;
  readonly value: bigint;
}

/** Scalars of every shape: what is said of a number is true of it, view by view, then the views are brought in step. */
export const samples: fc.Arbitrary<Sample> = fc
  .record({
    value: numbers,
    others: fc.array(numbers, { minLength: 5, maxLength: 5 }),
    mask: fc.oneof(fc.constant(0n), fc.constant((1n << 64n) - 1n), numbers),
    views: fc.integer({ min: 0, max: 31 }),
  })
  .map(({ value, others, mask, views }) => ({ value, scalar: scalarWith(value, others, mask, views) }));

function scalarWith(value: bigint, others: readonly bigint[], mask: bigint, views: number): Scalar {
  if (views === 0) return Scalar.constant(Int64.fromBigInt(value));
  const bounds = new Bounds(Scalar.UNKNOWN);
  const spread = <T>(
    view: (one: bigint) => T,
    other: bigint,
    less: (a: T, b: T) => boolean,
  ): readonly [T, T] => {
    const [a, b] = [view(value), view(other)];
    return less(a, b) ? [a, b] : [b, a];
  };
  const below = (a: bigint, b: bigint): boolean => a < b;
  if (views & 1) {
    const [min, max] = spread(unsigned, others[0]!, below);
    bounds.umin = Int64.fromBigInt(min);
    bounds.umax = Int64.fromBigInt(max);
  }
  if (views & 2) {
    const [min, max] = spread(signed, others[1]!, below);
    bounds.smin = Int64.fromBigInt(min);
    bounds.smax = Int64.fromBigInt(max);
  }
  if (views & 4) {
    const [min, max] = spread((one) => BigInt.asUintN(32, one), others[2]!, below);
    bounds.u32min = Number(BigInt.asIntN(32, min));
    bounds.u32max = Number(BigInt.asIntN(32, max));
  }
  if (views & 8) {
    const [min, max] = spread((one) => BigInt.asIntN(32, one), others[3]!, below);
    bounds.s32min = Number(min);
    bounds.s32max = Number(max);
  }
  if (views & 16) {
    bounds.bits = new Tnum(Int64.fromBigInt(value & ~mask), Int64.fromBigInt(mask));
  }
  return bounds.synced();
}

/** Is the number one of the scalar's, in every view? Undefined when it is; else the view that leaves it out. */
export function leftOutBy(scalar: Scalar, value: bigint): string | undefined {
  const u = unsigned(value);
  const s = signed(value);
  const u32 = Number(BigInt.asUintN(32, value));
  const s32 = Number(BigInt.asIntN(32, value));
  if ((u & ~scalar.bits.mask.toUnsignedBigInt()) !== scalar.bits.value.toUnsignedBigInt()) return 'bits';
  if (u < scalar.umin.toUnsignedBigInt() || u > scalar.umax.toUnsignedBigInt()) return 'u64';
  if (s < scalar.smin.toBigInt() || s > scalar.smax.toBigInt()) return 's64';
  if (u32 < scalar.u32min || u32 > scalar.u32max) return 'u32';
  if (s32 < scalar.s32min || s32 > scalar.s32max) return 's32';
  return undefined;
}
