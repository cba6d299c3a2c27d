/** Integers as C computes them: 32 or 64 bits, signed or not. */
import { compareExactly, computeExactly } from '../exact-arithmetic.ts';

export interface CValue {
  readonly value: bigint;
  readonly bits: 32 | 64;
  readonly signed: boolean;
}

export function cValue(value: bigint, bits: 32 | 64 = 32, signed: boolean = true): CValue {
  return { value: signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value), bits, signed };
}

export const ZERO: CValue = cValue(0n);

/** The type C gives a number: the first that holds it, unsigned ones only with `u` or when not decimal. */
export function cNumber(text: string): CValue | undefined {
  const match = /^(0[xX][0-9a-fA-F]+|0[bB][01]+|0[0-7]*|[1-9][0-9]*)([uUlLzZ]*)$/.exec(text);
  if (match === null) return undefined;
  const [, digits = '', suffix = ''] = match;
  if (!/^(?:[uU]?(?:l|L|ll|LL|z|Z)?|(?:l|L|ll|LL|z|Z)[uU])$/.test(suffix)) return undefined;
  const octal = /^0[0-7]+$/.test(digits);
  const value = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  if (value >= 1n << 64n) return undefined;
  const unsigned = /u/i.test(suffix);
  const anyUnsigned = unsigned || !/^[1-9]/.test(digits);
  const least = /[lz]/i.test(suffix) ? 64 : 32;
  for (const bits of [32, 64] as const) {
    if (bits < least) continue;
    if (!unsigned && value < 1n << BigInt(bits - 1)) return cValue(value, bits, true);
    if (anyUnsigned && value < 1n << BigInt(bits)) return cValue(value, bits, false);
  }
  return cValue(value, 64, false);
}

const ESCAPES: Readonly<Record<string, number>> = {
  n: 10,
  t: 9,
  r: 13,
  a: 7,
  b: 8,
  f: 12,
  v: 11,
  e: 27,
};

/** Bytes of a string or character constant with its quotes; undefined when it is not closed. */
export function cBytes(text: string): Uint8Array | undefined {
  const quote = text[0];
  if (text.length < 2 || text.at(-1) !== quote) return undefined;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  const inner = text.slice(1, -1);
  for (const [part] of inner.matchAll(/\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|[\s\S])|[^\\]+/g)) {
    if (part[0] !== '\\') bytes.push(...encoder.encode(part));
    else if (part[1] === 'x') bytes.push(Number.parseInt(part.slice(2), 16) & 0xff);
    else if (/[0-7]/.test(part[1]!)) bytes.push(Number.parseInt(part.slice(1), 8) & 0xff);
    else bytes.push(ESCAPES[part[1]!] ?? part.charCodeAt(1));
  }
  return Uint8Array.from(bytes);
}

/** The wider type of both, unsigned when either is and is not narrower. */
export function commonType(left: CValue, right: CValue): { bits: 32 | 64; signed: boolean } {
  if (left.bits === right.bits) return { bits: left.bits, signed: left.signed && right.signed };
  const wide = left.bits > right.bits ? left : right;
  return { bits: wide.bits, signed: wide.signed };
}

/** Undefined: division by zero, or no operator of constants. */
export function binary(operator: string, left: CValue, right: CValue): CValue | undefined {
  if (operator === '<<' || operator === '>>') {
    const by = BigInt.asUintN(6, right.value);
    return cValue(operator === '<<' ? left.value << by : left.value >> by, left.bits, left.signed);
  }
  const type = commonType(left, right);
  const a = cValue(left.value, type.bits, type.signed).value;
  const b = cValue(right.value, type.bits, type.signed).value;
  const truth = compareExactly(operator, a, b);
  if (truth !== undefined) return cValue(truth ? 1n : 0n);
  const value = computeExactly(operator, a, b);
  return value === undefined ? undefined : cValue(value, type.bits, type.signed);
}
