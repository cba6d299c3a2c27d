/**
 * Runs an object without a script section: what it prints for the trace pipe, and what its maps and variables hold at the
 * end, is all there is to print.
 */
import type { CoreProblem } from '../bpf/core/index.ts';
import type { BpfObject } from '../bpf/object.ts';
import type { Kernel } from '../runtime/kernel.ts';
import { runObjectSession } from '../runtime/object-session.ts';
import { VerificationError } from '../runtime/verification-error.ts';
import { createSink, type ExecuteFlags, printContext, refuse } from './execute.ts';
import { type CliIo, EXIT } from './io.ts';
import { type FactFlags, kernelFacts } from './kernel-facts.ts';
import { openResults } from './output.ts';
import { createProgress } from './progress.ts';
import { render } from './render.ts';

export async function runForeign(
  kernel: Kernel,
  object: BpfObject,
  flags: ExecuteFlags & FactFlags,
  io: CliIo,
): Promise<number> {
  const results = openResults(io, flags.o, flags.B);
  const progress = createProgress(kernel, io);
  const note = (message: string): void => {
    if (flags.warnings !== false) io.stderr(`WARNING: ${message}\n`);
  };
  note(
    'the object has no script section: its trace_printk texts are printed, and what its maps hold at the end',
  );
  try {
    const facts = await kernelFacts(kernel.describe(), flags, note, io);
    const signal = flags.dryRun === true ? AbortSignal.abort() : io.signal;
    const session = await runObjectSession({
      kernel,
      object,
      sink: createSink(object.sources, printContext(kernel, ''), results, flags, io),
      facts,
      note,
      relocationProblems: (problems) => showProblems(problems, object, flags, io),
      ...(signal === undefined ? {} : { signal }),
      ...(flags.verify === undefined ? {} : { verify: flags.verify }),
      onProgress: () => {
        results.tick();
        progress.tick();
      },
    });
    progress.clear();
    if (session.records > 0) note(`${session.records} records of its output buffers were not read`);
    if (session.attached > 0) return EXIT.ok;
    io.stderr('ERROR: none of its programs could be attached\n');
    return EXIT.attach;
  } catch (error) {
    if (error instanceof VerificationError) return await refuse(error, io);
    throw error;
  } finally {
    results.close();
  }
}

/** What leaves programs out: relocations that fail, and those that nothing guards. */
export function showProblems(
  problems: readonly CoreProblem[],
  { sources }: BpfObject,
  flags: ExecuteFlags,
  io: CliIo,
): void {
  const shown = problems
    .filter(({ severity }) => severity === 'error' || flags.warnings !== false)
    .map(({ function: name, slot, severity, message, span }) => ({
      code: 'RT0006',
      severity,
      message: `${name}: instruction ${slot}: ${message}`,
      ...(span === undefined ? {} : { span }),
    }));
  io.stderr(render(shown, sources, io));
}
