/**
 * Splits a format string into its text and conversions, as libtraceevent does (`parse_args`): C's conversions for numbers
 * and strings, and the kernel's pointer extensions.
 */
import { unescapeC } from './c-number.ts';

export interface NumberConversion {
  readonly kind: 'number';
  readonly conversion: 'c' | 'd' | 'u' | 'x' | 'X' | 'o';
  readonly bits: 8 | 16 | 32 | 64;
  readonly layout: FieldLayout;
}

export interface StringConversion {
  readonly kind: 'string';
  readonly layout: FieldLayout;
}

export interface PointerConversion {
  readonly kind: 'pointer';
  /** What follows `%p`: `S`, `I6c`, `hD`; empty for a plain pointer. */
  readonly extension: string;
  readonly layout: FieldLayout;
}

export type Conversion = NumberConversion | StringConversion | PointerConversion;

export type FormatPiece = { readonly kind: 'literal'; readonly text: string } | Conversion;

/** Flags, width and precision. */
export interface FieldLayout {
  readonly left: boolean;
  readonly plus: boolean;
  readonly zero: boolean;
  readonly alternate: boolean;
  /** `argument` is taken from the argument before the value. */
  readonly width: number | 'argument' | undefined;
  readonly precision: number | 'argument' | undefined;
}

export const PLAIN_LAYOUT: FieldLayout = {
  left: false,
  plus: false,
  zero: false,
  alternate: false,
  width: undefined,
  precision: undefined,
};

/** A number of more digits would only fill memory. */
const MAX_WIDTH = 1024;

const POINTER_EXTENSION = /[FSfs]|[Mm][RF]?|[Ii](?:S[pfs]*[hnlb]?c?|4[hnlb]?|6c?)|U[LlBb]?|h[CDN]?/y;

/** `text` is as C source writes it, or already the string itself. */
export function splitFormat(text: string, escaped: boolean): readonly FormatPiece[] {
  const pieces: FormatPiece[] = [];
  const literal = (part: string): void => {
    if (part !== '') pieces.push({ kind: 'literal', text: escaped ? unescapeC(part) : part });
  };
  let start = 0;
  for (;;) {
    const percent = text.indexOf('%', start);
    if (percent < 0) break;
    literal(text.slice(start, percent));
    if (text[percent + 1] === '%') {
      pieces.push({ kind: 'literal', text: '%' });
      start = percent + 2;
      continue;
    }
    const read = readConversion(text, percent);
    if (read.piece !== undefined) pieces.push(read.piece);
    start = read.end;
  }
  literal(text.slice(start));
  return pieces;
}

interface ReadConversion {
  /** Absent when the text ends inside the conversion. */
  readonly piece?: FormatPiece;
  readonly end: number;
}

const SPECIFICATION = /%([-+#0]*)(\*|\d*)(?:\.(-?\*|-?\d*))?([hlLzZ]*)/y;

function readConversion(text: string, start: number): ReadConversion {
  const pattern = new RegExp(SPECIFICATION);
  pattern.lastIndex = start;
  const match = pattern.exec(text)!;
  const at = start + match[0].length;
  const letter = text[at];
  if (letter === undefined) return { end: at };
  const layout = layoutOf(match);
  const end = at + 1;
  switch (letter) {
    case 's':
      return { piece: { kind: 'string', layout }, end };
    case 'c':
    case 'd':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
      return { piece: { kind: 'number', conversion: letter, bits: bitsOf(match[4]!), layout }, end };
    case 'i':
      return { piece: { kind: 'number', conversion: 'd', bits: bitsOf(match[4]!), layout }, end };
    case 'p':
      return readPointer(text, end, layout);
    default:
      return { piece: { kind: 'literal', text: `>${letter}<` }, end };
  }
}

function readPointer(text: string, start: number, layout: FieldLayout): ReadConversion {
  const pattern = new RegExp(POINTER_EXTENSION);
  pattern.lastIndex = start;
  const extension = pattern.exec(text)?.[0] ?? '';
  return { piece: { kind: 'pointer', extension, layout }, end: start + extension.length };
}

function layoutOf(match: RegExpExecArray): FieldLayout {
  const [, flags, width, precision] = match as unknown as [string, string, string, string | undefined];
  return {
    left: flags.includes('-'),
    plus: flags.includes('+'),
    zero: flags.includes('0'),
    alternate: flags.includes('#'),
    width: width === '' ? undefined : sizeOf(width),
    precision: precision === undefined ? undefined : precision === '' ? 0 : sizeOf(precision),
  };
}

function sizeOf(text: string): number | 'argument' | undefined {
  if (text.endsWith('*')) return 'argument';
  return text.startsWith('-') ? undefined : Math.min(Number(text), MAX_WIDTH);
}

function bitsOf(modifiers: string): 8 | 16 | 32 | 64 {
  if (modifiers === '') return 32;
  if (/^[lLzZ]/.test(modifiers)) return 64;
  return modifiers === 'h' ? 16 : 8;
}
