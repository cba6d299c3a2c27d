/** `bpf_strtol` and `bpf_strtoul` (kernel/bpf/helpers.c `__bpf_strtoull`). */
import type { LinearAddress } from '../address.ts';
import { EINVAL, ERANGE } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import { entry, flagsArgument, type HelperEntry, memoryArgument, sizeArgument } from './arguments.ts';

/** BPF_STRTOX_BASE_MASK. */
const BASE_MASK = 0x1f;
const BASES: readonly number[] = [0, 8, 10, 16];
/** Characters looked at after the sign. */
const LONGEST = 63;
const WORD = 0x1_0000_0000;

/** A number's magnitude in halves, or a negative errno in `consumed`. */
interface Parsed {
  readonly consumed: number;
  readonly negative: boolean;
  readonly low: number;
  readonly high: number;
}

export function numberHelpers(machine: Machine): readonly HelperEntry[] {
  return [
    entry('strtol', (r) => setResult(r, convert(machine, r, true))),
    entry('strtoul', (r) => setResult(r, convert(machine, r, false))),
  ];
}

/** r1 text, r2 its size, r3 flags, r4 the number. Characters taken. */
function convert(machine: Machine, r: Int32Array, signed: boolean): number {
  const size = sizeArgument(machine, r, 2);
  const text = memoryArgument(machine, r, 1, size);
  const result = memoryArgument(machine, r, 4, 8, true);
  const parsed = parse(machine.memory.u8, text, size, flagsArgument(r, 3));
  machine.memory.writePair(result, 0, 0);
  if (parsed.consumed < 0) return parsed.consumed;
  const { low, high, negative } = parsed;
  if (!signed && negative) return EINVAL;
  if (signed && !fits(parsed)) return ERANGE;
  if (negative) machine.memory.writePair(result, -low | 0, (~high + (low === 0 ? 1 : 0)) | 0);
  else machine.memory.writePair(result, low | 0, high | 0);
  return parsed.consumed;
}

/** -2^63 ... 2^63 - 1. */
function fits({ low, high, negative }: Parsed): boolean {
  if (high < 0x8000_0000) return true;
  return negative && high === 0x8000_0000 && low === 0;
}

function refusal(errno: number): Parsed {
  return { consumed: errno, negative: false, low: 0, high: 0 };
}

function parse(u8: Uint8Array, start: LinearAddress, size: number, flags: number): Parsed {
  const base = flags & BASE_MASK;
  if (size === 0 || flags < 0 || flags > BASE_MASK || !BASES.includes(base)) return refusal(EINVAL);
  let at = start;
  const end = start + size;
  while (at < end && isSpace(u8[at]!)) at++;
  const negative = at < end && u8[at] === 0x2d;
  if (negative) at++;
  if (at === end) return refusal(EINVAL);
  const last = Math.min(end, at + LONGEST);
  const digits = prefix(u8, at, last, base);
  const number = readDigits(u8, digits.start, last, digits.base);
  if (number === 'overflow') return refusal(ERANGE);
  if (number.end === digits.start) return refusal(EINVAL);
  return { consumed: number.end - start, negative, low: number.low, high: number.high };
}

/** `_parse_integer_fixup_radix`: `0x` before hexadecimal digits, 0 before octal ones. */
function prefix(
  u8: Uint8Array,
  at: LinearAddress,
  end: LinearAddress,
  wanted: number,
): { readonly start: LinearAddress; readonly base: number } {
  const byte = (index: number): number => (at + index < end ? u8[at + index]! : 0);
  const isHex = byte(0) === 0x30 && (byte(1) | 0x20) === 0x78;
  let base = wanted;
  if (base === 0) {
    if (byte(0) !== 0x30) base = 10;
    else base = isHex && digit(byte(2)) < 16 ? 16 : 8;
  }
  return { start: base === 16 && isHex ? at + 2 : at, base };
}

function readDigits(
  u8: Uint8Array,
  start: LinearAddress,
  end: LinearAddress,
  base: number,
): { readonly end: LinearAddress; readonly low: number; readonly high: number } | 'overflow' {
  let low = 0;
  let high = 0;
  let overflow = false;
  let at = start;
  for (; at < end; at++) {
    const value = digit(u8[at]!);
    if (value >= base) break;
    const sum = low * base + value;
    low = sum % WORD;
    high = high * base + Math.floor(sum / WORD);
    if (high >= WORD) {
      overflow = true;
      high %= WORD;
    }
  }
  return overflow ? 'overflow' : { end: at, low, high };
}

/** The value of a digit, 99 when it is none. */
function digit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : 99;
}

/** `isspace` of the kernel, which takes Latin-1's blank for one too. */
function isSpace(byte: number): boolean {
  return (byte >= 9 && byte <= 13) || byte === 0x20 || byte === 0xa0;
}
