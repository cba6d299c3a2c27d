/** What the feature sections are made of: strings, lists of strings, and the records of a few of them. */
import { type SectionReader, textBeforeNul } from '../section-reader.ts';

export interface CpuTopology {
  /** CPU lists of each core and each thread group, such as `0-3`. */
  readonly cores: readonly string[];
  readonly threads: readonly string[];
  /** Core and socket of each CPU. */
  readonly cpus: readonly { readonly core: number; readonly socket: number }[];
}

export interface NumaNode {
  readonly node: number;
  /** KiB. */
  readonly total: bigint;
  readonly free: bigint;
  readonly cpus: string;
}

export interface PmuMapping {
  /** `type` of the attributes it makes. */
  readonly type: number;
  readonly name: string;
}

export interface EventGroup {
  readonly name: string;
  /** Index of its first event. */
  readonly leader: number;
  readonly members: number;
}

export interface CacheLevel {
  readonly level: number;
  readonly lineSize: number;
  readonly sets: number;
  readonly ways: number;
  readonly type: string;
  readonly size: string;
  readonly cpus: string;
}

export interface MemoryBlock {
  readonly node: bigint;
  readonly size: bigint;
  readonly bitmap: Uint8Array;
}

export interface CompressionInfo {
  readonly version: number;
  /** 1: zstd. */
  readonly type: number;
  readonly level: number;
  readonly ratio: number;
  readonly mmapLength: number;
}

/** One moment on two clocks. */
export interface ClockData {
  readonly clockId: number;
  readonly wallClockNs: bigint;
  readonly clockNs: bigint;
}

/** A 32-bit size and that many bytes, NUL-padded. @throws RecordingError */
export function readString(reader: SectionReader, what: string): string {
  return textBeforeNul(reader.bytes(reader.u32(`size of the ${what}`), what));
}

/** @throws RecordingError */
export function readStrings(reader: SectionReader, what: string): string[] {
  return readList(reader, what, 4, () => readString(reader, what));
}

/** A 32-bit count and that many items of at least `least` bytes. @throws RecordingError */
export function readList<Item>(reader: SectionReader, what: string, least: number, read: () => Item): Item[] {
  const count = reader.u32(`count of ${what}`);
  if (count * least > reader.remaining) reader.fail(`${count} ${what} in ${reader.remaining} bytes`);
  return Array.from({ length: count }, read);
}

/** `cpuCount` pairs follow the lists; older files have none, newer ones more after them. @throws RecordingError */
export function readTopology(reader: SectionReader, cpuCount: number): CpuTopology {
  const cores = readStrings(reader, 'cores');
  const threads = readStrings(reader, 'threads');
  const count = Math.min(cpuCount, Math.floor(reader.remaining / 8));
  const cpus = Array.from({ length: count }, () => ({
    core: reader.u32('core'),
    socket: reader.u32('socket'),
  }));
  return { cores, threads, cpus };
}

/** @throws RecordingError */
export function readCompression(reader: SectionReader): CompressionInfo {
  return {
    version: reader.u32('compression version'),
    type: reader.u32('compression type'),
    level: reader.u32('compression level'),
    ratio: reader.u32('compression ratio'),
    mmapLength: reader.u32('mmap length'),
  };
}

/** @throws RecordingError */
export function readClockData(reader: SectionReader): ClockData {
  const version = reader.u32('clock data version');
  if (version !== 1) reader.fail(`clock data version ${version} is not supported`);
  const clockId = reader.u32('clock');
  return { clockId, wallClockNs: reader.u64('wall clock time'), clockNs: reader.u64('clock time') };
}
