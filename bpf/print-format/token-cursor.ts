/** The parser's place in the tokens, and how deep it is: hostile text must not overflow the stack. */
import type { EventField, EventFormat } from '../event-format.ts';
import { PrintFormatError, type Token } from './tokens.ts';

const MAX_DEPTH = 100;

export class TokenCursor {
  readonly format: EventFormat;
  /** sizeof(long) of the recorded kernel. */
  readonly longSize: 4 | 8;
  private readonly tokens: readonly Token[];
  private index = 0;
  private depth = 0;

  constructor(tokens: readonly Token[], format: EventFormat, longSize: 4 | 8) {
    this.tokens = tokens;
    this.format = format;
    this.longSize = longSize;
  }

  peek(ahead = 0): Token {
    return this.tokens[Math.min(this.index + ahead, this.tokens.length - 1)]!;
  }

  next(): Token {
    const token = this.peek();
    if (token.kind !== 'end') this.index++;
    return token;
  }

  /** Is the token `ahead` this operator? */
  isAt(operator: string, ahead = 0): boolean {
    const token = this.peek(ahead);
    return token.kind === 'operator' && token.text === operator;
  }

  accept(operator: string): boolean {
    if (!this.isAt(operator)) return false;
    this.index++;
    return true;
  }

  expect(operator: string): void {
    if (!this.accept(operator)) this.fail(`expected '${operator}'`);
  }

  word(what: string): string {
    const token = this.peek();
    if (token.kind !== 'word') this.fail(`expected ${what}`);
    this.index++;
    return token.text;
  }

  /** A field by name. */
  field(): EventField {
    const { offset } = this.peek();
    const name = this.word('a field name');
    const field = this.format.fields.find((candidate) => candidate.name === name);
    if (field === undefined) throw new PrintFormatError(`the event has no field '${name}'`, offset);
    return field;
  }

  /** Runs `parse` one level deeper. */
  nested<Result>(parse: () => Result): Result {
    if (this.depth >= MAX_DEPTH) this.fail('nested too deeply');
    this.depth++;
    const result = parse();
    this.depth--;
    return result;
  }

  fail(message: string): never {
    const token = this.peek();
    const found = token.kind === 'end' ? 'the end' : `'${token.text.slice(0, 40)}'`;
    throw new PrintFormatError(`${message} at ${found}`, token.offset);
  }
}
