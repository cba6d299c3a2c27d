import { Bounds } from './bounds.ts';
import { Int64 } from './int64.ts';
import { Scalar } from './scalar.ts';
import { Tnum } from './tnum.ts';

/** The two values of a spread sign. */
export interface Split {
  readonly ones: Scalar;
  readonly zero: Scalar;
}

/**
 * What `s>>= 63` makes is 0 or -1, no value between: and, or with a constant are followed for each of the two
 * (`maybe_fork_scalars` of late 6.18). With `s>>= 31` only the low half is one of the two. Undefined: another scalar.
 */
export function splitSign(value: Scalar): Split | undefined {
  const { smin, smax } = value;
  if (smax.isZero() && smin.equals(Int64.ALL_ONES)) return { ones: Scalar.constant(-1), zero: Scalar.ZERO };
  if (value.s32min !== -1 || value.s32max !== 0) return undefined;
  return { ones: withLowHalf(value, -1), zero: withLowHalf(value, 0) };
}

/** `__mark_reg32_known`. */
function withLowHalf(value: Scalar, word: number): Scalar {
  const bounds = new Bounds(value);
  bounds.bits = value.bits.withSubregister(Tnum.constant(new Int64(0, word)));
  bounds.u32min = word;
  bounds.u32max = word;
  bounds.s32min = word;
  bounds.s32max = word;
  return bounds.frozen();
}
