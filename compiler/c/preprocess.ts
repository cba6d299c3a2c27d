/** The preprocessor: directives are obeyed and macros expanded, and what is left is C text for the declarations' reader. */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import { joinSpans, type Span } from '../../bpf/span.ts';
import {
  badDirective,
  directiveError,
  directiveWarning,
  openConditional,
  strayConditional,
} from '../diagnostics/messages.gen.ts';
import { type ConstantNames, constantExpression } from './constant.ts';
import { CCursor, CFault } from './cursor.ts';
import type { Includes } from './includes.ts';
import { type CMacro, CMacros } from './macros.ts';
import { type CToken, isPunctuator, isWord, textOf } from './token.ts';
import { tokenizeC } from './tokenize.ts';

export interface CText {
  readonly name: string;
  readonly text: string;
  readonly span: Span;
}

/** One `#if … #endif` being read. */
interface Conditional {
  readonly at: Span;
  /** The text around it is read. */
  readonly outer: boolean;
  reading: boolean;
  /** One of its parts was read: no other will be. */
  taken: boolean;
  otherwise: boolean;
}

const IF_NAMES: ConstantNames = { word: () => undefined, unknownIsZero: true };

export interface PreprocessorOptions {
  readonly includes: Includes;
  readonly hasBtf: boolean;
  readonly sink: DiagnosticSink;
}

export class Preprocessor {
  readonly macros: CMacros;
  private readonly options: PreprocessorOptions;
  private readonly conditionals: Conditional[] = [];
  private readonly once: Set<string> = new Set();
  private depth = 0;
  private waiting: CToken[] = [];
  private output: CToken[] = [];

  constructor(options: PreprocessorOptions) {
    this.options = options;
    this.macros = new CMacros(options.sink);
    if (options.hasBtf) this.define('BPFTRACE_HAVE_BTF', '1', { source: 0, start: 0, end: 0 });
  }

  /** A macro without a place in the user's text. */
  private define(name: string, text: string, span: Span): void {
    const body = tokenizeC(text, { source: span.source, start: 0, end: text.length });
    this.macros.table.set(name, {
      name,
      span,
      variadic: false,
      body: body.map((token) => ({ ...token, span })),
    });
  }

  /** Reads on: pieces of a script's preamble or a whole header, one after another. */
  read({ name, text, span }: CText): void {
    const open = this.conditionals.length;
    for (const line of lines(tokenizeC(text, span))) this.line(line, name);
    if (this.depth > 0) this.closeConditionals(open);
  }

  /** What is left, all macros expanded. */
  finish(): readonly CToken[] {
    this.closeConditionals(0);
    this.flush();
    return this.output;
  }

  private closeConditionals(open: number): void {
    for (const { at } of this.conditionals.splice(open)) this.options.sink.report(openConditional(at));
  }

  private get reading(): boolean {
    return this.conditionals.at(-1)?.reading ?? true;
  }

  private line(line: readonly CToken[], file: string): void {
    if (isPunctuator(line[0], '#')) this.directive(line, file);
    else if (this.reading) this.waiting.push(...line);
  }

  /** Text is expanded by the macros of its place, and calls may go over several lines. */
  private flush(): void {
    for (const token of this.macros.expand(this.waiting)) this.output.push(token);
    this.waiting = [];
  }

  private directive(line: readonly CToken[], file: string): void {
    const [mark, word, ...rest] = line;
    if (word === undefined) return;
    if (this.conditional(word, rest, line) || !this.reading) return;
    this.flush();
    const span = joinSpans(mark!.span, line.at(-1)!.span);
    switch (word.text) {
      case 'define':
        this.defineDirective(rest, span);
        return;
      case 'undef':
        if (rest[0]?.kind === 'word') this.macros.table.delete(rest[0].text);
        else this.bad(rest[0]?.span ?? span, 'a name');
        return;
      case 'include':
        this.include(rest, span, file);
        return;
      case 'error':
        this.options.sink.report(directiveError(span, { text: textOf(rest) }));
        return;
      case 'warning':
        this.options.sink.report(directiveWarning(span, { text: textOf(rest) }));
        return;
      case 'pragma':
        this.pragma(rest, span, file);
        return;
      case 'line':
      case 'ident':
        return;
      default:
        this.bad(word.span, 'a directive');
    }
  }

  private bad(span: Span, expected: string): void {
    this.options.sink.report(badDirective(span, { expected }));
  }

  private pragma(rest: readonly CToken[], span: Span, file: string): void {
    if (isWord(rest[0], 'once')) this.once.add(file);
    else if (isWord(rest[0], 'pack')) this.bad(span, "__attribute__((packed)) instead of '#pragma pack'");
  }

  /* ---- conditions ---- */

  private conditional(word: CToken, rest: readonly CToken[], line: readonly CToken[]): boolean {
    const span = joinSpans(line[0]!.span, word.span);
    switch (word.text) {
      case 'if':
      case 'ifdef':
      case 'ifndef': {
        const outer = this.reading;
        const holds = outer && this.holds(word, rest);
        this.conditionals.push({ at: span, outer, reading: holds, taken: holds, otherwise: false });
        return true;
      }
      case 'elif':
      case 'else':
      case 'endif':
        this.otherwise(word, rest, span);
        return true;
      default:
        return false;
    }
  }

  private otherwise(word: CToken, rest: readonly CToken[], span: Span): void {
    const current = this.conditionals.at(-1);
    if (current === undefined || (word.text !== 'endif' && current.otherwise)) {
      this.options.sink.report(strayConditional(span, { directive: word.text }));
      return;
    }
    if (current.reading) this.flush();
    if (word.text === 'endif') {
      this.conditionals.pop();
      return;
    }
    current.otherwise = word.text === 'else';
    const holds = current.outer && !current.taken && (current.otherwise || this.holds(word, rest));
    current.reading = holds;
    current.taken ||= holds;
  }

  private holds(word: CToken, rest: readonly CToken[]): boolean {
    if (word.text === 'ifdef' || word.text === 'ifndef') {
      if (rest[0]?.kind !== 'word') {
        this.bad(rest[0]?.span ?? word.span, 'a name');
        return false;
      }
      return this.macros.table.has(rest[0].text) === (word.text === 'ifdef');
    }
    // Macros of the text before have to be those of its place, and `defined` sees names as they are.
    const tokens = this.macros.expand(this.withDefined(rest));
    const end = rest.at(-1)?.span ?? word.span;
    const cursor = new CCursor(tokens, { ...end, start: end.end }, this.options.sink);
    try {
      const { value } = constantExpression(cursor, IF_NAMES);
      if (!cursor.isEnd) cursor.fail('the end of the line');
      return value !== 0n;
    } catch (error) {
      if (error instanceof CFault) return false;
      throw error;
    }
  }

  private withDefined(tokens: readonly CToken[]): CToken[] {
    const output: CToken[] = [];
    for (let at = 0; at < tokens.length; at++) {
      const token = tokens[at]!;
      const parenthesis = isPunctuator(tokens[at + 1], '(');
      const name = tokens[at + (parenthesis ? 2 : 1)];
      if (!isWord(token, 'defined') || name?.kind !== 'word') {
        output.push(token);
        continue;
      }
      at += parenthesis ? 3 : 1;
      output.push({ ...token, kind: 'number', text: this.macros.table.has(name.text) ? '1' : '0' });
    }
    return output;
  }

  /* ---- #define, #include ---- */

  private defineDirective(rest: readonly CToken[], span: Span): void {
    const [name, open] = rest;
    if (name?.kind !== 'word') {
      this.bad(name?.span ?? span, 'a name');
      return;
    }
    const isFunction = isPunctuator(open, '(') && !open!.spaced;
    if (!isFunction) {
      this.macros.table.set(name.text, {
        name: name.text,
        span: name.span,
        variadic: false,
        body: rest.slice(1),
      });
      return;
    }
    const macro = this.functionMacro(name, rest);
    if (macro !== undefined) this.macros.table.set(name.text, macro);
  }

  private functionMacro(name: CToken, rest: readonly CToken[]): CMacro | undefined {
    const close = rest.findIndex((token) => isPunctuator(token, ')'));
    if (close < 0) {
      this.bad(rest.at(-1)!.span, "')'");
      return undefined;
    }
    const inside = rest.slice(2, close).filter((token) => !isPunctuator(token, ','));
    const wrong = inside.find((token) => token.kind !== 'word' && !isPunctuator(token, '...'));
    if (wrong !== undefined) {
      this.bad(wrong.span, 'a parameter');
      return undefined;
    }
    const variadic = isPunctuator(inside.at(-1), '...');
    const parameters = inside.map(({ text }) => (text === '...' ? '__VA_ARGS__' : text));
    return { name: name.text, span: name.span, parameters, variadic, body: rest.slice(close + 1) };
  }

  private include(rest: readonly CToken[], span: Span, file: string): void {
    const tokens = isPunctuator(rest[0], '<') || rest[0]?.kind === 'string' ? rest : this.macros.expand(rest);
    const first = tokens[0];
    const at = first === undefined ? span : joinSpans(first.span, tokens.at(-1)!.span);
    const angles = isPunctuator(first, '<') && isPunctuator(tokens.at(-1), '>');
    if (!angles && first?.kind !== 'string') {
      this.bad(at, '"file" or <file>');
      return;
    }
    const name = angles ? textOf(tokens.slice(1, -1)) : first!.text.slice(1, -1);
    const form = angles ? 'angles' : 'quotes';
    const found = this.options.includes.find(name, form, file, this.depth, at);
    if (found?.kind === 'header') {
      for (const [word, text] of found.constants) this.define(word, text, at);
    } else if (found !== undefined)
      this.file(found.source, found.text, this.options.includes.nameOf(found.source));
  }

  /** A header, whole. */
  file(source: number, text: string, name: string): void {
    if (this.once.has(name)) return;
    this.depth++;
    this.read({ name, text, span: { source, start: 0, end: text.length } });
    this.flush();
    this.depth--;
  }
}

function* lines(tokens: readonly CToken[]): Generator<readonly CToken[], void, undefined> {
  let start = 0;
  for (let at = 1; at <= tokens.length; at++) {
    if (at < tokens.length && !tokens[at]!.lineStart) continue;
    yield tokens.slice(start, at);
    start = at;
  }
}
