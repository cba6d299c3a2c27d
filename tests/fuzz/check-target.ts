/**
 * What editors ask for as fuzz targets: `check` with every lint, against Linux 6.1 as it is or with whatever a script names
 * taken as being there, and `fmt`. Problems have places inside of the text, and a layout is one that stays.
 */
import type { Diagnostic } from '../../bpf/diagnostic.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import type { Source } from '../../bpf/span.ts';
import { check } from '../../compiler/check-script.ts';
import { diagnosticsToJson } from '../../compiler/diagnostics/json.ts';
import { renderDiagnostics } from '../../compiler/diagnostics/render.ts';
import { format } from '../../compiler/fmt/format.ts';
import { bundledSnapshot, openSnapshotFile } from '../../runtime/node/snapshot-file.ts';

export function checkTarget(): (text: string) => void {
  const kernel = openSnapshotFile(bundledSnapshot('linux-6.1')!);
  const target = profileFor(kernel.version);
  return (text) => {
    const source = { name: 'fuzz', text };
    // Told from the text, so that a failure is seen again with the text alone.
    const mockSymbols = text.length % 2 === 0;
    const unsafe = text.length % 3 === 0;
    const { ok, diagnostics, sources } = check({
      source,
      kernel,
      target,
      params: ['1'],
      mockSymbols,
      unsafe,
    });
    if (ok !== diagnostics.every(({ severity }) => severity !== 'error')) throw new Error(`ok is ${ok}`);
    judge(diagnostics, sources);
  };
}

export function formatTarget(): (text: string) => void {
  return (text) => {
    const source = { name: 'fuzz', text };
    const { text: made, diagnostics } = format(source);
    judge(diagnostics, [source]);
    if (made === undefined && diagnostics.length === 0) throw new Error('refused without a word');
    if (made === undefined) return;
    const again = format({ name: 'fuzz', text: made }).text;
    if (again !== made) throw new Error(`formatted twice: ${JSON.stringify(made)}\n${JSON.stringify(again)}`);
  };
}

/** Both forms of problems can be made, none is a bug of ours, and each lies in its text. */
function judge(diagnostics: readonly Diagnostic[], sources: readonly Source[]): void {
  renderDiagnostics(diagnostics, sources);
  diagnosticsToJson(diagnostics, sources);
  for (const { code, message, span } of diagnostics) {
    if (message.startsWith('internal')) throw new Error(`${code}: ${message}`);
    if (span === undefined) continue;
    const length = sources[span.source]?.text.length ?? -1;
    if (span.start < 0 || span.end < span.start || span.end > length)
      throw new Error(`${code}: place ${JSON.stringify(span)} of "${message}"`);
  }
}
