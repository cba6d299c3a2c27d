/** Scalars as the kernel's log writes them (`print_scalar_ranges`, `tnum_strn` of 6.2 and newer). */
import { Int64 } from './int64.ts';
import { Scalar } from './scalar.ts';

/** Decimal up to here; hexadecimal beyond. */
const UNSIGNED_DECIMAL_MAX = 0xffff;
const SIGNED_DECIMAL_MAX = 0x7fff;
const SIGNED_DECIMAL_MIN = -0x8000;

interface End {
  readonly name: string;
  readonly signed: boolean;
  /** With the sign extended where it is printed in decimal; equal ends are printed once. */
  readonly value: Int64;
  /** As far as the type goes: not printed. */
  readonly extreme: boolean;
}

export function unsignedText(value: Int64): string {
  const number = value.toUnsignedNumber();
  return number !== undefined && number <= UNSIGNED_DECIMAL_MAX ? String(number) : `0x${value.toHex()}`;
}

export function signedText(value: Int64): string {
  const number = value.toNumber();
  if (number !== undefined && number >= SIGNED_DECIMAL_MIN && number <= SIGNED_DECIMAL_MAX) {
    return String(number);
  }
  return `0x${value.toHex()}`;
}

/** `smin=0,smax=umax=255,var_off=(0x0; 0xff)`; empty when nothing is known. */
export function rangesText(scalar: Scalar): string {
  const parts = endTexts(scalar);
  const { bits } = scalar;
  if (bits.isConstant()) parts.push(`var_off=${unsignedText(bits.value)}`);
  else if (!bits.isUnknown()) parts.push(`var_off=${bits}`);
  return parts.join(',');
}

function endTexts(scalar: Scalar): string[] {
  const ends = endsOf(scalar);
  const done = new Set<End>();
  return ends.flatMap((end, index) => {
    if (end.extreme || done.has(end)) return [];
    // Of one kind, minimum or maximum, and both below zero or none.
    const same = ends.filter((other, at) => at > index && (at - index) % 2 === 0 && isSame(end, other));
    const fresh = same.filter((other) => !done.has(other));
    for (const other of fresh) done.add(other);
    const names = [end, ...fresh].map((one) => `${one.name}=`).join('');
    return [names + (end.signed ? signedText(end.value) : unsignedText(end.value))];
  });
}

function isSame(a: End, b: End): boolean {
  const negative = (end: End): boolean => end.signed && end.value.isNegative();
  return !b.extreme && a.value.equals(b.value) && negative(a) === negative(b);
}

function endsOf(scalar: Scalar): readonly End[] {
  const { UNKNOWN } = Scalar;
  const wide = (name: 'smin' | 'smax' | 'umin' | 'umax'): End => ({
    name,
    signed: name.startsWith('s'),
    value: scalar[name],
    extreme: scalar[name].equals(UNKNOWN[name]),
  });
  const narrow = (name: string, key: 's32min' | 's32max' | 'u32min' | 'u32max'): End => ({
    name,
    signed: name.startsWith('s'),
    value: name.startsWith('s') ? wordValue(scalar[key]) : Int64.unsigned32(scalar[key]),
    extreme: scalar[key] === UNKNOWN[key],
  });
  return [
    wide('smin'),
    wide('smax'),
    wide('umin'),
    wide('umax'),
    narrow('smin32', 's32min'),
    narrow('smax32', 's32max'),
    narrow('umin32', 'u32min'),
    narrow('umax32', 'u32max'),
  ];
}

/** In hexadecimal the sign would be misleading: not extended. */
function wordValue(word: number): Int64 {
  const decimal = word >= SIGNED_DECIMAL_MIN && word <= SIGNED_DECIMAL_MAX;
  return decimal ? Int64.signed32(word) : Int64.unsigned32(word);
}
