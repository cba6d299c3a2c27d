/** The entry of the front end: text → tree. Always gives a tree, never throws, takes time linear in the text. */
import type { Diagnostic, DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Source, Span } from '../../bpf/span.ts';
import { nestedTooDeeply, unterminatedComment } from '../diagnostics/messages.gen.ts';
import type { Comment, Expression, Item, Script } from './ast.ts';
import { HEIGHT_LIMIT, tooTall } from './depth.ts';
import { createLexer, type LexerMode, type ScriptLexer, type TokenList } from './lexer.ts';
import { endOf, NestingFault } from './parser-base.ts';
import type { ScanNote } from './scan.ts';
import { type ScriptParts, ScriptRules } from './script-rules.ts';
import { LineComment } from './tokens.ts';

/**
 * The lexer and the parser with their analysed grammar: dear to make, so made once and shared. They hold no state
 * between two scripts.
 */
export interface Grammar {
  readonly lexer: ScriptLexer;
  readonly parser: ScriptRules;
}

/** `validate` has chevrotain check the grammar itself, which takes several times as long: for tests. */
export function createGrammar(options: { readonly validate?: boolean } = {}): Grammar {
  const validate = options.validate ?? false;
  return { lexer: createLexer(validate), parser: new ScriptRules(validate) };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const sharedGrammar: () => Grammar = once(() => createGrammar());

export interface ParseOptions {
  /** The script's arguments, for `$1` in attach points. */
  readonly params?: readonly string[];
  readonly grammar?: Grammar;
}

/** Parses a whole script. Diagnostics reach the sink in the order of their places. */
export function parseScript(
  source: Source,
  sourceIndex: number,
  sink: DiagnosticSink,
  options: ParseOptions = {},
): Script {
  const parts: ScriptParts = { preamble: [], imports: [], items: [] };
  const { comments } = runGrammar(
    { source, sourceIndex, sink, options, mode: 'root' },
    (parser) => {
      parser.script(parts);
    },
    () => limitItems(parts.items),
  );
  return {
    kind: 'script',
    span: { source: sourceIndex, start: 0, end: source.text.length },
    ...parts,
    comments,
  };
}

/** Parses one expression that is all of the text, as the body of a C macro is; undefined when it is not one. */
export function parseExpression(
  source: Source,
  sourceIndex: number,
  sink: DiagnosticSink,
  options: ParseOptions = {},
): Expression | undefined {
  const found: Expression[] = [];
  const { failed } = runGrammar(
    { source, sourceIndex, sink, options, mode: 'code' },
    (parser) => {
      const expression = parser.wholeExpression();
      if (expression) found.push(expression);
    },
    () => tooTallDiagnostics(found),
  );
  return failed ? undefined : found[0];
}

interface GrammarRun {
  readonly source: Source;
  readonly sourceIndex: number;
  readonly sink: DiagnosticSink;
  readonly options: ParseOptions;
  readonly mode: LexerMode;
}

function runGrammar(
  run: GrammarRun,
  parse: (parser: ScriptRules) => void,
  check: () => readonly Diagnostic[],
): { readonly comments: readonly Comment[]; readonly failed: boolean } {
  const { lexer, parser } = run.options.grammar ?? sharedGrammar();
  const { text } = run.source;
  const found: Diagnostic[] = [];
  const list = lexer.tokenize(text, run.mode);
  const comments = commentsOf(list, run.sourceIndex, found);
  const { params = [] } = run.options;
  parser.begin({
    tokens: list.tokens,
    text,
    source: run.sourceIndex,
    params,
    sink: { report: (item) => found.push(item) },
  });
  try {
    parse(parser);
  } catch (error) {
    // The nesting limit was passed and reported; what was read before it stands. A caller deep in its own stack may
    // leave us less room than the limit needs.
    if (error instanceof RangeError) found.push(parser.nestingDiagnostic());
    else if (!(error instanceof NestingFault)) throw error;
  } finally {
    parser.release();
  }
  // A tree of so few tokens cannot be too tall.
  if (list.tokens.length > HEIGHT_LIMIT) for (const one of check()) found.push(one);
  found.sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
  for (const diagnostic of found) run.sink.report(diagnostic);
  return { comments, failed: found.some((item) => item.severity === 'error') };
}

function commentsOf(list: TokenList, source: number, found: Diagnostic[]): Comment[] {
  return list.comments.map((token) => {
    const span: Span = { source, start: token.startOffset, end: endOf(token) };
    if (!(token.payload as ScanNote).closed) found.push(unterminatedComment(span));
    return { span, style: token.tokenType === LineComment ? 'line' : 'block', text: token.image };
  });
}

/** Puts an error item in the place of every item whose tree is too tall. */
function limitItems(items: Item[]): Diagnostic[] {
  return items.flatMap((item, index) => {
    const problems = tooTallDiagnostics([item]);
    if (problems.length > 0) items[index] = { kind: 'error-item', span: item.span };
    return problems;
  });
}

function tooTallDiagnostics(nodes: readonly object[]): Diagnostic[] {
  return nodes.flatMap((node) => {
    const span = tooTall(node);
    return span ? [nestedTooDeeply(span, { limit: HEIGHT_LIMIT })] : [];
  });
}
