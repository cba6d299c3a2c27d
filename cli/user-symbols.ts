/** Symbols of the files that a recording says were mapped, out of this machine's. */
import type { EventRecording } from '../runtime/recording/event-recording.ts';
import type { SymbolPorts } from '../runtime/recording/perf-data/index.ts';

/** Only perf.data tells what was mapped. */
export async function userSymbols({
  format,
}: EventRecording): Promise<{ readonly userSymbol?: NonNullable<SymbolPorts['user']> }> {
  if (format !== 'perf.data') return {};
  const [{ MappedFiles }, { loadXz }] = await Promise.all([
    import('../runtime/node/mapped-files.ts'),
    import('../runtime/node/xz.ts'),
  ]);
  const files = new MappedFiles(await loadXz());
  return { userSymbol: (file, offset) => files.symbolAt(file, offset) };
}
