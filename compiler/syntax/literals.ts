/** The values of integer and string literals, with every rule their spelling has. */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import {
  integerOverflow,
  invalidCoefficient,
  invalidEscape,
  invalidHexEscape,
  invalidInteger,
  invalidIntegerSuffix,
  octalEscapeRange,
  trailingUnderscore,
  unterminatedString,
} from '../diagnostics/messages.gen.ts';

export interface IntegerValue {
  /** 0 … 2^64-1; 0 when the literal was wrong. */
  readonly value: bigint;
  readonly duration: boolean;
}

interface Suffix {
  readonly maximum: bigint;
  /** Nanoseconds in one unit of a duration. */
  readonly scale?: bigint;
}

const UINT64_MAX = 2n ** 64n - 1n;
const INT64_MAX = 2n ** 63n - 1n;

const SUFFIXES: ReadonlyMap<string, Suffix> = new Map<string, Suffix>([
  ['', { maximum: UINT64_MAX }],
  ['u', { maximum: 2n ** 32n - 1n }],
  ['ul', { maximum: UINT64_MAX }],
  ['ull', { maximum: UINT64_MAX }],
  ['l', { maximum: INT64_MAX }],
  ['ll', { maximum: INT64_MAX }],
  ['ns', { maximum: UINT64_MAX, scale: 1n }],
  ['us', { maximum: UINT64_MAX, scale: 1_000n }],
  ['ms', { maximum: UINT64_MAX, scale: 1_000_000n }],
  ['s', { maximum: UINT64_MAX, scale: 1_000_000_000n }],
  ['m', { maximum: UINT64_MAX, scale: 60_000_000_000n }],
  ['h', { maximum: UINT64_MAX, scale: 3_600_000_000_000n }],
  ['d', { maximum: UINT64_MAX, scale: 86_400_000_000_000n }],
]);

/** A literal of more digits is an overflow before BigInt has to look at it; leading zeros are dropped first. */
const MAX_DIGITS = 22;
const WRONG: IntegerValue = { value: 0n, duration: false };

/** Digits, then perhaps `eN`, then a suffix. `span` covers the whole text. */
export function integerValue(text: string, span: Span, sink: DiagnosticSink): IntegerValue {
  const digits = /^(?:0[xX][0-9a-fA-F_]*|[0-9][0-9_]*)/.exec(text)![0];
  const exponent = /^[eE][1-9][0-9_]*/.exec(text.slice(digits.length))?.[0] ?? '';
  const number = digits + exponent;
  const part = (start: number, end: number): Span => ({
    ...span,
    start: span.start + start,
    end: span.start + end,
  });
  for (const end of [digits.length, number.length]) {
    if (!text.slice(0, end).endsWith('_')) continue;
    sink.report(trailingUnderscore(part(end - 1, end)));
    return WRONG;
  }
  const suffixText = text.slice(number.length);
  const suffix = SUFFIXES.get(/^u?ll?$|^u$/i.test(suffixText) ? suffixText.toLowerCase() : suffixText);
  if (!suffix) {
    sink.report(invalidIntegerSuffix(part(number.length, text.length), { suffix: suffixText }));
    return WRONG;
  }
  return scaledValue({ text, digits, exponent, suffix }, span, sink);
}

interface IntegerParts {
  readonly text: string;
  readonly digits: string;
  readonly exponent: string;
  readonly suffix: Suffix;
}

function scaledValue(parts: IntegerParts, span: Span, sink: DiagnosticSink): IntegerValue {
  const { text, suffix } = parts;
  const literal = text;
  const base = baseValue(parts.digits.replaceAll('_', ''));
  if (base === undefined) {
    sink.report(invalidInteger(span, { literal }));
    return WRONG;
  }
  const power = Number(parts.exponent.slice(1).replaceAll('_', '') || '0');
  if (power > 0 && (base < 1n || base > 9n)) {
    sink.report(invalidCoefficient(span, { literal }));
    return WRONG;
  }
  const value = power > MAX_DIGITS ? UINT64_MAX + 1n : base * 10n ** BigInt(power) * (suffix.scale ?? 1n);
  if (value > suffix.maximum) {
    sink.report(integerOverflow(span, { maximum: suffix.maximum, literal }));
    return WRONG;
  }
  return { value, duration: suffix.scale !== undefined };
}

/** Hexadecimal, octal or decimal; undefined when the digits do not fit the base. */
function baseValue(digits: string): bigint | undefined {
  const significant = digits.replace(/^0[xX]?0*/, '');
  if (significant.length > MAX_DIGITS) return UINT64_MAX + 1n;
  if (/^0[xX]/.test(digits)) return digits.length > 2 ? BigInt(`0x0${significant}`) : undefined;
  if (!digits.startsWith('0')) return BigInt(digits);
  return /^[0-7]*$/.test(significant) ? BigInt(`0o0${significant}`) : undefined;
}

const SIMPLE_ESCAPES: ReadonlyMap<string, number> = new Map([
  ['n', 10],
  ['t', 9],
  ['r', 13],
  ['"', 34],
  ['\\', 92],
]);

/** The bytes of a string token, quotes included in `text`. An escape that is wrong gives no byte. */
export function stringBytes(text: string, closed: boolean, span: Span, sink: DiagnosticSink): Uint8Array {
  const inner = text.slice(1, closed ? -1 : undefined);
  if (!closed) sink.report(unterminatedString({ ...span, start: span.end, end: span.end }));
  const encoder = new TextEncoder();
  if (!inner.includes('\\')) return encoder.encode(inner);
  const bytes: number[] = [];
  for (const { 0: piece, index } of inner.matchAll(
    /[^\\]+|\\(?:[0-7]{1,3}|[xX][0-9a-fA-F]{1,2}|[\s\S]?)/gu,
  )) {
    const start = span.start + 1 + index;
    const place = { ...span, start, end: start + piece.length };
    const decoded = piece.startsWith('\\') ? escapeByte(piece.slice(1), place, sink) : encoder.encode(piece);
    for (const byte of decoded) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

/** `body` is what follows the backslash; nothing follows it when the string was not closed. */
function escapeByte(body: string, span: Span, sink: DiagnosticSink): readonly number[] {
  if (/^[0-7]/.test(body)) {
    const value = Number.parseInt(body, 8);
    if (value > 0xff) sink.report(octalEscapeRange(span, { digits: body }));
    return [value & 0xff];
  }
  if (/^[xX]/.test(body)) {
    if (body.length > 1) return [Number.parseInt(body.slice(1), 16)];
    sink.report(invalidHexEscape(span));
    return [];
  }
  const simple = SIMPLE_ESCAPES.get(body);
  if (simple !== undefined) return [simple];
  if (body !== '') sink.report(invalidEscape({ ...span, start: span.start + 1 }, { character: body }));
  return [];
}
