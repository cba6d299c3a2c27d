/**
 * Seeded mutations of perf.data files, with sections and as pipes, plain and compressed. Each must end in a RecordingError or
 * a read with or without warnings; nothing may crash, hang, or hold more than a few files of memory.
 */
import { zstdCompressSync } from 'node:zlib';
import { nodeDecompressor } from '../../runtime/node/decompressor.ts';
import { openPerfData, RecordingError, symbolise } from '../../runtime/recording/index.ts';
import { mutate, seededRandom } from './bytes.ts';
import type { FuzzLimits, FuzzOutcome, FuzzSummary } from './trace-dat.ts';

/** Of tests/data/perf-data: small ones, most of whose bytes are structure. */
export const PERF_RECORDINGS = [
  'sched-stacks',
  'pipe-zstd',
  'cpu-clock',
  'group',
  'zstd',
  'one-event',
  'pipe',
  'everything',
  'mono',
] as const;

/** Bytes that may wait for their turn: decompressed ones are let go at four files, or at 4 MiB. */
export const PERF_LIMITS: FuzzLimits = {
  peakBytes: (fileSize) => Math.max(8 * fileSize, 6 * 2 ** 20),
  milliseconds: 5000,
};

/** Damage within a zstd stream mostly ends it; to reach the records in it, they are damaged first and packed then. */
const PACK_EVERY = 5;
const PART_SIZE = 60_000;
const DATA_OFFSET_AT = 40;

/** The file with its data section as compressed records; features and all behind it are lost. */
function packed(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 104) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getBigUint64(DATA_OFFSET_AT, true);
  const end = start + view.getBigUint64(DATA_OFFSET_AT + 8, true);
  if (end > BigInt(bytes.length) || start < 104n) return bytes;
  const stream = zstdCompressSync(bytes.subarray(Number(start), Number(end)));
  const parts: Uint8Array[] = [bytes.slice(0, Number(start))];
  let size = 0;
  for (let at = 0; at < stream.length; at += PART_SIZE) {
    const part = stream.subarray(at, at + PART_SIZE);
    const header = new Uint8Array(8);
    const fields = new DataView(header.buffer);
    fields.setUint32(0, 81, true);
    fields.setUint16(6, part.length + 8, true);
    parts.push(header, part);
    size += part.length + 8;
  }
  new DataView(parts[0]!.buffer).setBigUint64(DATA_OFFSET_AT + 8, BigInt(size), true);
  return new Uint8Array(Buffer.concat(parts));
}

/** Opens a file and reads everything in it, stacks included. Rethrows whatever is no RecordingError. */
export function readPerfData(bytes: Uint8Array, mutation: string): FuzzOutcome {
  let peakBytes = 0;
  let records = 0;
  try {
    const recording = openPerfData(bytes, { decompressor: nodeDecompressor });
    for (const { id } of recording.events.names) recording.events.byId(id);
    const threads = recording.threads();
    const cursor = recording.cursor();
    let sum = 0;
    while (cursor.next()) {
      records++;
      threads.observe(cursor);
      threads.commOf(cursor.tid, 0);
      for (let at = 0; at < cursor.length; at++) sum ^= cursor.view.getUint8(cursor.offset + at);
      const chain = cursor.callChain();
      if (chain !== undefined && records % 16 === 0) symbolise(chain, cursor.tid, cursor.processes, {});
      if (records % 4 === 0) sum ^= cursor.sample()?.tid ?? 0;
      peakBytes = Math.max(peakBytes, cursor.held);
    }
    recording.printkFormats();
    const isWhole = recording.warnings.length === 0 && Number.isInteger(sum);
    return { kind: isWhole ? 'whole' : 'partial', mutation, records, peakBytes };
  } catch (error) {
    if (!(error instanceof RecordingError)) throw new Error(`${mutation}: ${error}`, { cause: error });
    return { kind: 'error', mutation, records, peakBytes };
  }
}

/** Runs `runs` mutations of the files in turn. @throws when one of them crashes the reader or takes more than `limits` */
export async function fuzzPerfData(
  files: readonly Uint8Array[],
  runs: number,
  seed: number,
  limits: FuzzLimits = PERF_LIMITS,
): Promise<FuzzSummary> {
  const random = seededRandom(seed);
  const summary = { runs, errors: 0, partial: 0, whole: 0, records: 0, peakBytes: 0, slowest: 0 };
  for (let run = 0; run < runs; run++) {
    const file = files[run % files.length]!;
    const mutated = mutate(file, random);
    const isPacked = run % PACK_EVERY === 0;
    const bytes = isPacked ? packed(mutated.bytes) : mutated.bytes;
    const what = `seed ${seed}, run ${run}: ${mutated.mutation}${isPacked ? ', packed' : ''}`;
    const started = performance.now();
    const { kind, records, peakBytes } = readPerfData(bytes, what);
    const milliseconds = performance.now() - started;
    const allowed = limits.peakBytes(file.length);
    if (peakBytes > allowed) throw new Error(`${what}: ${peakBytes} bytes held, ${allowed} allowed`);
    if (milliseconds > limits.milliseconds) throw new Error(`${what}: took ${milliseconds.toFixed(0)} ms`);
    // The handles of decompressors are let go in the next turn of the event loop.
    if (run % 16 === 0) await new Promise(setImmediate);
    summary.slowest = Math.max(summary.slowest, milliseconds);
    summary.peakBytes = Math.max(summary.peakBytes, peakBytes);
    summary.records += records;
    if (kind === 'error') summary.errors++;
    else summary[kind]++;
  }
  return summary;
}
