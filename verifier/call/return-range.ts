/** What programs and callbacks return, against the range they must keep to. */
import type { Environment } from '../environment.ts';
import { returnOutOfRange, returnOutOfRangeBits } from '../messages.gen.ts';
import type { ReturnRange } from '../state/frame.ts';
import { Int64 } from '../value/int64.ts';
import type { Scalar } from '../value/scalar.ts';
import { Tnum } from '../value/tnum.ts';

/**
 * `retval_range_within`; before 6.8 by the bits that are known.
 * @throws Rejection `… the register R0 has … should have been in […]`
 */
export function checkReturnRange(
  env: Environment,
  scalar: Scalar,
  range: ReturnRange,
  place: string,
  register: string,
): void {
  if (!env.atLeast('6.8')) {
    checkBits(scalar, range, place, register);
    return;
  }
  if (range.word === true) {
    if (range.min <= scalar.s32min && scalar.s32max <= range.max) return;
  } else if (Int64.fromNumber(range.min).sle(scalar.smin) && scalar.smax.sle(Int64.fromNumber(range.max))) {
    return;
  }
  throw returnOutOfRange({ place, register, has: rangeText(scalar), min: range.min, max: range.max });
}

function checkBits({ bits }: Scalar, range: ReturnRange, place: string, register: string): void {
  const allowed = Tnum.range(Int64.fromNumber(range.min), Int64.fromNumber(range.max));
  if (allowed.contains(bits)) return;
  const has = bits.equals(Tnum.UNKNOWN) ? 'unknown scalar value' : `value ${bitsText(bits)}`;
  throw returnOutOfRangeBits({ place, register, has, allowed: bitsText(allowed) });
}

/** `tnum_strn` of before 6.8: of constants too. */
function bitsText({ value, mask }: Tnum): string {
  return `(0x${value.toHex()}; 0x${mask.toHex()})`;
}

/** What `verbose_invalid_scalar` says of a number. */
function rangeText(scalar: Scalar): string {
  const min = scalar.smin.equals(Int64.S64_MIN) ? '' : ` smin=${scalar.smin}`;
  const max = scalar.smax.equals(Int64.S64_MAX) ? '' : ` smax=${scalar.smax}`;
  return min + max === '' ? ' unknown scalar value' : min + max;
}
