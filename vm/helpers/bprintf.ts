/**
 * The kernel's formatted printing for programs (kernel/bpf/helpers.c `bpf_bprintf_prepare`, lib/vsprintf.c `bstr_printf`).
 * Addresses are printed as they are: there are no symbols here, and no secret to hash them with. Where a copied text
 * (`%pks`, `%pI4`) begins past the end of the room, the kernel loses count; here its length counts.
 */
import { KERNEL_TAG, USER_TAG } from '../address.ts';
import { EINVAL, ENOSPC } from '../errno.ts';
import { hex64 } from '../fault.ts';
import type { Memory } from '../memory.ts';
import { BoundedText } from './bounded-text.ts';
import { type FormatArgument, type FormatFlags, parseFormat } from './format-spec.ts';

/** Values of 64 bits, as int32 halves, low first. */
export interface PrintValues {
  readonly count: number;
  low(index: number): number;
  high(index: number): number;
}

export interface PrintResult {
  /** At most `limit` bytes, one character a byte. */
  readonly text: string;
  /** Bytes of the whole text. */
  readonly length: number;
}

/** Bytes that all values of one call take together, strings copied (MAX_BPRINTF_BUF_LEN). */
const VALUE_BYTES = 512;

/** Prints, or gives a negative errno; `format` has one character a byte and no end mark. */
export function bprintf(
  memory: Memory,
  format: string,
  values: PrintValues,
  limit: number,
): PrintResult | number {
  const pieces = parseFormat(format, values.count);
  if (pieces === undefined) return EINVAL;
  const out = new BoundedText(limit);
  const room = new ValueRoom();
  let index = 0;
  for (const piece of pieces) {
    if (piece.kind === 'text') {
      out.add(piece.text);
      continue;
    }
    const value: Value = { low: values.low(index), high: values.high(index) };
    index++;
    if (!print(memory, piece.argument, piece.flags, value, room, out)) return ENOSPC;
  }
  return { text: out.text, length: out.length };
}

interface Value {
  readonly low: number;
  readonly high: number;
}

/** The room that is left for values. */
class ValueRoom {
  left = VALUE_BYTES;

  /** Numbers lie at multiples of four. False when it does not fit. */
  takeNumber(bytes: number): boolean {
    this.left -= this.left & 3;
    return this.take(bytes);
  }

  take(bytes: number): boolean {
    if (this.left < bytes) return false;
    this.left -= bytes;
    return true;
  }
}

/** False when the values have no room. */
function print(
  memory: Memory,
  argument: FormatArgument,
  flags: FormatFlags,
  value: Value,
  room: ValueRoom,
  out: BoundedText,
): boolean {
  switch (argument.kind) {
    case 'integer':
      if (!room.takeNumber(argument.wide ? 8 : 4)) return false;
      printInteger(argument, flags, value, out);
      return true;
    case 'char':
      if (!room.take(1)) return false;
      pad(String.fromCharCode(value.low & 0xff), flags, out);
      return true;
    case 'pointer':
      if (!room.takeNumber(8)) return false;
      printPointer(flags, value, out);
      return true;
    case 'symbol':
      return printText(addressText(value), argument.copied, flags, room, out);
    case 'string': {
      if (room.left === 0) return false;
      const text = readString(memory, value, argument.side, room.left);
      room.left -= text.length + 1;
      if (argument.copied) out.add(text);
      else pad(text, flags, out);
      return true;
    }
    case 'address': {
      const bytes = argument.version === 4 ? 4 : 16;
      if (room.left < bytes) return false;
      return printText(internetText(readBytes(memory, value, bytes), argument), true, flags, room, out);
    }
    default:
      return argument satisfies never;
  }
}

/** What the kernel prints while it takes the values loses its width and is cut where their room ends. */
function printText(
  text: string,
  copied: boolean,
  flags: FormatFlags,
  room: ValueRoom,
  out: BoundedText,
): boolean {
  if (!copied) {
    if (!room.takeNumber(8)) return false;
    pad(text, flags, out);
    return true;
  }
  out.add(text.slice(0, Math.max(0, room.left - 1)));
  room.left = Math.max(0, room.left - text.length - 1);
  return true;
}

function pad(text: string, { width, left }: FormatFlags, out: BoundedText): void {
  const blanks = width - text.length;
  if (!left) out.repeat(' ', blanks);
  out.add(text);
  if (left) out.repeat(' ', blanks);
}

function printInteger(
  { wide, signed, base }: Extract<FormatArgument, { readonly kind: 'integer' }>,
  flags: FormatFlags,
  value: Value,
  out: BoundedText,
): void {
  const isNegative = signed && (wide ? value.high : value.low) < 0;
  const magnitude = wide ? wideMagnitude(value, isNegative) : narrowMagnitude(value.low, isNegative);
  const digits = magnitude.toString(base === 10 ? 10 : 16);
  const sign = isNegative ? '-' : !signed ? '' : flags.plus ? '+' : flags.space ? ' ' : '';
  printDigits(sign, base === 'X' ? digits.toUpperCase() : digits, flags, out);
}

function wideMagnitude({ low, high }: Value, isNegative: boolean): bigint {
  const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
  return isNegative ? BigInt.asUintN(64, -bits) : bits;
}

function narrowMagnitude(low: number, isNegative: boolean): number {
  return isNegative ? -low : low >>> 0;
}

/** lib/vsprintf.c `number`. */
function printDigits(
  sign: string,
  digits: string,
  { width, left, zero }: FormatFlags,
  out: BoundedText,
): void {
  const blanks = width - sign.length - digits.length;
  if (!left && !zero) out.repeat(' ', blanks);
  out.add(sign);
  if (!left && zero) out.repeat('0', blanks);
  out.add(digits);
  if (left) out.repeat(' ', blanks);
}

/** All its digits unless a width is given (lib/vsprintf.c `pointer_string`). */
function printPointer(flags: FormatFlags, value: Value, out: BoundedText): void {
  const digits = addressText(value).slice(2);
  if (flags.width !== -1) printDigits('', digits, flags, out);
  else if (flags.left) printDigits('', digits, { ...flags, width: 16 }, out);
  else out.add(digits.padStart(16, '0'));
}

/** What the kernel prints of an address that no symbol is near. */
function addressText({ low, high }: Value): string {
  return hex64(low, high);
}

function internetText(
  bytes: Uint8Array,
  { version, compressed }: Extract<FormatArgument, { readonly kind: 'address' }>,
): string {
  if (version === 4) {
    return [...bytes].map((byte) => (compressed ? String(byte).padStart(3, '0') : String(byte))).join('.');
  }
  const words = Array.from({ length: 8 }, (_, index) =>
    ((bytes[index * 2]! << 8) | bytes[index * 2 + 1]!).toString(16).padStart(4, '0'),
  );
  return words.join(compressed ? '' : ':');
}

/** Bytes from `value` to the end of what may be read there as `side`; 0 when nothing may. */
function readable(memory: Memory, { low, high }: Value, side: 'kernel' | 'user' | 'either'): number {
  const isUser = high === USER_TAG;
  if (!isUser && high !== KERNEL_TAG) return 0;
  if (side !== 'either' && isUser !== (side === 'user')) return 0;
  const region = memory.regions.at(low >>> 0);
  return region !== undefined && (region.kind === 'user') === isUser ? region.end - (low >>> 0) : 0;
}

/** Up to its end mark, at most `limit` - 1 bytes; empty when it cannot be read to there. */
function readString(memory: Memory, value: Value, side: 'kernel' | 'user' | 'either', limit: number): string {
  const bytes = readable(memory, value, side);
  const start = value.low >>> 0;
  let text = '';
  for (let index = 0; index < limit - 1; index++) {
    if (index >= bytes) return '';
    const byte = memory.u8[start + index]!;
    if (byte === 0) return text;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Zeros where they cannot be read. */
function readBytes(memory: Memory, value: Value, count: number): Uint8Array {
  const start = value.low >>> 0;
  if (readable(memory, value, 'kernel') < count) return new Uint8Array(count);
  return memory.u8.slice(start, start + count);
}
