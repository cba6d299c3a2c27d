/**
 * The options of a trace.dat file (trace-cmd.dat(5), "OPTIONS SECTION"): small facts about the recorded machine, and
 * in version 7 also where the other sections are. Unknown options are kept by their number, not refused.
 */
import { readPageSize } from './file-header.ts';
import { type SectionReader, textBeforeNul } from './section-reader.ts';
import {
  type Guest,
  readGuest,
  readTimeShift,
  readTscConversion,
  type TimeShift,
  type TscConversion,
} from './time-options.ts';

/** Where the data of one CPU is: file offset and bytes in the file. */
export interface CpuData {
  readonly cpu: number;
  readonly offset: number;
  readonly size: number;
}

/** One trace instance as its option describes it. */
export interface BufferOption {
  /** Empty for the top instance. */
  readonly name: string;
  /** Version 7: its section; version 6: where its own CPU table is. */
  readonly offset: number;
  readonly clock?: string;
  readonly pageSize?: number;
  readonly cpus?: readonly CpuData[];
  /** The text of a latency tracer instead of records. */
  readonly latency: boolean;
}

export const SECTION_IDS = {
  options: 0,
  buffer: 3,
  strings: 15,
  headerInfo: 16,
  ftraceEvents: 17,
  eventFormats: 18,
  kallsyms: 19,
  printk: 20,
  cmdlines: 21,
  bufferText: 22,
} as const;

/** Filled option by option; what the file does not say stays undefined or empty. */
export interface RecordingOptions {
  /** Microseconds between event times and the time of day, added on reading (`trace-cmd record --date`). */
  date: bigint;
  /** Nanoseconds added to each event's time on reading. */
  timeOffset: bigint;
  /** The text of `trace_clock`: all clocks, the chosen one in brackets. */
  traceClock: string | undefined;
  uname: string | undefined;
  writerVersion: string | undefined;
  cpuCount: number | undefined;
  traceId: bigint | undefined;
  timeShift: TimeShift | undefined;
  tscConversion: TscConversion | undefined;
  /** The text of saved_tgids, in files of writers that store it. */
  savedTgids: string | undefined;
  readonly cpuStats: string[];
  readonly hooks: string[];
  readonly processMaps: string[];
  readonly guests: Guest[];
  readonly buffers: BufferOption[];
  /** Version 7: file offset of each metadata section, by section id. */
  readonly sections: Map<number, number>;
  readonly unknown: { readonly id: number; readonly data: Uint8Array }[];
}

export function emptyOptions(): RecordingOptions {
  return {
    date: 0n,
    timeOffset: 0n,
    traceClock: undefined,
    uname: undefined,
    writerVersion: undefined,
    cpuCount: undefined,
    traceId: undefined,
    timeShift: undefined,
    tscConversion: undefined,
    savedTgids: undefined,
    cpuStats: [],
    hooks: [],
    processMaps: [],
    guests: [],
    buffers: [],
    sections: new Map(),
    unknown: [],
  };
}

/** Takes one option's data into `options`. `reader` covers just the data. @throws RecordingError */
export function readOption(
  options: RecordingOptions,
  id: number,
  reader: SectionReader,
  version: 6 | 7,
): void {
  const text = (): string => textBeforeNul(reader.bytes(reader.remaining));
  switch (id) {
    case 1:
      options.date += parseTime(text(), reader);
      break;
    case 2:
      options.cpuStats.push(text());
      break;
    case 3:
      options.buffers.push(version === 7 ? readBuffer(reader) : readLegacyBuffer(reader));
      break;
    case 4:
      options.traceClock = text();
      break;
    case 5:
      options.uname = text();
      break;
    case 6:
      options.hooks.push(text());
      break;
    case 7:
      options.timeOffset += parseTime(text(), reader);
      break;
    case 8:
      // Some writers stored saved_tgids under this number, before it meant the CPU count.
      if (reader.remaining > 8) options.savedTgids = text();
      else options.cpuCount = reader.u32('CPU count');
      break;
    case 9:
      options.writerVersion = text();
      break;
    case 10:
      options.processMaps.push(text());
      break;
    case 11:
      options.traceId = reader.u64('trace id');
      break;
    case 12:
      options.timeShift = readTimeShift(reader);
      break;
    case 13:
      options.guests.push(readGuest(reader));
      break;
    case 14:
      options.tscConversion = readTscConversion(reader);
      break;
    case SECTION_IDS.headerInfo:
    case SECTION_IDS.ftraceEvents:
    case SECTION_IDS.eventFormats:
    case SECTION_IDS.kallsyms:
    case SECTION_IDS.printk:
    case SECTION_IDS.cmdlines:
      options.sections.set(id, reader.size('section offset'));
      break;
    case SECTION_IDS.bufferText:
      options.buffers.push({
        offset: reader.size('buffer offset'),
        name: reader.string('buffer name'),
        latency: true,
      });
      break;
    case 32:
      options.savedTgids = text();
      break;
    default:
      options.unknown.push({ id, data: reader.bytes(reader.remaining) });
  }
}

function readBuffer(reader: SectionReader): BufferOption {
  const offset = reader.size('buffer offset');
  const name = reader.string('buffer name');
  const clock = reader.string('buffer clock');
  const pageSize = readPageSize(reader);
  const count = reader.u32('CPU count');
  if (count * 20 > reader.remaining) reader.fail(`${count} CPUs in ${reader.remaining} bytes`);
  const cpus: CpuData[] = [];
  for (let index = 0; index < count; index++) {
    cpus.push({
      cpu: reader.u32('CPU'),
      offset: reader.size('CPU data offset'),
      size: reader.size('CPU data size'),
    });
  }
  return { offset, name, clock, pageSize, cpus, latency: false };
}

function readLegacyBuffer(reader: SectionReader): BufferOption {
  return { offset: reader.size('buffer offset'), name: reader.string('buffer name'), latency: false };
}

/** As strtoll(text, NULL, 0) reads it: decimal, or hexadecimal after 0x. */
function parseTime(text: string, reader: SectionReader): bigint {
  const match = /^\s*([-+]?)(0[xX][0-9a-fA-F]{1,16}|\d{1,19})/.exec(text);
  if (!match) return reader.fail(`'${text.slice(0, 32)}' is not a time`);
  const value = BigInt(match[2]!);
  return match[1] === '-' ? -value : value;
}
