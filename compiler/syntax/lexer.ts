/** Text → tokens. Never fails: what fits nothing becomes an `Unknown` token for the parser to complain of. */
import { type ILexingError, type IToken, Lexer, type TokenType } from 'chevrotain';
import {
  Arrow,
  Dot,
  HeaderLCurly,
  HeaderSemicolon,
  Identifier,
  KEYWORDS,
  LCurly,
  LEXER_DEFINITION,
  Semicolon,
  Unknown,
} from './tokens.ts';

export interface TokenList {
  readonly tokens: IToken[];
  /** Line and block comments in source order. */
  readonly comments: readonly IToken[];
}

export type LexerMode = 'root' | 'code';

export interface ScriptLexer {
  /** `mode` is where the text begins: a whole script, or the inside of braces. */
  tokenize(text: string, mode?: LexerMode): TokenList;
}

/** `validate` lets chevrotain check the token definitions, which costs start-up time: for tests. */
export function createLexer(validate: boolean): ScriptLexer {
  const lexer = new Lexer(LEXER_DEFINITION, {
    positionTracking: 'onlyOffset',
    skipValidations: !validate,
    deferDefinitionErrorsHandling: false,
  });
  const keywords = new Set(KEYWORDS);
  return {
    tokenize(text, mode = 'root'): TokenList {
      const { tokens: known, groups, errors } = lexer.tokenize(text, mode);
      const tokens = withUnknown(known, errors, text);
      retype(tokens, keywords);
      return { tokens, comments: groups.comments ?? [] };
    },
  };
}

/** Puts a token where the lexer skipped something. */
function withUnknown(tokens: IToken[], errors: readonly ILexingError[], text: string): IToken[] {
  if (errors.length === 0) return tokens;
  const starts = new Set(tokens.map((token) => token.startOffset));
  // An error at a token is about a brace too many, which the parser sees for itself.
  const skipped = errors.filter(({ offset }) => !starts.has(offset));
  const unknown = skipped.map(({ offset, length }): IToken => {
    const image = text.slice(offset, offset + length);
    return { image, startOffset: offset, tokenType: Unknown, tokenTypeIdx: Unknown.tokenTypeIdx! };
  });
  return [...tokens, ...unknown].sort((a, b) => a.startOffset - b.startOffset);
}

/** Header ends become plain braces and semicolons, and after `.` and `->` every word is a field name. */
function retype(tokens: readonly IToken[], keywords: ReadonlySet<TokenType>): void {
  let previous: TokenType | undefined;
  for (const token of tokens) {
    const type = token.tokenType;
    if (type === HeaderLCurly) setType(token, LCurly);
    else if (type === HeaderSemicolon) setType(token, Semicolon);
    else if ((previous === Dot || previous === Arrow) && keywords.has(type)) setType(token, Identifier);
    previous = token.tokenType;
  }
}

function setType(token: IToken, type: TokenType): void {
  token.tokenType = type;
  token.tokenTypeIdx = type.tokenTypeIdx!;
}
