/**
 * Splits a print format into C tokens. The text comes from recordings: any bytes are possible, the work is linear, and the
 * number of tokens is bounded.
 */

export interface Token {
  readonly kind: 'word' | 'text' | 'character' | 'operator' | 'end';
  /** Without quotes; adjacent string literals are one token. */
  readonly text: string;
  /** Characters from the start. */
  readonly offset: number;
}

/** A print format that cannot be read; the parser turns it into a {@link PrintFormatProblem}. */
export class PrintFormatError extends Error {
  override readonly name = 'PrintFormatError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** The longest print formats of Linux have about 10,000 characters. */
const MAX_LENGTH = 1 << 18;
const MAX_TOKENS = 1 << 15;

const PATTERN =
  /\s*(?:([A-Za-z0-9_]+)|("(?:[^"\\]|\\[\s\S])*"(?:\s*"(?:[^"\\]|\\[\s\S])*")*)|('(?:[^'\\]|\\[\s\S])*')|(->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%<>=!~&|^?:()[\]{},.;]))/y;

/** @throws PrintFormatError */
export function tokenize(text: string): readonly Token[] {
  if (text.length > MAX_LENGTH)
    throw new PrintFormatError(`longer than ${MAX_LENGTH} characters`, MAX_LENGTH);
  const tokens: Token[] = [];
  const pattern = new RegExp(PATTERN);
  let end = 0;
  for (;;) {
    pattern.lastIndex = end;
    const match = pattern.exec(text);
    if (match === null) break;
    end = pattern.lastIndex;
    if (tokens.length >= MAX_TOKENS) throw new PrintFormatError(`more than ${MAX_TOKENS} words`, end);
    tokens.push(tokenOf(match, end));
  }
  const rest = text.slice(end).trimStart();
  if (rest !== '') throw new PrintFormatError(`unexpected '${rest[0]}'`, text.length - rest.length);
  tokens.push({ kind: 'end', text: '', offset: text.length });
  return tokens;
}

function tokenOf(match: RegExpExecArray, end: number): Token {
  const [, word, literal, character, operator] = match;
  if (word !== undefined) return { kind: 'word', text: word, offset: end - word.length };
  if (operator !== undefined) return { kind: 'operator', text: operator, offset: end - operator.length };
  if (character !== undefined) {
    return { kind: 'character', text: character.slice(1, -1), offset: end - character.length };
  }
  const parts = literal!.match(/"(?:[^"\\]|\\[\s\S])*"/g)!;
  return {
    kind: 'text',
    text: parts.map((part) => part.slice(1, -1)).join(''),
    offset: end - literal!.length,
  };
}
