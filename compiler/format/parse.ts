/** printf formats: text pieces and conversions, checked against nothing yet. */
import type { FormatPiece } from '../script-info.ts';

export type Conversion = FormatPiece & { readonly kind: 'conversion' };

export interface ParsedFormat {
  readonly pieces: readonly FormatPiece[];
  readonly conversions: readonly Conversion[];
  /** The first specifier that does not exist. */
  readonly bad?: string;
}

const SPECIFIER = /^([-+ #0]*)(\*|\d*)(?:\.(\*|\d*))?(hh|h|ll|l|j|z|t|L)?(rx|rh|gr|[a-zA-Z])?/;
const KNOWN = new Set(['d', 'i', 'u', 'o', 'x', 'X', 'c', 'p', 's', 'r', 'rx', 'rh', 'gr']);
/** Widths beyond this print nothing useful and cost memory. */
const MAX_WIDTH = 65536;

export function parseFormat(format: Uint8Array): ParsedFormat {
  let source = '';
  for (const byte of format) source += String.fromCharCode(byte);
  const pieces: FormatPiece[] = [];
  const conversions: Conversion[] = [];
  let text = '';
  const flush = (): void => {
    if (text !== '') pieces.push({ kind: 'text', bytes: Uint8Array.from(text, (one) => one.charCodeAt(0)) });
    text = '';
  };
  for (let at = 0; at < source.length; ) {
    if (source[at] !== '%') {
      text += source[at++];
      continue;
    }
    if (source[at + 1] === '%') {
      text += '%';
      at += 2;
      continue;
    }
    const match = SPECIFIER.exec(source.slice(at + 1, at + 64))!;
    const conversion = match[5];
    // A sign that no letter follows is text, as in "100%".
    if (conversion === undefined) {
      text += source[at++];
      continue;
    }
    if (!KNOWN.has(conversion)) return { pieces, conversions, bad: `%${match[0]}` };
    flush();
    const piece = makeConversion(match, conversions.length);
    pieces.push(piece);
    conversions.push(piece);
    at += 1 + match[0].length;
  }
  flush();
  return { pieces, conversions };
}

function makeConversion(match: RegExpExecArray, arg: number): Conversion {
  const [, flags = '', width = '', precision, length = '', conversion] = match;
  const number = (text: string): number => Math.min(Number(text), MAX_WIDTH);
  return {
    kind: 'conversion',
    arg,
    flags: {
      left: flags.includes('-'),
      plus: flags.includes('+'),
      space: flags.includes(' '),
      alternate: flags.includes('#'),
      zero: flags.includes('0'),
    },
    ...(/^\d+$/.test(width) && { width: number(width) }),
    ...(precision !== undefined && /^\d+$/.test(precision) && { precision: number(precision) }),
    length: length as Conversion['length'],
    conversion: conversion as Conversion['conversion'],
  };
}
