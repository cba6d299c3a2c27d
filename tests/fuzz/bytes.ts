/**
 * Seeded mutations of binary files, and the run that every reader of hostile bytes must survive: each mutation ends in a
 * FormatError (or another error the reader declares) or in a read with or without warnings.
 */
import { FormatError } from '../../bpf/format-error.ts';

/** A small, fast generator of 32-bit numbers (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return (value ^ (value >>> 14)) >>> 0;
  };
}

const LIES: readonly number[] = [
  0, 1, 3, 0x7f, 0xff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
];

/** A mutated copy of `original` and what was done. */
export function mutate(original: Uint8Array, random: () => number): { bytes: Uint8Array; mutation: string } {
  const below = (limit: number): number => random() % Math.max(1, limit);
  const done: string[] = [];
  // A Buffer's `slice` would share the memory.
  let bytes = new Uint8Array(original);
  const place = (): number => {
    // Half of all damage goes where the structure is: the file's ends.
    const near = below(4);
    if (near === 0) return below(Math.min(512, bytes.length));
    if (near === 1) return bytes.length - 1 - below(Math.min(1024, bytes.length));
    return below(bytes.length);
  };
  const count = 1 + below(4);
  for (let index = 0; index < count && bytes.length > 0; index++) {
    const at = place();
    switch (below(6)) {
      case 0:
        bytes = bytes.slice(0, at);
        done.push(`cut at ${at}`);
        break;
      case 1:
      case 2: {
        const bit = below(8);
        bytes[at] = bytes[at]! ^ (1 << bit);
        done.push(`flip bit ${bit} of ${at}`);
        break;
      }
      case 3:
      case 4: {
        const lie = LIES[below(LIES.length)]!;
        for (let byte = 0; byte < 4 && at + byte < bytes.length; byte++)
          bytes[at + byte] = lie >>> (byte * 8);
        done.push(`write ${lie} at ${at}`);
        break;
      }
      default: {
        const from = below(bytes.length);
        const size = below(64);
        bytes.copyWithin(at, from, from + size);
        done.push(`copy ${size} bytes from ${from} to ${at}`);
      }
    }
  }
  return { bytes, mutation: done.join(', ') };
}

/** A reader under test. */
export interface BytesTarget {
  /** Unharmed files; mutations take them in turn. */
  readonly files: readonly Uint8Array[];
  /**
   * Reads everything there is to read. `partial`: something was lost, and a warning tells of it. What it throws must be a
   * FormatError, or `isExpected`.
   */
  readonly read: (bytes: Uint8Array) => 'whole' | 'partial' | Promise<'whole' | 'partial'>;
  readonly isExpected?: (error: unknown) => boolean;
  /** Milliseconds one file may take; 2000 when not given. */
  readonly milliseconds?: number;
}

export interface BytesSummary {
  readonly runs: number;
  readonly errors: number;
  readonly partial: number;
  readonly whole: number;
  /** Milliseconds of the slowest run. */
  readonly slowest: number;
  /** Most bytes by which heap and buffers grew in a run, garbage included. */
  readonly grown: number;
}

/** Garbage of a run is not told from what is held: so much is allowed beside 8 times the file. */
const GARBAGE: number = 64 * 2 ** 20;

/** @throws an Error that names seed, run and mutation when a reader crashes, or takes too long or too much */
export async function fuzzBytes(target: BytesTarget, runs: number, seed: number): Promise<BytesSummary> {
  const random = seededRandom(seed);
  const summary = { runs, errors: 0, partial: 0, whole: 0, slowest: 0, grown: 0 };
  for (let run = 0; run < runs; run++) {
    const file = target.files[run % target.files.length]!;
    const { bytes, mutation } = mutate(file, random);
    const what = `seed ${seed}, run ${run}, file ${run % target.files.length}: ${mutation}`;
    const before = memoryInUse();
    const started = performance.now();
    const outcome = await attempt(target, bytes, what);
    const milliseconds = performance.now() - started;
    const grown = memoryInUse() - before;
    if (milliseconds > (target.milliseconds ?? 2000)) throw new Error(`${what}: took ${milliseconds} ms`);
    if (grown > 8 * file.length + GARBAGE) throw new Error(`${what}: memory grew by ${grown} bytes`);
    summary[outcome]++;
    summary.slowest = Math.max(summary.slowest, milliseconds);
    summary.grown = Math.max(summary.grown, grown);
  }
  return summary;
}

async function attempt(
  { read, isExpected }: BytesTarget,
  bytes: Uint8Array,
  what: string,
): Promise<'whole' | 'partial' | 'errors'> {
  try {
    return await read(bytes);
  } catch (error) {
    if (error instanceof FormatError || isExpected?.(error) === true) return 'errors';
    throw new Error(`${what}: ${error}`, { cause: error });
  }
}

function memoryInUse(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
