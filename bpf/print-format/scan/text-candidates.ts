/** Finds in a text what `%s` printed of an expression: names of symbols and flags, strings, arrays. */
import type { PrintExpression, SymbolEntry } from '../expression.ts';
import { isArray } from '../record.ts';
import { type Candidate, type FindCandidates, NOTHING } from './candidate.ts';
import { ALL_BITS, bytesOfText } from './field-values.ts';
import { assign, assume } from './invert.ts';

/** Places where the text after a string may begin; a string that holds it more often is not told apart. */
const MAX_PLACES = 16;

/** `padded`: the conversion has a width, and blanks beside the text are its. */
export function textCandidates(expression: PrintExpression, padded: boolean): FindCandidates {
  const find = plainCandidates(expression, padded);
  return padded && isNamed(expression) ? withBlanks(find) : find;
}

function isNamed({ kind }: PrintExpression): boolean {
  return kind === 'symbolic' || kind === 'flags' || kind === 'conditional' || kind === 'text';
}

/** Blanks before and behind fill a width. */
function withBlanks(find: FindCandidates): FindCandidates {
  return (text, at, next) => {
    let start = at;
    while (text[start] === ' ') start++;
    return find(text, start, next).flatMap((candidate) => {
      let end = candidate.end;
      while (text[end] === ' ') end++;
      const ends = [candidate.end, end, end - (next?.startsWith(' ') ? 1 : 0)];
      return [...new Set(ends)]
        .filter((one) => one >= candidate.end)
        .map((one) => ({ ...candidate, end: one }));
    });
  };
}

function plainCandidates(expression: PrintExpression, padded: boolean): FindCandidates {
  switch (expression.kind) {
    case 'text':
    case 'number': {
      const { text: wanted } = expression;
      return (text, at) => {
        if (text.startsWith(wanted, at)) return [{ end: at + wanted.length }];
        // Blanks at the end of a line do not survive its printing.
        return at === text.length && wanted.trim() === '' ? [{ end: at }] : NOTHING;
      };
    }
    case 'conditional':
      return conditionalCandidates(expression, padded);
    case 'symbolic':
      return symbolCandidates(expression.value, expression.entries);
    case 'flags':
      return flagCandidates(expression.value, expression.delimiter, expression.entries);
    case 'field': {
      const { field } = expression;
      return freeText((value) =>
        isArray(field)
          ? (values) => values.data(field, bytesOfText(padded ? value.trim() : value))
          : undefined,
      );
    }
    case 'string': {
      const { field } = expression;
      return freeText((value) => (values) => values.data(field, bytesOfText(padded ? value.trim() : value)));
    }
    case 'hex':
      return hexCandidates(expression);
    case 'int-array':
      return arrayCandidates(expression);
    case 'bitmask':
    case 'cpumask':
    case 'scsi-command':
    case 'call':
      return freeText(() => undefined);
    default:
      return (_, at) => [{ end: at }];
  }
}

/** Any text up to where the format's next text may begin. */
function freeText(applyOf: (value: string) => Candidate['apply'] | undefined): FindCandidates {
  return (text, at, next) => {
    const candidate = (end: number): Candidate => {
      const apply = applyOf(text.slice(at, end));
      return apply === undefined ? { end } : { end, apply };
    };
    if (next === undefined) return [candidate(text.length)];
    const found: Candidate[] = [];
    for (let place = text.indexOf(next, at); place >= 0 && found.length < MAX_PLACES; ) {
      found.push(candidate(place));
      place = text.indexOf(next, place + 1);
    }
    return found;
  };
}

function conditionalCandidates(
  expression: Extract<PrintExpression, { readonly kind: 'conditional' }>,
  padded: boolean,
): FindCandidates {
  const whenTrue = textCandidates(expression.whenTrue, padded);
  const whenFalse = textCandidates(expression.whenFalse, padded);
  const { condition } = expression;
  const under = (candidates: readonly Candidate[], truth: boolean): readonly Candidate[] =>
    candidates.map((candidate) => ({
      end: candidate.end,
      apply: (values) => {
        assume(condition, truth, values);
        candidate.apply?.(values);
      },
    }));
  return (text, at, next) => [
    ...under(whenTrue(text, at, next), true),
    ...under(whenFalse(text, at, next), false),
  ];
}

const UNNAMED = /0x([0-9a-f]{1,16})/y;

function unnamed(text: string, at: number): { readonly value: bigint; readonly end: number } | undefined {
  const pattern = new RegExp(UNNAMED);
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match === null ? undefined : { value: BigInt(match[0]), end: at + match[0].length };
}

function longestFirst(entries: readonly SymbolEntry[]): readonly SymbolEntry[] {
  return entries.filter(({ text }) => text !== '').toSorted((a, b) => b.text.length - a.text.length);
}

function symbolCandidates(value: PrintExpression, entries: readonly SymbolEntry[]): FindCandidates {
  const sorted = longestFirst(entries);
  return (text, at) => {
    const found: Candidate[] = sorted
      .filter((entry) => text.startsWith(entry.text, at))
      .map((entry) => ({
        end: at + entry.text.length,
        apply: (values) => assign(value, entry.value, ALL_BITS, values),
      }));
    const number = unnamed(text, at);
    if (number !== undefined) {
      found.push({ end: number.end, apply: (values) => assign(value, number.value, ALL_BITS, values) });
    }
    return found;
  };
}

/** Names with the delimiter between, the rest as a number; nothing at all when no flag was set. */
function flagCandidates(
  value: PrintExpression,
  delimiter: string,
  entries: readonly SymbolEntry[],
): FindCandidates {
  const sorted = longestFirst(entries);
  return (text, at) => {
    let bits = 0n;
    let end = at;
    for (let from = at; ; from = end + delimiter.length) {
      const entry = sorted.find((one) => text.startsWith(one.text, from));
      const number = entry === undefined ? unnamed(text, from) : undefined;
      if (entry === undefined && number === undefined) break;
      // A name without a value stands for "none".
      if (entry !== undefined && entry.value !== ALL_BITS) bits |= entry.value;
      bits |= number?.value ?? 0n;
      end = number?.end ?? from + entry!.text.length;
      if (delimiter === '' ? end === from : !text.startsWith(delimiter, end)) break;
    }
    const none: Candidate = { end: at, apply: (values) => assign(value, 0n, ALL_BITS, values) };
    if (end === at) return [none];
    return [{ end, apply: (values) => assign(value, bits, ALL_BITS, values) }, none];
  };
}

function hexCandidates(expression: Extract<PrintExpression, { readonly kind: 'hex' }>): FindCandidates {
  const { data, length, separator } = expression;
  const pattern = separator === '' ? /(?:[0-9a-f]{2})*/y : /(?:[0-9a-f]{2}(?: [0-9a-f]{2})*)?/y;
  return (text, at) => {
    pattern.lastIndex = at;
    const digits = pattern.exec(text)![0];
    const bytes = Uint8Array.from(digits.match(/[0-9a-f]{2}/g) ?? [], (pair) => Number.parseInt(pair, 16));
    return [
      {
        end: at + digits.length,
        apply: (values) => {
          values.data(data.field, bytes);
          assign(length, BigInt(bytes.length), ALL_BITS, values);
        },
      },
    ];
  };
}

/** `{0x1,0x2}`; the element's size is a constant in all formats. */
function arrayCandidates(
  expression: Extract<PrintExpression, { readonly kind: 'int-array' }>,
): FindCandidates {
  const { data, count, elementSize } = expression;
  const size = elementSize.kind === 'number' ? Number(elementSize.value) : 0;
  return (text, at) => {
    const end = text.indexOf('}', at);
    if (text[at] !== '{' || end < 0 || ![1, 2, 4, 8].includes(size)) return NOTHING;
    const elements = text.slice(at + 1, end).match(/[0-9a-fx]{1,18}/g) ?? [];
    const bytes = new Uint8Array(elements.length * size);
    elements.forEach((element, index) => {
      const value = /^(0x[0-9a-f]+|\d+)$/.test(element) ? BigInt(element) : 0n;
      for (let byte = 0; byte < size; byte++) {
        bytes[index * size + byte] = Number((value >> BigInt(byte * 8)) & 0xffn);
      }
    });
    return [
      {
        end: end + 1,
        apply: (values) => {
          values.data(data.field, bytes);
          assign(count, BigInt(elements.length), ALL_BITS, values);
        },
      },
    ];
  };
}
