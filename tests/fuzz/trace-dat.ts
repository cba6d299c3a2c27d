/**
 * Seeded mutations of trace.dat files: truncations, bit flips, lengths that lie, blocks moved about. Each must end in
 * a RecordingError or a read with or without warnings; nothing may crash, hang, or hold more than a few files of memory.
 */
import { nodeDecompressor } from '../../runtime/node/decompressor.ts';
import type { CompressionName, Decompressor } from '../../runtime/recording/index.ts';
import { openRecording, RecordingError } from '../../runtime/recording/index.ts';
import { mutate, seededRandom } from './bytes.ts';

export interface FuzzOutcome {
  readonly kind: 'error' | 'partial' | 'whole';
  /** What was done to the file. */
  readonly mutation: string;
  readonly records: number;
  /** Largest sum of decompressed bytes that could be alive at once. */
  readonly peakBytes: number;
}

/** What a run may take, whatever was done to the file. */
export interface FuzzLimits {
  /** Decompressed bytes alive at once, from the bytes of the unharmed file. */
  readonly peakBytes: (fileSize: number) => number;
  readonly milliseconds: number;
}

export const USUAL_LIMITS: FuzzLimits = {
  peakBytes: (fileSize) => Math.max(4 * fileSize, 16 * 2 ** 20),
  milliseconds: 5000,
};

export interface FuzzSummary {
  readonly runs: number;
  readonly errors: number;
  readonly partial: number;
  readonly whole: number;
  readonly records: number;
  /** Largest `peakBytes` of a run. */
  readonly peakBytes: number;
  /** Milliseconds of the slowest run. */
  readonly slowest: number;
}

/** Opens a file and reads everything in it. Rethrows whatever is no RecordingError. */
export function readEverything(bytes: Uint8Array, mutation: string): FuzzOutcome {
  const memory = new CountingDecompressor();
  let records = 0;
  try {
    const recording = openRecording(bytes, { decompressor: memory });
    for (const { id } of recording.events.names) recording.events.byId(id);
    const threads = recording.threads();
    const cursor = recording.cursor();
    let sum = 0;
    while (cursor.next()) {
      records++;
      threads.observe(cursor);
      sum ^= cursor.view.getUint8(cursor.offset + cursor.length - 1);
    }
    recording.sections();
    recording.printkFormats();
    recording.kernelSymbols().symbolAt(BigInt(sum));
    const isWhole = recording.warnings.length === 0 && cursor.lostUncounted === 0;
    return { kind: isWhole ? 'whole' : 'partial', mutation, records, peakBytes: memory.peak };
  } catch (error) {
    if (!(error instanceof RecordingError)) throw new Error(`${mutation}: ${error}`, { cause: error });
    return { kind: 'error', mutation, records, peakBytes: memory.peak };
  }
}

/** Runs `runs` mutations of the files in turn. @throws when one of them crashes the reader or takes more than `limits` */
export async function fuzzTraceDat(
  files: readonly Uint8Array[],
  runs: number,
  seed: number,
  limits: FuzzLimits = USUAL_LIMITS,
): Promise<FuzzSummary> {
  const random = seededRandom(seed);
  const summary = { runs, errors: 0, partial: 0, whole: 0, records: 0, peakBytes: 0, slowest: 0 };
  for (let run = 0; run < runs; run++) {
    const file = files[run % files.length]!;
    const { bytes, mutation } = mutate(file, random);
    const started = performance.now();
    const outcome = readEverything(bytes, mutation);
    const milliseconds = performance.now() - started;
    checkLimits(
      { milliseconds, peakBytes: outcome.peakBytes },
      file.length,
      limits,
      `seed ${seed}, run ${run}: ${mutation}`,
    );
    // What failed decompressions hold is let go in the next turn of the event loop.
    await new Promise(setImmediate);
    summary.slowest = Math.max(summary.slowest, milliseconds);
    summary.peakBytes = Math.max(summary.peakBytes, outcome.peakBytes);
    summary.records += outcome.records;
    if (outcome.kind === 'error') summary.errors++;
    else summary[outcome.kind]++;
  }
  return summary;
}

function checkLimits(
  used: { readonly milliseconds: number; readonly peakBytes: number },
  fileSize: number,
  limits: FuzzLimits,
  what: string,
): void {
  const allowed = limits.peakBytes(fileSize);
  if (used.peakBytes > allowed) {
    throw new Error(`${what}: ${used.peakBytes} bytes unpacked of a file of ${fileSize}, ${allowed} allowed`);
  }
  if (used.milliseconds > limits.milliseconds) {
    throw new Error(`${what}: took ${used.milliseconds.toFixed(0)} ms`);
  }
}

/** Metadata stays alive; of each CPU's chunks the last does. Sums the former, and the largest of the latter twice. */
class CountingDecompressor implements Decompressor {
  private kept = 0;
  private largestChunk = 0;

  get peak(): number {
    return this.kept + 2 * this.largestChunk;
  }

  decompress(algorithm: CompressionName, input: Uint8Array, size: number): Uint8Array {
    const output = nodeDecompressor.decompress(algorithm, input, size);
    // Chunks are whole pages, which metadata is by chance at most.
    if (size % 4096 === 0) this.largestChunk = Math.max(this.largestChunk, size);
    else this.kept += size;
    return output;
  }
}
