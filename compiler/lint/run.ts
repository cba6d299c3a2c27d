/** Runs lints over what the checker found no error in. */
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { Analysis } from '../analyse.ts';
import type { LintName } from './names.ts';
import { makeSubject } from './subject.ts';
import { LINTS } from './table.ts';

/** Lints speak of the script's own text, never of what was imported into it. */
const OWN_SOURCE = 0;

export function runLints(
  analysis: Analysis,
  wanted: ReadonlySet<LintName> | undefined,
  sink: DiagnosticSink,
): void {
  const own: DiagnosticSink = {
    report: (item) => {
      if (item.span?.source === OWN_SOURCE) sink.report(item);
    },
  };
  const subject = makeSubject(analysis, own);
  for (const [name, lint] of Object.entries(LINTS)) {
    if (wanted === undefined || wanted.has(name as LintName)) lint(subject);
  }
}
