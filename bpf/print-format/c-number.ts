/** Numbers as C source writes them (C `strtoull` with base 0: what follows the digits is ignored). */

const MASK = 0xffff_ffff_ffff_ffffn;
const NUMBER = /^(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))/;

/** The number a word begins with, in 64 bits; undefined when it begins with none. */
export function parseCNumber(word: string): bigint | undefined {
  const match = NUMBER.exec(word);
  if (match === null) return undefined;
  const [, hex, octal, decimal] = match;
  // No number of 64 bits is longer; hostile digits must not take time.
  const digits = (hex ?? octal ?? decimal)!.slice(-24);
  const value = BigInt(hex !== undefined ? `0x${digits}` : octal !== undefined ? `0o${digits}` : digits);
  return value & MASK;
}

/** The value of a character constant, as in `'a'` and `'\n'`. */
export function parseCharacter(text: string): bigint {
  return BigInt(unescapeC(text).charCodeAt(0) || 0);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);

/** Backslash sequences undone, those a kernel's formats have. */
export function unescapeC(text: string): string {
  return text.includes('\\')
    ? text.replace(/\\([\s\S])/g, (_, character: string) => ESCAPES.get(character) ?? character)
    : text;
}
