/** Words of C text, each with its place. */
import type { Span } from '../../bpf/span.ts';

export type CTokenKind = 'word' | 'number' | 'string' | 'character' | 'punctuator' | 'end';

export interface CToken {
  readonly kind: CTokenKind;
  readonly text: string;
  /** Where it stands; of what a macro gave, where the macro was used. */
  readonly span: Span;
  /** The first of its line. */
  readonly lineStart: boolean;
  /** A blank stands before it. */
  readonly spaced: boolean;
  /** Macros that it came out of, which do not expand again in it. */
  readonly hidden?: Hidden;
}

/** A list that longer ones share: most tokens come out of the same few macros. */
export interface Hidden {
  readonly name: string;
  readonly rest: Hidden | undefined;
}

export function hides(hidden: Hidden | undefined, name: string): boolean {
  for (let at = hidden; at !== undefined; at = at.rest) if (at.name === name) return true;
  return false;
}

export function isPunctuator(token: CToken | undefined, text: string): boolean {
  return token?.kind === 'punctuator' && token.text === text;
}

export function isWord(token: CToken | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text;
}

/** As C would have it written, for messages and for reading it in another way. */
export function textOf(tokens: readonly CToken[]): string {
  return tokens.map(({ text, spaced }, index) => (index > 0 && spaced ? ` ${text}` : text)).join('');
}
