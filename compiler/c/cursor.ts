/** A place in a list of tokens. */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import { cExpected } from '../diagnostics/messages.gen.ts';
import type { CToken } from './token.ts';

/** Ends the reading of one declaration: it was complained of. */
export class CFault extends Error {}

/** How deep types, declarators and expressions may nest. */
const MOST_DEPTH = 200;

export class CCursor {
  private readonly tokens: readonly CToken[];
  private readonly sink: DiagnosticSink;
  private readonly end: CToken;
  private depth = 0;
  at = 0;

  /** `end`: what is marked when the text ends too early. */
  constructor(tokens: readonly CToken[], end: Span, sink: DiagnosticSink) {
    this.tokens = tokens;
    this.sink = sink;
    this.end = { kind: 'end', text: '', span: end, lineStart: true, spaced: false };
  }

  peek(ahead: number = 0): CToken {
    return this.tokens[this.at + ahead] ?? this.end;
  }

  next(): CToken {
    const token = this.peek();
    if (token.kind !== 'end') this.at++;
    return token;
  }

  get isEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  is(text: string, ahead: number = 0): boolean {
    const token = this.peek(ahead);
    return token.text === text && (token.kind === 'punctuator' || token.kind === 'word');
  }

  accept(text: string): CToken | undefined {
    return this.is(text) ? this.next() : undefined;
  }

  expect(text: string): CToken {
    return this.accept(text) ?? this.fail(`'${text}'`);
  }

  /** @throws CFault always, the complaint made */
  fail(expected: string): never {
    this.sink.report(cExpected(this.peek().span, { expected }));
    throw new CFault();
  }

  nested<T>(read: () => T): T {
    if (this.depth >= MOST_DEPTH) this.fail('less nesting');
    this.depth++;
    const made = read();
    this.depth--;
    return made;
  }

  /** Behind the end of the declaration: its `;`, or the one behind its braces. */
  skipDeclaration(start: number): void {
    this.at = start;
    this.depth = 0;
    let depth = 0;
    while (!this.isEnd) {
      const { text, kind } = this.next();
      if (kind !== 'punctuator') continue;
      if (text === '{' || text === '(') depth++;
      else if (text === '}' || text === ')') depth--;
      else if (text === ';' && depth <= 0) return;
    }
  }
}
