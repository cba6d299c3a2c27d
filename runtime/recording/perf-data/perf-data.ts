/**
 * A perf.data recording, open for reading: its events and their formats, what it says of its machine, and a cursor over
 * its samples in the order perf shows them. Opening reads the descriptions; a cursor reads the records as it comes to them.
 *
 * Memory does not grow with the file but with what a round of perf holds, the threads seen and their mappings; a file
 * without rounds needs some 36 bytes for each record besides.
 */

import type { AttachPoint } from '../../../bpf/attach-point.ts';
import { type ByteSource, memorySource } from '../../../bpf/byte-source.ts';
import type { Decompressor } from '../decompressor.ts';
import type { EventRecording } from '../event-recording.ts';
import { type EventTable, readEventTable } from '../event-table.ts';
import { KernelSymbols, parsePrintkFormats } from '../kernel-symbols.ts';
import type { RecordedMachine } from '../recorded-machine.ts';
import { RecordingError, WarningList } from '../recording-error.ts';
import { EVENT_TYPE, genericName, SAMPLE } from './event-attr.ts';
import { EventIndex, type IndexedEvent, indexEvent } from './event-index.ts';
import { findSampledEvent, samplingOf } from './event-points.ts';
import type { PerfFeatures } from './features.ts';
import { type PerfFileHeader, readPerfHeader } from './file-header.ts';
import { type DescribedEvent, type PerfFileParts, readSections } from './file-parts.ts';
import { FileWindows } from './file-windows.ts';
import { OrderedRecords } from './ordered-records.ts';
import { PerfCursor } from './perf-cursor.ts';
import { PerfThreads } from './perf-threads.ts';
import { readPipe } from './pipe-parts.ts';
import { RawRecords } from './raw-records.ts';
import { NO_TRACING_DATA, readTracingData, type TracingData } from './tracing-data.ts';

export interface PerfDataPorts {
  readonly decompressor: Decompressor;
  /** Text of the recorded machine's `/proc/kallsyms`: perf.data files hold none. */
  readonly kallsyms?: Uint8Array;
}

export interface PerfRecording extends EventRecording {
  readonly header: PerfFileHeader;
  /** The events as they were opened, tracepoints and others. */
  readonly sampledEvents: readonly IndexedEvent[];
  readonly features: Readonly<PerfFeatures>;
  cursor(): PerfCursor;
  threads(): PerfThreads;
  /** Formats of `trace_printk` by address. */
  printkFormats(): ReadonlyMap<bigint, string>;
}

/** The kernel allows no more (NR_CPUS). */
const MAX_CPUS = 8192;
/** `common_type` has 16 bits. */
const MAX_TRACEPOINT_ID = 0xffff;

/** @throws RecordingError when it is no perf.data, or its events are not described */
export function openPerfData(source: ByteSource | Uint8Array, ports: PerfDataPorts): PerfRecording {
  const bytes = source instanceof Uint8Array ? memorySource(source) : source;
  const warnings = new WarningList();
  const header = readPerfHeader(bytes, warnings);
  const parts = header.pipe ? readPipe(bytes, header, warnings) : readSections(bytes, header, warnings);
  const range = parts.features.tracingData;
  const tracing = range === undefined ? NO_TRACING_DATA : readTracingData(bytes, range, warnings);
  return assemble({ source: bytes, ports, warnings, header, parts, tracing });
}

interface OpenFile {
  readonly source: ByteSource;
  readonly ports: PerfDataPorts;
  readonly warnings: WarningList;
  readonly header: PerfFileHeader;
  readonly parts: PerfFileParts;
  readonly tracing: TracingData;
}

function assemble(file: OpenFile): PerfRecording {
  const { warnings, header, tracing } = file;
  const { features } = file.parts;
  const table = readEventTable(tracing.formats, tracing.longSize, warnings);
  const events = giveIds(file.parts.events, table);
  warnOfMissing(events, table, warnings);
  if ((features.directoryVersion ?? 0n) > 0n) {
    const problem =
      'the recording is a folder of files (perf record --threads), and this one has not its samples';
    warnings.add('directoryFormat', 0, problem);
  }
  const machine = describeMachine(features);
  const wallClockOffsetNs = wallClockOffset(events, features);
  const buildIds = new Map(features.buildIds.map(({ path, id }) => [path, id]));
  let symbols: KernelSymbols | undefined;
  return {
    format: 'perf.data',
    header,
    littleEndian: header.littleEndian,
    machine,
    cpus: cpuCount(machine, events),
    clock: clockName(events),
    nanoseconds: true,
    ...(wallClockOffsetNs === undefined ? {} : { wallClockOffsetNs }),
    events: table,
    sampledEvents: events,
    features,
    dataSize: header.data.size,
    hasSymbols: (file.ports.kallsyms ?? file.tracing.kallsyms) !== undefined,
    callChains: events.some(({ attr }) => (attr.sampleType & SAMPLE.callChain) !== 0),
    processIds: events.every(({ attr }) => (attr.sampleType & SAMPLE.tid) !== 0) ? 'always' : 'partly',
    warnings: warnings.items,
    get omittedWarnings() {
      return warnings.omitted;
    },
    eventOf: (point: AttachPoint) => findSampledEvent(events, point)?.eventId,
    sampling: (eventId) => samplingOf(events, eventId),
    cursor: () => {
      const index = new EventIndex(events);
      return new PerfCursor({ records: openRecords(file, index), events: index, buildIds, warnings });
    },
    threads: () => new PerfThreads(),
    kernelSymbols: () => {
      symbols ??= new KernelSymbols(kallsymsOf(file));
      return symbols;
    },
    printkFormats: () => parsePrintkFormats(tracing.printk),
  };
}

function openRecords(file: OpenFile, events: EventIndex): OrderedRecords {
  const { source, header, warnings, ports } = file;
  const windows = new FileWindows(source);
  const { decompressor } = ports;
  const stream = decompressor.zstdStream?.bind(decompressor);
  const raw = new RawRecords({
    windows,
    data: header.data,
    littleEndian: header.littleEndian,
    warnings,
    stream,
  });
  return new OrderedRecords(raw, windows, events, warnings);
}

/**
 * Tracepoints have their kernel's ids, as `common_type` has. All others get ids behind those, and so do tracepoints whose
 * bytes were not recorded: no program could run on them.
 */
function giveIds(events: readonly DescribedEvent[], table: EventTable): IndexedEvent[] {
  const known = [...table.names.map(({ id }) => id), ...events.map(({ attr }) => Number(attr.config))];
  const first = 1 + known.reduce((most, id) => (id <= MAX_TRACEPOINT_ID ? Math.max(most, id) : most), 0);
  return events.map((event, index) => {
    const { type, config, sampleType } = event.attr;
    const hasBytes = type === EVENT_TYPE.tracepoint && (sampleType & SAMPLE.raw) !== 0;
    const name = event.name || nameInTable(event, table);
    return indexEvent({ ...event, name, index }, hasBytes ? Number(config & 0xffff_ffffn) : first + index);
  });
}

function nameInTable({ attr }: DescribedEvent, table: EventTable): string {
  if (attr.type !== EVENT_TYPE.tracepoint) return '';
  const found = table.names.find(({ id }) => BigInt(id) === attr.config);
  return found === undefined ? '' : `${found.system}:${found.name}`;
}

function warnOfMissing(events: readonly IndexedEvent[], table: EventTable, warnings: WarningList): void {
  const tracepoints = events.filter(({ attr }) => attr.type === EVENT_TYPE.tracepoint);
  if (tracepoints.length > 0 && table.names.length === 0) {
    warnings.add(
      'tracing data',
      0,
      'the file has no event formats, so no program can run on its tracepoints, and a report tells them by their numbers alone; perf writes them when it ends: stop it by Ctrl-C or SIGINT, or record through a pipe (perf record -o - ... > FILE), which has them first',
    );
  }
  for (const { name, attr } of tracepoints) {
    if ((attr.sampleType & SAMPLE.raw) === 0) {
      warnings.add(
        'event attributes',
        0,
        `${name || 'a tracepoint'} was recorded without its bytes: no program runs on it (record with perf record -R)`,
      );
    }
  }
  const isSampled = ({ attr }: IndexedEvent): boolean => genericName(attr) !== 'dummy';
  if (events.some((event) => isSampled(event) && (event.attr.sampleType & SAMPLE.cpu) === 0)) {
    warnings.add('event attributes', 0, 'the samples do not tell their CPU: it counts as 0');
  }
  const odd = events.find(({ attr }) => attr.unknownSampleBits);
  if (odd !== undefined) {
    warnings.add(
      'event attributes',
      0,
      `${odd.name || 'an event'} was recorded with fields this version does not know`,
    );
  }
}

function describeMachine(features: PerfFeatures): RecordedMachine {
  const { osRelease, architecture, cpusAvailable, perfVersion, hostname } = features;
  const uname = [hostname, osRelease, architecture].every((part) => part !== undefined)
    ? { uname: `Linux ${hostname} ${osRelease} ${architecture}` }
    : {};
  return {
    ...uname,
    ...(osRelease === undefined ? {} : { release: osRelease }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(cpusAvailable === undefined ? {} : { cpuCount: cpusAvailable }),
    ...(perfVersion === undefined ? {} : { writerVersion: perfVersion }),
    cpuStats: [],
    timeOffset: 0n,
    guests: [],
    hooks: [],
    processes: [],
    unknownOptions: [],
  };
}

const CLOCKS: ReadonlyMap<number, string> = new Map([
  [0, 'realtime'],
  [1, 'mono'],
  [4, 'mono_raw'],
  [7, 'boot'],
  [11, 'tai'],
]);

function clockName(events: readonly IndexedEvent[]): string {
  const id = events[0]?.attr.clockId;
  return id === undefined ? 'perf' : (CLOCKS.get(id) ?? `clock ${id}`);
}

/** Where no section tells: perf opens each event once a CPU, so their ids tell. */
function cpuCount({ cpuCount: known }: RecordedMachine, events: readonly IndexedEvent[]): number {
  const count = known ?? events.reduce((most, { ids }) => Math.max(most, ids.length), 1);
  return Math.min(MAX_CPUS, Math.max(1, count));
}

/** What to add to times to have nanoseconds since 1970. */
function wallClockOffset(events: readonly IndexedEvent[], { clockData }: PerfFeatures): bigint | undefined {
  const id = events[0]?.attr.clockId;
  if (id === 0) return 0n;
  if (clockData === undefined || id !== clockData.clockId) return undefined;
  return clockData.wallClockNs - clockData.clockNs;
}

function kallsymsOf({ ports, tracing }: OpenFile): Uint8Array {
  const text = ports.kallsyms ?? tracing.kallsyms;
  if (text.length > 0) return text;
  throw new RecordingError(
    'kernel symbols',
    0,
    "perf.data files hold none: give the machine's /proc/kallsyms",
  );
}
