/** Runs an object without a script section: what its maps and variables hold at the end is all there is to print. */
import type { BpfObject } from '../bpf/object.ts';
import type { Kernel } from '../runtime/kernel.ts';
import { runObjectSession } from '../runtime/object-session.ts';
import { createSink, type ExecuteFlags, printContext } from './execute.ts';
import { type CliIo, EXIT } from './io.ts';
import { openResults } from './output.ts';
import { createProgress } from './progress.ts';

export async function runForeign(
  kernel: Kernel,
  object: BpfObject,
  flags: ExecuteFlags,
  io: CliIo,
): Promise<number> {
  const results = openResults(io, flags.o, flags.B);
  const progress = createProgress(kernel, io);
  const note = (message: string): void => {
    if (flags.warnings !== false) io.stderr(`WARNING: ${message}\n`);
  };
  note('the object has no script section: nothing is printed but what its maps hold at the end');
  try {
    const signal = flags.dryRun === true ? AbortSignal.abort() : io.signal;
    const session = await runObjectSession({
      kernel,
      object,
      sink: createSink(object.sources, printContext(kernel, ''), results, flags, io),
      note,
      ...(signal === undefined ? {} : { signal }),
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
  } finally {
    results.close();
  }
}
