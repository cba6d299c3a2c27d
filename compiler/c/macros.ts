/**
 * Macros of C text and their expansion: arguments are expanded before they are put in, `#` and `##` see them as written,
 * and no macro expands in what it gave itself. Bounded, for macros may double at every step.
 */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';
import { cMacroArguments, cTooLarge } from '../diagnostics/messages.gen.ts';
import { type CToken, hides, isPunctuator, textOf } from './token.ts';
import { tokenizeC } from './tokenize.ts';

export interface CMacro {
  readonly name: string;
  readonly span: Span;
  /** Absent for one without parentheses. */
  readonly parameters?: readonly string[];
  readonly variadic: boolean;
  readonly body: readonly CToken[];
}

/** Tokens that expansion may make. */
const MOST_TOKENS = 500_000;

export class CTooLarge extends Error {}

export class CMacros {
  readonly table: Map<string, CMacro> = new Map();
  private readonly sink: DiagnosticSink;
  private made = 0;

  constructor(sink: DiagnosticSink) {
    this.sink = sink;
  }

  /** All macros expanded, again and again until none is left. */
  expand(tokens: readonly CToken[]): CToken[] {
    const output: CToken[] = [];
    // Read from the end: what a macro gives is put back.
    const input = tokens.toReversed();
    for (let token = input.pop(); token !== undefined; token = input.pop()) {
      const macro = token.kind === 'word' ? this.table.get(token.text) : undefined;
      if (macro === undefined || hides(token.hidden, macro.name)) {
        output.push(token);
        continue;
      }
      const call = macro.parameters === undefined ? [] : takeArguments(input);
      if (call === undefined) {
        output.push(token);
        continue;
      }
      const args = macro.parameters === undefined ? [] : this.fitting(macro, call, token.span);
      if (args === undefined) continue;
      const given = this.substitute(macro, args, token);
      this.count(given.length, token.span);
      for (const one of given.toReversed()) input.push(one);
    }
    return output;
  }

  private count(tokens: number, span: Span): void {
    this.made += tokens;
    if (this.made <= MOST_TOKENS) return;
    this.sink.report(cTooLarge(span, { limit: MOST_TOKENS }));
    throw new CTooLarge();
  }

  private fitting(
    { name, parameters = [], variadic }: CMacro,
    given: readonly CToken[][],
    span: Span,
  ): readonly CToken[][] | undefined {
    const args = parameters.length === 0 && given.length === 1 && given[0]!.length === 0 ? [] : given;
    if (variadic && args.length >= parameters.length - 1) {
      const fixed = args.slice(0, parameters.length - 1);
      const rest = args.slice(parameters.length - 1);
      const joined = rest.flatMap((one, index) => (index === 0 ? one : [COMMA(span), ...one]));
      return [...fixed, joined];
    }
    if (args.length === parameters.length) return args;
    this.sink.report(cMacroArguments(span, { name, given: args.length, wanted: parameters.length }));
    return undefined;
  }

  private substitute(macro: CMacro, args: readonly CToken[][], use: CToken): CToken[] {
    const { body, parameters = [] } = macro;
    const argumentOf = (token: CToken | undefined): CToken[] | undefined => {
      const index = token?.kind === 'word' ? parameters.indexOf(token.text) : -1;
      return index < 0 ? undefined : args[index];
    };
    const output: CToken[] = [];
    for (let at = 0; at < body.length; at++) {
      const token = body[at]!;
      const next = body[at + 1];
      const argument = argumentOf(token);
      if (isPunctuator(token, '#') && macro.parameters !== undefined && argumentOf(next) !== undefined) {
        output.push({ ...token, kind: 'string', text: quoted(argumentOf(next)!) });
        at++;
      } else if (isPunctuator(token, '##') && output.length > 0 && next !== undefined) {
        paste(output, argumentOf(next) ?? [next]);
        at++;
      } else if (argument === undefined) output.push(token);
      else if (isPunctuator(next, '##')) output.push(...argument);
      else output.push(...this.expand(argument));
    }
    return output.map((token) => ({
      ...token,
      span: use.span,
      lineStart: false,
      hidden: { name: macro.name, rest: token.hidden ?? use.hidden },
    }));
  }
}

const COMMA = (span: Span): CToken => ({
  kind: 'punctuator',
  text: ',',
  span,
  lineStart: false,
  spaced: false,
});

/** The arguments in parentheses at the end of `input`, which is turned around; undefined, and nothing taken, when there are none. */
function takeArguments(input: CToken[]): CToken[][] | undefined {
  if (!isPunctuator(input.at(-1), '(')) return undefined;
  const args: CToken[][] = [[]];
  let depth = 0;
  for (let at = input.length - 1; at >= 0; at--) {
    const token = input[at]!;
    const { text, kind } = token;
    if (kind === 'punctuator' && text === '(' && depth++ === 0) continue;
    if (kind === 'punctuator' && text === ')' && --depth === 0) {
      input.length = at;
      return args;
    }
    if (kind === 'punctuator' && text === ',' && depth === 1) args.push([]);
    else args.at(-1)!.push(token);
  }
  return undefined;
}

function quoted(tokens: readonly CToken[]): string {
  return `"${textOf(tokens).replaceAll(/["\\]/g, '\\$&')}"`;
}

/** Joins the last token with the first of the next ones. */
function paste(output: CToken[], next: readonly CToken[]): void {
  const [first, ...rest] = next;
  const last = output.pop()!;
  if (first === undefined) {
    output.push(last);
    return;
  }
  const text = last.text + first.text;
  for (const token of tokenizeC(text, { source: 0, start: 0, end: text.length })) {
    output.push({ ...token, span: last.span, lineStart: false, spaced: last.spaced });
  }
  output.push(...rest);
}
