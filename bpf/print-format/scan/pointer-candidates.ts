/** Finds what `%p` and its extensions printed: addresses come back, symbols' addresses do not. */
import type { PointerConversion } from '../conversions.ts';
import type { PrintExpression } from '../expression.ts';
import { type FindCandidates, NOTHING } from './candidate.ts';
import { pointerCandidates as plainPointer } from './number-candidates.ts';

const WORD = /[^\s,)\]]*/y;
/** By the extension's first letters: what its text is made of. */
const CHARACTERS: readonly (readonly [string, RegExp])[] = [
  ['I4', /[0-9.]+/y],
  ['i4', /[0-9.]+/y],
  ['I6', /[0-9a-f:.]+/y],
  ['IS', /[[\]0-9a-f:.]*/y],
  ['U', /[0-9a-fA-F-]+/y],
];

export function pointerCandidates(
  conversion: PointerConversion,
  expression: PrintExpression,
): FindCandidates {
  const { extension } = conversion;
  const plain = plainPointer(expression);
  if (extension === '') return plain;
  const parse = BYTES[extension.replace(/^(I4|i4)[hnlb]$/, '$1').replace(/^Ub$/, 'U')];
  let target = expression;
  while (target.kind === 'cast') target = target.operand;
  const field = target.kind === 'field' ? target.field : undefined;
  const characters = CHARACTERS.find(([start]) => extension.startsWith(start))?.[1] ?? WORD;
  return (text, at, next) => {
    if (/^[sSfF]$/.test(extension) && text.startsWith('0x', at)) return plain(text, at, next);
    const pattern = new RegExp(characters);
    pattern.lastIndex = at;
    const word = pattern.exec(text)?.[0];
    if (word === undefined || (word === '' && characters === WORD)) return NOTHING;
    const bytes = parse?.(word);
    const end = at + word.length;
    if (bytes === undefined || field === undefined) return [{ end }];
    return [{ end, apply: (values) => values.data(field, bytes) }];
  };
}

const ORDER: readonly number[] = Array.from({ length: 16 }, (_, index) => index);
const GUID_ORDER: readonly number[] = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];

function uuid(text: string, order: readonly number[]): Uint8Array | undefined {
  const digits = text.replaceAll('-', '');
  if (!/^[0-9a-fA-F]{32}$/.test(digits)) return undefined;
  const bytes = new Uint8Array(16);
  order.forEach((place, index) => {
    bytes[place] = Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16);
  });
  return bytes;
}

const BYTES: Readonly<Record<string, (text: string) => Uint8Array | undefined>> = {
  I4: (text) => numbers(text, /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/, 10),
  i4: (text) => numbers(text, /^(\d{3})\.(\d{3})\.(\d{3})\.(\d{3})$/, 10),
  M: (text) => numbers(text, /^(..):(..):(..):(..):(..):(..)$/, 16),
  MF: (text) => numbers(text, /^(..)-(..)-(..)-(..)-(..)-(..)$/, 16),
  m: (text) => numbers(text, /^(..)(..)(..)(..)(..)(..)$/, 16),
  U: (text) => uuid(text, ORDER),
  UB: (text) => uuid(text, ORDER),
  Ul: (text) => uuid(text, GUID_ORDER),
  UL: (text) => uuid(text, GUID_ORDER),
  I6: ipv6,
  I6c: ipv6,
};

function numbers(text: string, pattern: RegExp, radix: number): Uint8Array | undefined {
  const match = pattern.exec(text);
  return match === null ? undefined : Uint8Array.from(match.slice(1), (part) => Number.parseInt(part, radix));
}

function ipv6(text: string): Uint8Array | undefined {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const tail = dotted === null ? new Uint8Array(0) : BYTES.I4!(dotted[2]!);
  const head = dotted === null ? text : dotted[1]!.replace(/([^:]):$/, '$1');
  const groups = 8 - (tail?.length ?? 0) / 2;
  const [before = '', after, ...more] = head.split('::');
  const words = (part: string | undefined): readonly string[] => (part ? part.split(':') : []);
  const [left, right] = [words(before), words(after)];
  const missing = groups - left.length - right.length;
  if (tail === undefined || more.length > 0 || missing < 0 || (missing > 0 && after === undefined))
    return undefined;
  const all = [...left, ...Array<string>(missing).fill('0'), ...right];
  if (!all.every((group) => /^[0-9a-f]{1,4}$/.test(group))) return undefined;
  const bytes = all.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]);
  return Uint8Array.from([...bytes, ...tail]);
}
