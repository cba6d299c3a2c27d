/** Options of trace.dat that concern several machines and their clocks: TIME_SHIFT, GUEST and TSC2NSEC. */
import type { SectionReader } from './section-reader.ts';

/** How this file's clock relates to its peer's. Kept for readers of both files; one file alone is read unshifted. */
export interface TimeShift {
  /** Trace id of the peer, usually the host. */
  readonly peerTraceId: bigint;
  readonly flags: number;
  /** For each CPU its corrections in the order of their times. */
  readonly cpus: readonly (readonly TimeCorrection[])[];
}

export interface TimeCorrection {
  readonly time: bigint;
  readonly offset: bigint;
  readonly scaling: bigint;
}

/** A guest that was traced in the same session. */
export interface Guest {
  readonly name: string;
  readonly traceId: bigint;
  /** Per guest CPU, the host's task that runs it. */
  readonly cpus: readonly { readonly cpu: number; readonly tid: number }[];
}

/** nanoseconds = ticks * mult >> shift */
export interface TscConversion {
  readonly mult: number;
  readonly shift: number;
  readonly offset: bigint;
}

export function readTimeShift(reader: SectionReader): TimeShift {
  const peerTraceId = reader.u64('peer trace id');
  const flags = reader.u32('time shift flags');
  const count = reader.u32('CPU count');
  if (count * 4 > reader.remaining) reader.fail(`${count} CPUs in ${reader.remaining} bytes`);
  const cpus: TimeCorrection[][] = [];
  for (let cpu = 0; cpu < count; cpu++) {
    const corrections = reader.u32('correction count');
    if (corrections * 24 > reader.remaining)
      reader.fail(`${corrections} corrections in ${reader.remaining} bytes`);
    const column = (what: string): bigint[] => Array.from({ length: corrections }, () => reader.u64(what));
    const [times, offsets, scalings] = [column('time'), column('offset'), column('scaling')];
    cpus.push(
      times.map((time, index) => ({
        time,
        offset: BigInt.asIntN(64, offsets[index]!),
        scaling: scalings[index]!,
      })),
    );
  }
  return { peerTraceId, flags, cpus };
}

export function readGuest(reader: SectionReader): Guest {
  const name = reader.string('guest name');
  const traceId = reader.u64('guest trace id');
  const count = reader.u32('CPU count');
  if (count * 8 > reader.remaining) reader.fail(`${count} CPUs in ${reader.remaining} bytes`);
  const cpus = Array.from({ length: count }, () => ({ cpu: reader.u32('CPU'), tid: reader.u32('task') }));
  return { name, traceId, cpus };
}

export function readTscConversion(reader: SectionReader): TscConversion {
  const mult = reader.u32('multiplier');
  const shift = reader.u32('shift');
  if (shift > 63) reader.fail(`shift by ${shift} bits`);
  return { mult, shift, offset: reader.u64('offset') };
}
