/**
 * The format strings of `bpf_trace_printk`, `bpf_trace_vprintk` and `bpf_snprintf`, taken apart. What is refused is what
 * the kernel refuses (kernel/bpf/helpers.c `bpf_bprintf_prepare`).
 */

/**
 * What one `%…` takes and prints. `string`: memory of the kernel, of user space, or of either by the address.
 * `symbol`: the name of an address.
 */
export type FormatArgument =
  | {
      readonly kind: 'integer';
      readonly wide: boolean;
      readonly signed: boolean;
      readonly base: 10 | 16 | 'X';
    }
  | { readonly kind: 'char' | 'pointer' }
  /** `copied`: printed without its width. */
  | { readonly kind: 'string'; readonly side: 'kernel' | 'user' | 'either'; readonly copied: boolean }
  | { readonly kind: 'symbol'; readonly copied: boolean }
  | { readonly kind: 'address'; readonly version: 4 | 6; readonly compressed: boolean };

export interface FormatFlags {
  /** Fewest characters; -1 when none is given. */
  readonly width: number;
  readonly left: boolean;
  readonly zero: boolean;
  readonly plus: boolean;
  readonly space: boolean;
}

export type FormatPiece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly argument: FormatArgument; readonly flags: FormatFlags };

/**
 * `format` has one character a byte. Undefined when the kernel refuses it; also when it takes more than `limit` values.
 */
export function parseFormat(format: string, limit: number): readonly FormatPiece[] | undefined {
  if (!/^[\t-\r -~]*$/.test(format)) return undefined;
  const pieces: FormatPiece[] = [];
  let values = 0;
  let at = 0;
  while (at < format.length) {
    const percent = format.indexOf('%', at);
    const end = percent < 0 ? format.length : percent;
    if (end > at) pieces.push({ kind: 'text', text: format.slice(at, end) });
    if (percent < 0) break;
    if (format[percent + 1] === '%') {
      pieces.push({ kind: 'text', text: '%' });
      at = percent + 2;
      continue;
    }
    const directive = values < limit ? parseDirective(format, percent) : undefined;
    if (directive === undefined) return undefined;
    pieces.push(directive.piece);
    values++;
    at = directive.end;
  }
  return pieces;
}

interface Directive {
  readonly piece: FormatPiece;
  readonly end: number;
}

const FLAGS = /%([0+\- ]*)([1-9]\d*)?/y;
const INTEGER = /(l{0,2})([diuxX])/y;
/** What follows a pointer's kind is no part of the text: the kernel skips letters and digits. */
const POINTER = /p(?:[ku]s(?![A-Za-z0-9])|[KxsSB][A-Za-z0-9]*|[iI][46][A-Za-z0-9]*|(?![A-Za-z0-9]))/y;

function parseDirective(format: string, percent: number): Directive | undefined {
  const [all, letters = '', width] = match(FLAGS, format, percent)!;
  const at = percent + all.length;
  const argument = parseArgument(format, at);
  if (argument === undefined) return undefined;
  const flags: FormatFlags = {
    width: width === undefined ? -1 : fieldWidth(width),
    left: letters.includes('-'),
    zero: letters.includes('0'),
    plus: letters.includes('+'),
    space: letters.includes(' '),
  };
  return { piece: { kind: 'value', argument: argument.value, flags }, end: at + argument.length };
}

interface ParsedArgument {
  readonly value: FormatArgument;
  readonly length: number;
}

function parseArgument(format: string, at: number): ParsedArgument | undefined {
  const letter = format[at];
  if (letter === 'c') return { value: { kind: 'char' }, length: 1 };
  if (letter === 's') {
    if (/[A-Za-z0-9]/.test(format[at + 1] ?? '')) return undefined;
    return { value: { kind: 'string', side: 'either', copied: false }, length: 1 };
  }
  if (letter === 'p') return pointerArgument(format, at);
  const integer = match(INTEGER, format, at);
  if (integer === undefined) return undefined;
  const [all, long, conversion = ''] = integer;
  const signed = conversion === 'd' || conversion === 'i';
  const base = conversion === 'x' ? 16 : conversion === 'X' ? 'X' : 10;
  return { value: { kind: 'integer', wide: long !== '', signed, base }, length: all.length };
}

function pointerArgument(format: string, at: number): ParsedArgument | undefined {
  const [all] = match(POINTER, format, at) ?? [];
  if (all === undefined) return undefined;
  return { value: pointerKind(all), length: all.length };
}

function pointerKind(text: string): FormatArgument {
  switch (text[1]) {
    case 'k':
      return { kind: 'string', side: 'kernel', copied: true };
    case 'u':
      return { kind: 'string', side: 'user', copied: true };
    case 's':
    case 'S':
      return { kind: 'symbol', copied: false };
    case 'B':
      return { kind: 'symbol', copied: true };
    case 'i':
    case 'I':
      return { kind: 'address', version: text[2] === '4' ? 4 : 6, compressed: text[1] === 'i' };
    default:
      return { kind: 'pointer' };
  }
}

/** `field_width` has 24 bits and a sign (lib/vsprintf.c `struct printf_spec`). */
function fieldWidth(digits: string): number {
  return Number(BigInt.asIntN(24, BigInt(digits.slice(0, 20))));
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text) ?? undefined;
}
