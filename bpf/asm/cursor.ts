/**
 * Walks over one line of assembler text. A mistake ends the line: `AsmError` is thrown inside the parser and becomes a
 * diagnostic in `assemble.ts`, never further; the next line starts afresh.
 */
import type { Span } from '../span.ts';

/** What is wrong at a place of the line. */
export class AsmError extends Error {
  readonly span: Span;
  readonly hints: readonly string[];

  constructor(message: string, span: Span, hints: readonly string[] = []) {
    super(message);
    this.span = span;
    this.hints = hints;
  }
}

export class Cursor {
  readonly #text: string;
  readonly #source: number;
  #at: number;
  readonly #end: number;

  /** Walks `text` from `start` to `end`, both code units of the whole text. */
  constructor(text: string, source: number, start: number, end: number) {
    this.#text = text;
    this.#source = source;
    this.#at = start;
    this.#end = end;
    this.skipSpace();
  }

  /** Where the next token starts. */
  get at(): number {
    return this.#at;
  }

  get done(): boolean {
    return this.#at >= this.#end;
  }

  /** Takes what the sticky pattern matches here, and the space after it; undefined when it does not match. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null || this.#at + match[0].length > this.#end) return undefined;
    this.#at += match[0].length;
    this.skipSpace();
    return match;
  }

  /** Takes exactly this text, or fails. */
  expect(literal: string): void {
    if (!this.accept(literal)) this.fail(`expected '${literal}'`);
  }

  /** Takes exactly this text if it is next. */
  accept(literal: string): boolean {
    if (!this.#text.startsWith(literal, this.#at) || this.#at + literal.length > this.#end) return false;
    this.#at += literal.length;
    this.skipSpace();
    return true;
  }

  /** Demands that the line is over. */
  finish(): void {
    if (!this.done) this.fail('unexpected text after the instruction');
  }

  spanFrom(start: number): Span {
    return { source: this.#source, start, end: Math.max(start, this.#at) };
  }

  /** The rest of the line, as text. */
  rest(): string {
    const text = this.#text.slice(this.#at, this.#end).trim();
    this.#at = this.#end;
    return text;
  }

  /** Fails at the next token, or at what starts at `start`. */
  fail(message: string, start?: number, hints?: readonly string[]): never {
    const from = start ?? this.#at;
    const to = start === undefined ? this.#tokenEnd() : Math.max(this.#at, start + 1);
    throw new AsmError(
      message,
      { source: this.#source, start: from, end: Math.min(to, this.#text.length) },
      hints,
    );
  }

  skipSpace(): void {
    while (this.#at < this.#end && ' \t\r'.includes(this.#text[this.#at]!)) this.#at++;
  }

  #tokenEnd(): number {
    const token = /[\w.$]+|\S/y;
    token.lastIndex = this.#at;
    const match = token.exec(this.#text);
    return this.#at + (match?.[0].length ?? 0);
  }
}
