/**
 * `bpfkit fmt`: a script laid out anew. What it means and every comment stay: both are compared with the original before
 * the text is given out.
 */
import { type Diagnostic, DiagnosticList } from '../../bpf/diagnostic.ts';
import type { Source } from '../../bpf/span.ts';
import { formatChanged } from '../diagnostics/messages.gen.ts';
import type { Script } from '../syntax/ast.ts';
import { parseScript } from '../syntax/parse.ts';
import { printDoc } from './doc.ts';
import { difference } from './same-meaning.ts';
import { layScript } from './script.ts';

export interface FormatResult {
  /** Absent when the script cannot be read. */
  readonly text?: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Columns that lines keep within where they can be broken. */
export const WIDTH = 80;

/** Never throws, and never gives a text that means something else. */
export function format(source: Source): FormatResult {
  const problems = new DiagnosticList();
  const script = parseScript(source, 0, problems);
  if (problems.hasErrors) return { diagnostics: problems.items };
  const text = printDoc(layScript(script, source), WIDTH);
  const changed = check(script, { ...source, text });
  if (changed !== undefined) return { diagnostics: [formatChanged(undefined, { detail: changed })] };
  return { text, diagnostics: problems.items };
}

function check(script: Script, made: Source): string | undefined {
  const problems = new DiagnosticList();
  const again = parseScript(made, 0, problems);
  const [problem] = problems.items.filter(({ severity }) => severity === 'error');
  return problem?.message ?? difference(script, again);
}
