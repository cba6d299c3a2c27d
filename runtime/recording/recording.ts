/**
 * A trace.dat recording, open for reading: what it says of its machine, its event formats, and a cursor over its
 * records in time order. Reading is lazy: opening reads the metadata, a cursor reads pages as it comes to them.
 */
import { type ByteSource, memorySource } from '../../bpf/byte-source.ts';
import { CpuStream } from './cpu-stream.ts';
import type { Decompressor } from './decompressor.ts';
import type { EventRecording } from './event-recording.ts';
import { type EventTable, readEventTable } from './event-table.ts';
import { type FileHeader, readFileHeader } from './file-header.ts';
import { type BufferPart, chosenClock, type FileParts } from './file-parts.ts';
import { readFileV6 } from './file-v6.ts';
import { readFileV7 } from './file-v7.ts';
import { KernelSymbols, parsePrintkFormats } from './kernel-symbols.ts';
import { MemoryBudget } from './memory-budget.ts';
import type { CpuData } from './options.ts';
import { type PageLayout, parsePageLayout } from './page-layout.ts';
import { DamageAllowance, openPages, type PageSourceContext } from './page-source.ts';
import { RecordCursor } from './record-cursor.ts';
import { describeMachine, type RecordedMachine } from './recorded-machine.ts';
import { countsNanoseconds, RecordingClock } from './recording-clock.ts';
import { WarningList } from './recording-error.ts';
import { parseCommandLines, parseSavedTgids } from './saved-threads.ts';
import type { DescribedSection } from './sections.ts';
import { type CommonFields, type RecordRoom, StreamStates } from './stream-state.ts';
import { ThreadTable } from './thread-table.ts';

/** One trace instance of the recording. */
export interface RecordingBuffer {
  /** Empty for the top instance. */
  readonly name: string;
  readonly clock: string;
  readonly pageSize: number;
  /** The CPUs that have data, in ascending order. */
  readonly cpus: readonly number[];
}

export interface RecordingPorts {
  readonly decompressor: Decompressor;
}

/** A trace.dat. */
export interface Recording extends EventRecording {
  readonly header: FileHeader;
  readonly pageLayout: PageLayout;
  readonly buffers: readonly RecordingBuffer[];
  cursor(room?: RecordRoom, cpus?: ReadonlySet<number>): RecordCursor;
  threads(): ThreadTable;
  /** The name the file saved for a thread. */
  commOf(tid: number): string | undefined;
  /** The process the file saved for a thread. */
  tgidOf(tid: number): number | undefined;
  /** What the file consists of; version 6 has no list. */
  sections(): readonly DescribedSection[];
  /** Formats of `trace_printk` by address, read at the first call. @throws RecordingError */
  printkFormats(): ReadonlyMap<bigint, string>;
}

const USUAL_COMMON_FIELDS: CommonFields = { typeOffset: 0, typeSize: 2, pidOffset: 4 };

/** @throws RecordingError when it is no trace.dat, or no event data can be found in it */
export function openRecording(source: ByteSource | Uint8Array, ports: RecordingPorts): Recording {
  const bytes = source instanceof Uint8Array ? memorySource(source) : source;
  const header = readFileHeader(bytes);
  const budget = new MemoryBudget(bytes.size);
  const warnings = new WarningList();
  const { decompressor } = ports;
  const parts =
    header.version === 6
      ? readFileV6(bytes, header, warnings)
      : readFileV7({ source: bytes, header, decompressor, budget, warnings });
  const context = { source: bytes, littleEndian: header.littleEndian, decompressor, budget, warnings };
  return assemble(header, parts, context);
}

function assemble(header: FileHeader, parts: FileParts, context: PageSourceContext): Recording {
  const { warnings } = context;
  const layout = parsePageLayout(parts.headerPage, header.longSize, warnings);
  const events = readEventTable(parts.formats, layout.longSize, warnings);
  const buffers = withoutOverlaps(parts.buffers, warnings);
  const comms = parseCommandLines(parts.cmdlines);
  const tgids = parseSavedTgids(parts.options.savedTgids ?? '');
  const clock = buffers[0]?.clock || chosenClock(parts.options.traceClock ?? '') || 'local';
  if (buffers.some((buffer) => buffer.clock !== '' && buffer.clock !== clock)) {
    warnings.add('buffers', 0, 'they use different clocks: their order among each other means nothing');
  }
  let symbols: KernelSymbols | undefined;
  let printk: ReadonlyMap<bigint, string> | undefined;
  const machine = describeMachine(parts.options);
  return {
    format: 'trace.dat',
    header,
    littleEndian: header.littleEndian,
    longSize: layout.longSize,
    machine,
    cpus: recordedCpus(machine, buffers),
    clock,
    nanoseconds: countsNanoseconds(clock, parts.options),
    pageLayout: layout,
    events,
    buffers: buffers.map(describeBuffer),
    dataSize: buffers.reduce((sum, buffer) => sum + buffer.cpus.reduce((part, cpu) => part + cpu.size, 0), 0),
    hasSymbols: true,
    // Whether stacks were recorded with the events is nowhere written but in the records.
    callChains: events.byName('ftrace', 'kernel_stack') !== undefined,
    processIds: tgids.size > 0 ? 'always' : 'partly',
    eventOf: () => undefined,
    warnings: warnings.items,
    get omittedWarnings() {
      return warnings.omitted;
    },
    cpuSizes: sizesByCpu(buffers),
    cursor: (room, cpus) => {
      const clock = new RecordingClock(parts.options);
      const { streams, states } = openStreams(header, chosen(buffers, cpus), layout, clock, {
        ...context,
        room,
        frames: context.decompressor.zstdFrames?.(),
      });
      const { littleEndian } = header;
      const exactTimes = clock.identity;
      return new RecordCursor({ streams, states, common: commonFields(events), littleEndian, exactTimes });
    },
    threads: () => new ThreadTable(comms, tgids, events),
    commOf: (tid) => comms.get(tid),
    tgidOf: (tid) => tgids.get(tid),
    sections: parts.sections,
    kernelSymbols: () => {
      symbols ??= new KernelSymbols(parts.kallsyms());
      return symbols;
    },
    printkFormats: () => {
      printk ??= parsePrintkFormats(parts.printk());
      return printk;
    },
  };
}

function sizesByCpu(buffers: readonly BufferPart[]): ReadonlyMap<number, number> {
  const sizes = new Map<number, number>();
  for (const { cpus } of buffers)
    for (const { cpu, size } of cpus) sizes.set(cpu, (sizes.get(cpu) ?? 0) + size);
  return sizes;
}

function chosen(
  buffers: readonly BufferPart[],
  cpus: ReadonlySet<number> | undefined,
): readonly BufferPart[] {
  if (cpus === undefined) return buffers;
  return buffers.map((buffer) => ({ ...buffer, cpus: buffer.cpus.filter(({ cpu }) => cpus.has(cpu)) }));
}

/** The machine's CPUs, at least those with data. */
function recordedCpus(machine: RecordedMachine, buffers: readonly BufferPart[]): number {
  let highest = 0;
  for (const { cpus } of buffers) for (const { cpu } of cpus) highest = Math.max(highest, cpu);
  // The file may lie: more than the kernel allows (NR_CPUS) is not believed.
  return Math.min(8192, Math.max(machine.cpuCount ?? 1, highest + 1));
}

function describeBuffer(buffer: BufferPart): RecordingBuffer {
  const cpus = buffer.cpus.map((data) => data.cpu);
  return { name: buffer.name, clock: buffer.clock, pageSize: buffer.pageSize, cpus };
}

/** CPUs without data go, and data claimed twice is read once: else a small file could stand for endless work. */
function withoutOverlaps(buffers: readonly BufferPart[], warnings: WarningList): BufferPart[] {
  const all = buffers.flatMap((buffer) => buffer.cpus.filter((data) => data.size > 0));
  const accepted = new Set<CpuData>();
  let end = 0;
  for (const data of all.sort((a, b) => a.offset - b.offset)) {
    if (data.offset < end) {
      warnings.add(
        `CPU ${data.cpu} data`,
        data.offset,
        'it overlaps the data of another CPU; it is left out',
      );
      continue;
    }
    accepted.add(data);
    end = data.offset + data.size;
  }
  return buffers.map((buffer) => ({ ...buffer, cpus: buffer.cpus.filter((data) => accepted.has(data)) }));
}

/** Bytes of one CPU's pages that are read at once, and of all CPUs' together. */
const WINDOW_SIZE = 128 * 1024;
const ALL_WINDOWS = 32 * 1024 * 1024;

function openStreams(
  header: FileHeader,
  buffers: readonly BufferPart[],
  layout: PageLayout,
  clock: RecordingClock,
  context: PageSourceContext & { readonly room: RecordRoom | undefined },
): { readonly streams: CpuStream[]; readonly states: StreamStates } {
  const damage = new DamageAllowance();
  const all = buffers.flatMap((buffer, index) => buffer.cpus.map((data) => ({ buffer, index, data })));
  const { littleEndian } = header;
  const { warnings, room } = context;
  const states = new StreamStates(all.length, room);
  const share = Math.min(WINDOW_SIZE, Math.floor(ALL_WINDOWS / all.length));
  const streams = all.map(({ buffer, index, data }, order) => {
    const { pageSize } = buffer;
    const size = share - (share % pageSize);
    // Pages too large for their share are read as they come.
    const place =
      room === undefined || size === 0 ? undefined : { room, size, address: room.allocate(size, true) };
    return new CpuStream({
      cpu: data.cpu,
      buffer: index,
      order,
      pages: openPages(header, buffer, data, context, damage),
      pageSize,
      layout,
      littleEndian,
      clock,
      warnings,
      words: states.of(order),
      ...(place !== undefined && { place }),
    });
  });
  return { streams, states };
}

/** The common fields stand at one place in all formats of a kernel; the first format tells. */
function commonFields(events: EventTable): CommonFields {
  for (const { id } of events.names) {
    const fields = events.byId(id)?.fields.filter((field) => field.common);
    const type = fields?.find((field) => field.name === 'common_type');
    const pid = fields?.find((field) => field.name === 'common_pid');
    if (!type || !pid || pid.size !== 4 || (type.size !== 2 && type.size !== 4)) continue;
    // Each record is checked to hold eight bytes, no more.
    if (type.offset + type.size > 8 || pid.offset + pid.size > 8) continue;
    return { typeOffset: type.offset, typeSize: type.size, pidOffset: pid.offset };
  }
  return USUAL_COMMON_FIELDS;
}
