/**
 * `struct perf_event_attr`: how an event was opened, and so what its samples hold. Attributes of every kernel can be
 * read: a shorter one has zeros for what it lacks, and what a longer one has more is not needed to read samples.
 */
import { MIN_ATTR_SIZE } from './file-header.ts';

export const EVENT_TYPE = {
  hardware: 0,
  software: 1,
  tracepoint: 2,
  cache: 3,
  raw: 4,
  breakpoint: 5,
} as const;

/** Bits of `sampleType` (`PERF_SAMPLE_*`), in the order of the UAPI header, which is not that of the fields. */
export const SAMPLE = {
  ip: 0x1,
  tid: 0x2,
  time: 0x4,
  address: 0x8,
  read: 0x10,
  callChain: 0x20,
  id: 0x40,
  cpu: 0x80,
  period: 0x100,
  streamId: 0x200,
  raw: 0x400,
  branchStack: 0x800,
  userRegisters: 0x1000,
  userStack: 0x2000,
  weight: 0x4000,
  dataSource: 0x8000,
  identifier: 0x10000,
  transaction: 0x20000,
  interruptRegisters: 0x40000,
  physicalAddress: 0x80000,
  aux: 0x100000,
  cgroup: 0x200000,
  dataPageSize: 0x400000,
  codePageSize: 0x800000,
  weightStruct: 0x1000000,
} as const;
/** A sample with a bit above these holds what this reader cannot measure. */
const KNOWN_SAMPLE_BITS: number = (1 << 25) - 1;

/** Bits of `readFormat` (`PERF_FORMAT_*`). */
export const READ_FORMAT = { timeEnabled: 1, timeRunning: 2, id: 4, group: 8, lost: 16 } as const;

/** Bits of `branchSampleType` that change the layout. */
export const BRANCH = { hardwareIndex: 0x20000, counters: 0x80000 } as const;

/** Numbers of the attribute's flag bits. */
const FLAG = { freq: 10, sampleIdAll: 18, useClockId: 25 } as const;

export interface EventAttr {
  readonly type: number;
  readonly config: bigint;
  /** Count between samples, or samples a second where {@link freq}. */
  readonly period: number;
  readonly freq: boolean;
  /** Bits of {@link SAMPLE}; those above 31 are cut off and {@link unknownSampleBits} is set. */
  readonly sampleType: number;
  readonly unknownSampleBits: boolean;
  readonly readFormat: number;
  /** Records other than samples end with who, when and where too. */
  readonly sampleIdAll: boolean;
  /** `CLOCK_*` of the times; undefined for perf's own clock. */
  readonly clockId?: number;
  readonly breakpoint: { readonly type: number; readonly address: bigint; readonly length: bigint };
  readonly branchSampleType: number;
  readonly userRegisters: bigint;
  readonly interruptRegisters: bigint;
}

/** An event of the file: its attribute, the ids its records carry, and its name where the file tells it. */
export interface PerfEvent {
  /** Its place among the file's events. */
  readonly index: number;
  readonly attr: EventAttr;
  readonly ids: readonly bigint[];
  /** As given to perf, such as `sched:sched_switch` or `cpu-clock:u`; empty when the file does not tell. */
  readonly name: string;
}

/** Bytes of the longest attribute read here (`PERF_ATTR_SIZE_VER8`). */
const ATTR_SIZE = 136;

/** Reads the attribute that `bytes` begin with; a missing size means the first kernel's. */
export function readEventAttr(bytes: Uint8Array, littleEndian: boolean): EventAttr {
  const padded = new Uint8Array(ATTR_SIZE);
  padded.set(bytes.subarray(0, ATTR_SIZE));
  const view = new DataView(padded.buffer);
  const size = view.getUint32(4, littleEndian) || MIN_ATTR_SIZE;
  padded.fill(0, Math.min(size, ATTR_SIZE));
  const u32 = (at: number): number => view.getUint32(at, littleEndian);
  const u64 = (at: number): bigint => view.getBigUint64(at, littleEndian);
  const sampleType = u64(24);
  const flags = u64(40);
  // Bit fields begin at the lowest bit on little-endian machines and at the highest on big-endian ones.
  const flag = (bit: number): boolean => ((flags >> BigInt(littleEndian ? bit : 63 - bit)) & 1n) === 1n;
  return {
    type: u32(0),
    config: u64(8),
    period: Number(u64(16)),
    freq: flag(FLAG.freq),
    sampleType: Number(sampleType & BigInt(KNOWN_SAMPLE_BITS)),
    unknownSampleBits: sampleType > BigInt(KNOWN_SAMPLE_BITS),
    readFormat: Number(u64(32) & 0xffn),
    sampleIdAll: flag(FLAG.sampleIdAll),
    ...(flag(FLAG.useClockId) ? { clockId: view.getInt32(92, littleEndian) } : {}),
    breakpoint: { type: u32(52), address: u64(56), length: u64(64) },
    branchSampleType: Number(u64(72) & 0xffff_ffffn),
    userRegisters: u64(80),
    interruptRegisters: u64(96),
  };
}

/** Bytes the attribute says it takes. */
export function attrSize(bytes: Uint8Array, littleEndian: boolean): number {
  const size = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(4, littleEndian);
  return size || MIN_ATTR_SIZE;
}

const HARDWARE_NAMES = [
  'cpu-cycles',
  'instructions',
  'cache-references',
  'cache-misses',
  'branch-instructions',
  'branch-misses',
  'bus-cycles',
  'stalled-cycles-frontend',
  'stalled-cycles-backend',
  'ref-cycles',
] as const;

const SOFTWARE_NAMES = [
  'cpu-clock',
  'task-clock',
  'page-faults',
  'context-switches',
  'cpu-migrations',
  'minor-faults',
  'major-faults',
  'alignment-faults',
  'emulation-faults',
  'dummy',
  'bpf-output',
  'cgroup-switches',
] as const;

/** Other names of the same events, bpftrace's and perf's. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['cycles', 'cpu-cycles'],
  ['branches', 'branch-instructions'],
  ['frontend-stalls', 'stalled-cycles-frontend'],
  ['backend-stalls', 'stalled-cycles-backend'],
  ['cpu', 'cpu-clock'],
  ['faults', 'page-faults'],
  ['cs', 'context-switches'],
  ['migrations', 'cpu-migrations'],
]);

/** The event's own name by its type and number; undefined for those without one. */
export function genericName(attr: EventAttr): string | undefined {
  const names: readonly string[] =
    attr.type === EVENT_TYPE.hardware
      ? HARDWARE_NAMES
      : attr.type === EVENT_TYPE.software
        ? SOFTWARE_NAMES
        : [];
  // The upper half of a hardware event's number names the PMU of a hybrid machine.
  return names[Number(attr.config & 0xffff_ffffn)];
}

/** One name for each event that has several. */
export function canonicalName(name: string): string {
  return ALIASES.get(name) ?? name;
}
