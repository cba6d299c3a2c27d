/** What is known of a number, as the logs print it: ranges that say something, then the bits (`print_scalar_ranges`). */
import type { Scalar } from '../value/scalar.ts';
import type { Tnum } from '../value/tnum.ts';
import { isSignedDecimal, signedText, unsignedText } from './number-text.ts';

interface Limit {
  readonly name: string;
  /** As 64 bits, sign-extended only where it prints in decimal. */
  readonly value: bigint;
  readonly signed: boolean;
}

/** `smin=0,smax=umax=255,var_off=(0x0; 0xff)`: the parts in order, none when nothing is known. */
export function scalarParts(scalar: Scalar): string[] {
  const parts = rangeParts(limitsOf(scalar));
  if (!scalar.bits.isUnknown()) parts.push(`var_off=${tnumText(scalar.bits)}`);
  return parts;
}

/** `(value; mask)`, or the number when all bits are known (`tnum_strn`). */
export function tnumText({ value, mask }: Tnum): string {
  if (mask.isZero()) return unsignedText(value.toUnsignedBigInt());
  return `(0x${value.toUnsignedBigInt().toString(16)}; 0x${mask.toUnsignedBigInt().toString(16)})`;
}

/** Limits with equal values share one number: `smin=umin=smin32=umin32=1`. */
function rangeParts(limits: readonly (Limit | null)[]): string[] {
  const left = [...limits];
  const parts: string[] = [];
  for (const [index, limit] of limits.entries()) {
    if (limit === null || left[index] === null) continue;
    let names = `${limit.name}=`;
    for (let other = index + 2; other < left.length; other += 2) {
      const twin = left[other];
      if (twin === null || twin === undefined || twin.value !== limit.value) continue;
      if (isNegative(twin) !== isNegative(limit)) continue;
      names += `${twin.name}=`;
      left[other] = null;
    }
    parts.push(names + (limit.signed ? signedText(limit.value) : unsignedText(limit.value)));
  }
  return parts;
}

function isNegative({ signed, value }: Limit): boolean {
  return signed && BigInt.asIntN(64, value) < 0n;
}

/** Null: the limit is the type's own, and says nothing. */
function limitsOf(scalar: Scalar): (Limit | null)[] {
  const { smin, smax, umin, umax } = scalar;
  return [
    limit('smin', true, smin.toBigInt(), -(1n << 63n)),
    limit('smax', true, smax.toBigInt(), (1n << 63n) - 1n),
    limit('umin', false, umin.toUnsignedBigInt(), 0n),
    limit('umax', false, umax.toUnsignedBigInt(), (1n << 64n) - 1n),
    word('smin32', scalar.s32min, -0x8000_0000),
    word('smax32', scalar.s32max, 0x7fff_ffff),
    limit('umin32', false, BigInt(scalar.u32min), 0n),
    limit('umax32', false, BigInt(scalar.u32max), 0xffff_ffffn),
  ];
}

function limit(name: string, signed: boolean, value: bigint, extreme: bigint): Limit | null {
  return value === extreme ? null : { name, signed, value: BigInt.asUintN(64, value) };
}

/** Hexadecimal words are not sign-extended, so that they do not look like 64 bits. */
function word(name: string, value: number, extreme: number): Limit | null {
  if (value === extreme) return null;
  const wide = BigInt(value);
  return {
    name,
    signed: true,
    value: isSignedDecimal(wide) ? BigInt.asUintN(64, wide) : BigInt(value >>> 0),
  };
}
