/**
 * What all grammar rules stand on: spans of tokens, errors as diagnostics (one for each place and statement), the
 * nesting limit and skipping to a place where parsing can go on. The parser keeps no state between two scripts: `begin` sets
 * all of it.
 */
import {
  EmbeddedActionsParser,
  EOF,
  type IParserErrorMessageProvider,
  type IToken,
  isRecognitionException,
  type TokenType,
} from 'chevrotain';
import type { Diagnostic, DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import type { DiagnosticExtra } from '../diagnostics/make.ts';
import { expectedSyntax, nestedTooDeeply } from '../diagnostics/messages.gen.ts';
import type { ErrorExpression } from './ast.ts';
import { FirstLookahead } from './first-lookahead.ts';
import { ALL_TOKENS, KEYWORDS, LCurly, RCurly, Semicolon } from './tokens.ts';

export type Rule<T, A extends unknown[] = []> = (...args: A) => T;

/** What one run of the parser is about. */
export interface ParseInput {
  readonly tokens: IToken[];
  readonly text: string;
  readonly source: number;
  readonly params: readonly string[];
  readonly sink: DiagnosticSink;
}

/** How deep expressions, blocks and types may stand inside each other; a parenthesis counts 2, a block 3. */
export const NESTING_LIMIT = 200;

/** Thrown to leave the grammar when the nesting limit is passed; `parse.ts` catches it. */
export class NestingFault extends Error {}

const NO_INPUT: ParseInput = {
  tokens: [],
  text: '',
  source: 0,
  params: [],
  sink: { report: () => undefined },
};

export class ParserBase extends EmbeddedActionsParser {
  /** chevrotain's index of the last token taken; its typings leave it out. */
  declare protected readonly currIdx: number;
  private run: ParseInput = NO_INPUT;
  private nesting = 0;
  /** Set by the first error of a statement or item: what follows from it helps nobody. */
  private muted = false;

  constructor(validate: boolean) {
    super(ALL_TOKENS, {
      maxLookahead: 1,
      lookaheadStrategy: new FirstLookahead(),
      recoveryEnabled: false,
      skipValidations: !validate,
      errorMessageProvider: MESSAGES,
    });
  }

  begin(run: ParseInput): void {
    this.run = run;
    this.nesting = 0;
    this.muted = false;
    this.input = run.tokens;
  }

  /** Lets go of the script. */
  release(): void {
    this.begin(NO_INPUT);
  }

  get params(): readonly string[] {
    return this.run.params;
  }

  get sink(): DiagnosticSink {
    return this.run.sink;
  }

  /* ---- spans ---- */

  protected span(start: number, end: number): Span {
    return { source: this.run.source, start, end };
  }

  protected spanOf(token: IToken): Span {
    return this.span(token.startOffset, endOf(token));
  }

  /** From `start` to the end of the last token taken. */
  protected spanFrom(start: number): Span {
    return this.span(start, Math.max(start, this.previousEnd()));
  }

  protected previousEnd(): number {
    const previous = this.LA(0);
    return previous.tokenType === EOF ? 0 : endOf(previous);
  }

  /** Where the next token begins; at the end of the text, its length. */
  protected nextStart(): number {
    const next = this.LA(1);
    return next.tokenType === EOF ? this.run.text.length : next.startOffset;
  }

  /* ---- looking ahead ---- */

  protected at(type: TokenType, ahead = 1): boolean {
    return this.LA(ahead).tokenType === type;
  }

  protected atAny(types: ReadonlySet<TokenType>, ahead = 1): boolean {
    return types.has(this.LA(ahead).tokenType);
  }

  protected isEnd(ahead = 1): boolean {
    return this.at(EOF, ahead);
  }

  /* ---- errors ---- */

  protected report(diagnostic: Diagnostic): void {
    this.run.sink.report(diagnostic);
  }

  /** A statement or item begins: its first error counts again. */
  protected unmute(): void {
    this.muted = false;
  }

  protected mute(): void {
    this.muted = true;
  }

  protected get failed(): boolean {
    return this.muted;
  }

  /** "expected …" about the next token, unless something before it was wrong already. */
  protected expected(what: string, extra?: DiagnosticExtra): void {
    this.expectedAt(this.LA(1), what, extra);
  }

  protected expectedAt(token: IToken, expected: string, extra?: DiagnosticExtra): void {
    if (this.muted) return;
    this.muted = true;
    const hints =
      KEYWORD_IMAGES.has(token.image) && expected.endsWith('name') ? [keywordHint(token.image)] : [];
    this.report(
      expectedSyntax(this.errorSpan(token), { expected }, extra ?? (hints.length > 0 ? { hints } : {})),
    );
  }

  /** Words, numbers and sigils are underlined whole, other tokens by their first character. */
  private errorSpan(token: IToken): Span {
    if (token.tokenType === EOF) return this.span(this.run.text.length, this.run.text.length);
    const span = this.spanOf(token);
    return /^[A-Za-z0-9_$@]/.test(token.image) ? span : { ...span, end: span.start + 1 };
  }

  /** Takes the token or, when it is missing, says so and goes on as if it were there. */
  protected softly(type: TokenType, taken: IToken | undefined, what: string = labelOf(type)): void {
    if (!taken) this.expected(what);
  }

  /** For wrong tokens after which the rest cannot be trusted. */
  protected mutingSink(): DiagnosticSink {
    return {
      report: (diagnostic) => {
        this.report(diagnostic);
        this.mute();
      },
    };
  }

  /** Runs `parse`; when it meets a syntax error, reports it and gives undefined. */
  protected attempt<T>(parse: () => T): T | undefined {
    try {
      return parse();
    } catch (error) {
      if (!isRecognitionException(error as Error)) throw error;
      const { token, message } = error as Error & { token: IToken };
      this.expectedAt(token, message);
      return undefined;
    }
  }

  protected errorExpression(what = 'expression'): ErrorExpression {
    this.expected(what);
    const at = this.previousEnd();
    return { kind: 'error-expression', span: this.span(at, at) };
  }

  /* ---- nesting ---- */

  nestingDiagnostic(): Diagnostic {
    return nestedTooDeeply(this.errorSpan(this.LA(1)), { limit: NESTING_LIMIT });
  }

  /** Counts levels while `parse` runs: as many as its rules are heavy on the stack. */
  protected nested<T>(parse: () => T, levels = 1): T {
    if (this.RECORDING_PHASE) return parse();
    this.nesting += levels;
    if (this.nesting > NESTING_LIMIT) {
      this.report(this.nestingDiagnostic());
      throw new NestingFault();
    }
    try {
      return parse();
    } finally {
      this.nesting -= levels;
    }
  }

  /* ---- going on after an error ---- */

  protected position(): number {
    return this.currIdx;
  }

  /**
   * Skips the rest of a statement that began behind token `from`: to behind its `;`, to behind the `}` of its block, or up
   * to the `}` of the block around it.
   */
  protected skipStatement(from: number): void {
    let depth = this.curlyDepth(from);
    while (!this.isEnd()) {
      if (this.at(RCurly)) {
        if (depth === 0) return;
        this.SKIP_TOKEN();
        depth--;
        if (depth === 0 && !this.at(Semicolon)) return;
        continue;
      }
      if (this.at(LCurly)) depth++;
      const last = depth === 0 && this.at(Semicolon);
      this.SKIP_TOKEN();
      if (last) return;
    }
  }

  /** Skips the rest of a root item: to behind its outermost `}`, or up to a token that begins another item. */
  protected skipItem(from: number, starts: ReadonlySet<TokenType>): void {
    let depth = this.curlyDepth(from);
    while (!this.isEnd()) {
      if (depth === 0 && this.atAny(starts) && this.position() > from) return;
      const type = this.LA(1).tokenType;
      this.SKIP_TOKEN();
      if (type === LCurly) depth++;
      if (type === RCurly && --depth <= 0) return;
      if (type === Semicolon && depth === 0) return;
    }
  }

  /** Braces opened and not closed by the tokens taken since `from`. */
  private curlyDepth(from: number): number {
    let depth = 0;
    for (let back = this.position() - from - 1; back >= 0; back--) {
      if (this.at(LCurly, -back)) depth++;
      if (this.at(RCurly, -back)) depth--;
    }
    return Math.max(0, depth);
  }
}

const KEYWORD_IMAGES: ReadonlySet<string> = new Set(KEYWORDS.map((type) => type.PATTERN as string));

function keywordHint(word: string): string {
  return `'${word}' is a keyword and cannot be a name`;
}

/** Behind the token's last character; the lexer keeps only where tokens begin. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

function labelOf(type: TokenType): string {
  return type.LABEL ?? type.name;
}

/** Messages are what was expected; the diagnostic's text is made around it. */
const MESSAGES: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => labelOf(expected),
  buildNotAllInputParsedMessage: () => 'end of input',
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? 'expression',
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? 'expression',
};
