/** Diagnostics for this terminal. */
import type { Diagnostic } from '../bpf/diagnostic.ts';
import type { Source } from '../bpf/span.ts';
import { type RenderOptions, renderDiagnostics } from '../compiler/diagnostics/render.ts';
import type { CliIo } from './io.ts';

function renderOptions(io: CliIo): RenderOptions {
  const wanted = io.env.BPFTRACE_COLOR ?? 'auto';
  const both = io.terminal?.stdout === true && io.terminal.stderr;
  return { color: wanted === 'always' || (wanted === 'auto' && both && io.env.NO_COLOR === undefined) };
}

/** Text of diagnostics; coloured at a terminal unless BPFTRACE_COLOR or NO_COLOR say otherwise. */
export function render(diagnostics: readonly Diagnostic[], sources: readonly Source[], io: CliIo): string {
  return renderDiagnostics(diagnostics, sources, renderOptions(io));
}
