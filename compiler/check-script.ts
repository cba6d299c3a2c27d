/**
 * What is wrong with a script, and what could be better, without running it: for editors and continuous integration.
 * Pure and re-entrant; thousands of scripts in one process share the parser and the kernel's tables.
 */
import type { Diagnostic } from '../bpf/diagnostic.ts';
import type { Source } from '../bpf/span.ts';
import { type AnalyseOptions, type Analysis, analyse } from './analyse.ts';
import { generateScript, problemOf } from './compile.ts';
import type { LintName } from './lint/names.ts';
import { runLints } from './lint/run.ts';
import { SourceList } from './sources.ts';
import { UniqueDiagnostics } from './unique-diagnostics.ts';

export interface CheckOptions extends AnalyseOptions {
  /** The lints to run: all of them when absent. */
  readonly lints?: ReadonlySet<LintName>;
  /** Stop at types: do not look whether the code fits the kernel's limits. */
  readonly typesOnly?: boolean;
}

export interface CheckResult {
  /** Nothing reported is an error. */
  readonly ok: boolean;
  /** Errors first, each group in the order of the text; what has no place comes first. */
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly Source[];
}

/** Checks one script. Never throws. */
export function check(options: CheckOptions): CheckResult {
  const sink = new UniqueDiagnostics();
  const sources = new SourceList(options.source);
  try {
    const analysis = analyse(options, sources, sink);
    if (!sink.hasErrors) finish(options, analysis, sink);
  } catch (error) {
    sink.report(problemOf(error));
  }
  return {
    ok: !sink.hasErrors,
    diagnostics: inOrder(sink.items.filter((item) => concerns(item, options))),
    sources: sources.list,
  };
}

function finish(options: CheckOptions, analysis: Analysis, sink: UniqueDiagnostics): void {
  runLints(analysis, options.lints, sink);
  // What is only taken as being there has no types to generate code from.
  if (options.mockSymbols || options.typesOnly) return;
  generateScript(options, analysis, sink, {});
}

/** Who gives no parameters checks the script, not a command line. */
function concerns({ code }: Diagnostic, { params = [] }: CheckOptions): boolean {
  return code !== MISSING_PARAMETER || params.length > 0;
}

const MISSING_PARAMETER = 'BT0915';

function inOrder(items: readonly Diagnostic[]): readonly Diagnostic[] {
  const key = ({ severity, span }: Diagnostic): number =>
    (severity === 'error' ? 0 : 2 ** 40) + (span?.source ?? 0) * 2 ** 32 + (span?.start ?? -1);
  return [...items].sort((left, right) => key(left) - key(right));
}
