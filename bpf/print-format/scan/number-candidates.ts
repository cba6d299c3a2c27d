/** Finds numbers in a text, as conversions print them. */
import type { NumberConversion } from '../conversions.ts';
import type { PrintExpression } from '../expression.ts';
import { type Candidate, type FindCandidates, NOTHING } from './candidate.ts';
import { ALL_BITS } from './field-values.ts';
import { assign } from './invert.ts';

const DECIMAL = / *([-+]?\d{1,20}) */y;
const HEXADECIMAL = / *(?:0[xX])?([0-9a-fA-F]{1,16}) */y;
const OCTAL = / *([0-7]{1,22}) */y;
const POINTER = / *(?:\(n(?:il|ull)\)|(?:0x)?([0-9a-f]{1,16})|_+ptrval_+) */y;

export function numberCandidates(conversion: NumberConversion, expression: PrintExpression): FindCandidates {
  if (conversion.conversion === 'c') return characterCandidates(expression);
  const width = typeof conversion.layout.width === 'number' ? conversion.layout.width : 0;
  const padded = conversion.layout.width === undefined ? -1 : width;
  switch (conversion.conversion) {
    case 'd':
    case 'u':
      return byPattern(DECIMAL, padded, expression, (digits) => BigInt(digits));
    case 'o':
      return byPattern(OCTAL, padded, expression, (digits) => BigInt(`0o${digits}`));
    default:
      return byPattern(HEXADECIMAL, padded, expression, (digits) => BigInt(`0x${digits}`));
  }
}

export function pointerCandidates(expression: PrintExpression): FindCandidates {
  return byPattern(POINTER, -1, expression, (digits) => BigInt(`0x${digits}`));
}

/** `width` is -1 for none: then blanks belong to the text around. */
function byPattern(
  source: RegExp,
  width: number,
  expression: PrintExpression,
  read: (digits: string) => bigint,
): FindCandidates {
  const pattern = new RegExp(source);
  return (text, at) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null || (width < 0 && text[at] === ' ')) return NOTHING;
    const ends = endsOf(match[0], width);
    const value = match[1] === undefined ? 0n : read(match[1].replace('+', '')) & ALL_BITS;
    return ends.map(
      (length): Candidate => ({
        end: at + length,
        apply: (values) => assign(expression, value, ALL_BITS, values),
      }),
    );
  };
}

/** Where the conversion may end in what was matched, which goes on with all blanks there are. */
function endsOf(matched: string, width: number): readonly number[] {
  const shortest = matched.trimEnd().length;
  if (shortest === matched.length || width < 0) return [shortest];
  const padded = Math.min(matched.length, Math.max(shortest, width));
  return padded === shortest ? [shortest, matched.length] : [padded, shortest, matched.length];
}

function characterCandidates(expression: PrintExpression): FindCandidates {
  return (text, at) =>
    at >= text.length
      ? NOTHING
      : [
          {
            end: at + 1,
            apply: (values) => assign(expression, BigInt(text.charCodeAt(at)), ALL_BITS, values),
          },
        ];
}
