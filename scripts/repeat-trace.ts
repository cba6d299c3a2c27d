/**
 * Repeats a trace.dat until it has a number of events, for benchmarks of large recordings:
 *
 *     node scripts/repeat-trace.ts IN OUT [--events N] [--compression none|zstd]
 *
 * Each round's times go on where those of the round before ended. The file is of version 7 and written piece by piece.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { zstdCompressSync } from 'node:zlib';
import { memorySource } from '../bpf/byte-source.ts';
import { nodeDecompressor } from '../runtime/node/decompressor.ts';
import { type FileHeader, readFileHeader } from '../runtime/recording/file-header.ts';
import type { FileParts, FormatText } from '../runtime/recording/file-parts.ts';
import { readFileV6 } from '../runtime/recording/file-v6.ts';
import { readFileV7 } from '../runtime/recording/file-v7.ts';
import { MemoryBudget } from '../runtime/recording/memory-budget.ts';
import { SECTION_IDS } from '../runtime/recording/options.ts';
import { openPages } from '../runtime/recording/page-source.ts';
import { openRecording } from '../runtime/recording/recording.ts';
import { WarningList } from '../runtime/recording/recording-error.ts';

export interface RepeatOptions {
  /** At least so many; whole rounds are written. */
  readonly events: number;
  readonly compression: 'none' | 'zstd';
}

export interface Repeated {
  readonly events: number;
  readonly bytes: number;
}

interface CpuPages {
  readonly cpu: number;
  readonly pages: Uint8Array;
  /** Offsets of absolute times. */
  readonly absolute: readonly number[];
}

/** What is repeated. */
interface Original {
  readonly header: FileHeader;
  readonly parts: FileParts;
  readonly clock: string;
  readonly cpus: readonly CpuPages[];
  readonly events: number;
  /** Nanoseconds of one round. */
  readonly period: bigint;
}

/** Pages of a compressed chunk, as trace-cmd has them. */
const CHUNK_PAGES = 10;
const PADDING = 29;
const TIME_EXTEND = 30;
const ABSOLUTE_TIME = 31;

/** Writes `output`; throws when the recording is not of the plain kind that can be repeated. */
export function repeatTrace(input: string, output: string, options: RepeatOptions): Repeated {
  const original = readOriginal(new Uint8Array(readFileSync(input)));
  const rounds = Math.max(1, Math.ceil(options.events / original.events));
  const file = new Output(output);
  try {
    writeTrace(file, original, rounds, options.compression);
  } finally {
    file.close();
  }
  return { events: rounds * original.events, bytes: file.position };
}

function readOriginal(bytes: Uint8Array): Original {
  const source = memorySource(bytes);
  const header = readFileHeader(source);
  const warnings = new WarningList();
  const budget = new MemoryBudget(bytes.length);
  const context = { source, header, decompressor: nodeDecompressor, budget, warnings };
  const parts = header.version === 6 ? readFileV6(source, header, warnings) : readFileV7(context);
  const [buffer] = parts.buffers;
  const { date, timeOffset, tscConversion } = parts.options;
  const isPlain = date === 0n && timeOffset === 0n && tscConversion === undefined;
  if (!header.littleEndian || header.longSize !== 8 || buffer === undefined || !isPlain) {
    throw new Error('only recordings of 64-bit little-endian machines with plain times can be repeated');
  }
  const pageContext = { ...context, littleEndian: true };
  const cpus = buffer.cpus.map((data): CpuPages => {
    const source = openPages(header, buffer, data, pageContext);
    const windows: Uint8Array[] = [];
    for (let bytes = source.next(); bytes !== undefined; bytes = source.next()) windows.push(bytes.slice());
    const pages = new Uint8Array(Buffer.concat(windows));
    return { cpu: data.cpu, pages, absolute: absoluteTimes(pages, buffer.pageSize) };
  });
  const { events, first, last } = span(bytes);
  // A microsecond between the rounds.
  const clock = buffer.clock || 'local';
  return { header, parts, clock, cpus, events, period: last - first + 1000n };
}

function span(bytes: Uint8Array): { readonly events: number; readonly first: bigint; readonly last: bigint } {
  const cursor = openRecording(bytes, { decompressor: nodeDecompressor }).cursor();
  let events = 0;
  let first = 0;
  while (cursor.next()) if (events++ === 0) first = cursor.time;
  if (events === 0) throw new Error('the recording has no events');
  return { events, first: BigInt(first), last: BigInt(cursor.time) };
}

/** Where pages have absolute times of events, which have to move with the pages' own. */
function absoluteTimes(pages: Uint8Array, pageSize: number): readonly number[] {
  const view = new DataView(pages.buffer, pages.byteOffset, pages.byteLength);
  const found: number[] = [];
  for (let page = 0; page < pages.length; page += pageSize) {
    const end = page + 16 + (view.getUint32(page + 8, true) & 0x7ff_ffff);
    for (let at = page + 16; at + 8 <= end; at = (at + 3) & ~3) {
      const word = view.getUint32(at, true);
      const type = word & 31;
      if (word === PADDING) break;
      if (type === ABSOLUTE_TIME) found.push(at);
      if (type === 0 || type === PADDING) at += 4 + view.getUint32(at + 4, true);
      else at += type >= TIME_EXTEND ? 8 : 4 + type * 4;
    }
  }
  return found;
}

function writeTrace(file: Output, original: Original, rounds: number, compression: 'none' | 'zstd'): void {
  const { header, parts } = original;
  file.write(Uint8Array.of(0x17, 0x08, 0x44), text('tracing7\0'), Uint8Array.of(0, 8), u32(header.pageSize));
  file.write(text(`${compression}\0${compression === 'none' ? '' : '1.5.4'}\0`));
  const optionsAt = file.position;
  file.write(u64(0));
  const options: Uint8Array[] = [];
  const section = (id: number, content: Uint8Array): void => {
    options.push(option(id, u64(file.position)));
    file.write(sectionHeader(id, 0, content.length), content);
  };
  const headers = [sized('header_page', parts.headerPage), sized('header_event', parts.headerEvent)];
  section(SECTION_IDS.headerInfo, joined(headers));
  const ftrace = parts.formats.filter(({ system }) => system === 'ftrace');
  section(SECTION_IDS.ftraceEvents, formats(ftrace));
  section(SECTION_IDS.eventFormats, eventFormats(parts.formats));
  section(SECTION_IDS.kallsyms, withSize(parts.kallsyms(), u32));
  section(SECTION_IDS.printk, withSize(parts.printk(), u32));
  section(SECTION_IDS.cmdlines, withSize(text(parts.cmdlines), u64));
  options.push(...machineOptions(parts), writeBuffer(file, original, rounds, compression));
  options.push(option(0, u64(0)));
  file.writeAt(optionsAt, u64(file.position));
  const content = joined(options);
  file.write(sectionHeader(SECTION_IDS.options, 0, content.length), content);
}

function machineOptions({ options }: FileParts): Uint8Array[] {
  const texts: readonly (readonly [number, string | undefined])[] = [
    ...options.cpuStats.map((stats) => [2, stats] as const),
    [4, options.traceClock],
    [5, options.uname],
    [9, options.writerVersion],
  ];
  const written = texts.flatMap(([id, value]) =>
    value === undefined ? [] : [option(id, text(`${value}\0`))],
  );
  if (options.cpuCount !== undefined) written.push(option(8, u32(options.cpuCount)));
  return written;
}

/** Writes the events and gives the option that tells where they are. */
function writeBuffer(
  file: Output,
  { header, clock, cpus, period }: Original,
  rounds: number,
  compression: 'none' | 'zstd',
): Uint8Array {
  const { pageSize } = header;
  const start = file.position;
  const isCompressed = compression !== 'none';
  file.write(sectionHeader(SECTION_IDS.buffer, isCompressed ? 1 : 0, 0));
  const table: Uint8Array[] = [];
  for (const data of cpus) {
    const { cpu, pages } = data;
    file.pad(pageSize);
    const offset = file.position;
    const write = isCompressed ? writeChunks : writePages;
    const size = pages.length === 0 ? 0 : write(file, data, rounds, { period, pageSize });
    table.push(u32(cpu), u64(size === 0 ? 0 : offset), u64(size));
  }
  file.writeAt(start + 8, u64(file.position - start - 16));
  const head = [u64(start), text(`\0${clock}\0`), u32(pageSize), u32(cpus.length)];
  return option(SECTION_IDS.buffer, joined([...head, ...table]));
}

interface Rounds {
  readonly period: bigint;
  readonly pageSize: number;
}

function writePages(file: Output, data: CpuPages, rounds: number, { period, pageSize }: Rounds): number {
  for (let round = 0; round < rounds; round++) {
    file.write(data.pages);
    addTime(data, pageSize, period);
  }
  return rounds * data.pages.length;
}

/** The size leaves out the count of chunks, as trace-cmd's does. */
function writeChunks(file: Output, data: CpuPages, rounds: number, { period, pageSize }: Rounds): number {
  const { pages } = data;
  const chunkSize = CHUNK_PAGES * pageSize;
  const start = file.position;
  file.write(u32(rounds * Math.ceil(pages.length / chunkSize)));
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < pages.length; at += chunkSize) {
      const chunk = pages.subarray(at, at + chunkSize);
      const packed = zstdCompressSync(chunk);
      file.write(u32(packed.length), u32(chunk.length), packed);
    }
    addTime(data, pageSize, period);
  }
  return file.position - start - 4;
}

/** Moves all pages on in time; their events count from the page's time, or have all but its highest bits. */
function addTime({ pages, absolute }: CpuPages, pageSize: number, period: bigint): void {
  const view = new DataView(pages.buffer, pages.byteOffset, pages.byteLength);
  for (let page = 0; page < pages.length; page += pageSize) {
    view.setBigUint64(page, view.getBigUint64(page, true) + period, true);
  }
  for (const at of absolute) {
    const time = (BigInt(view.getUint32(at + 4, true)) << 27n) + BigInt(view.getUint32(at, true) >>> 5);
    const moved = BigInt.asUintN(59, time + period);
    view.setUint32(at, Number(moved & 0x7ff_ffffn) * 32 + ABSOLUTE_TIME, true);
    view.setUint32(at + 4, Number(moved >> 27n), true);
  }
}

class Output {
  position = 0;
  readonly #file: number;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  write(...parts: readonly Uint8Array[]): void {
    for (const part of parts) this.position += this.#put(part, this.position);
  }

  writeAt(offset: number, bytes: Uint8Array): void {
    this.#put(bytes, offset);
  }

  pad(alignment: number): void {
    this.write(new Uint8Array((alignment - (this.position % alignment)) % alignment));
  }

  close(): void {
    closeSync(this.#file);
  }

  #put(bytes: Uint8Array, offset: number): number {
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(this.#file, bytes, done, bytes.length - done, offset + done);
    }
    return done;
  }
}

function number(size: number, put: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(size);
  put(new DataView(bytes.buffer));
  return bytes;
}

const u16 = (value: number): Uint8Array => number(2, (view) => view.setUint16(0, value, true));
const u32 = (value: number): Uint8Array => number(4, (view) => view.setUint32(0, value, true));
const u64 = (value: number): Uint8Array => number(8, (view) => view.setBigUint64(0, BigInt(value), true));

function text(value: string): Uint8Array {
  return new Uint8Array(Buffer.from(value));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function option(id: number, data: Uint8Array): Uint8Array {
  return joined([u16(id), u32(data.length), data]);
}

function sectionHeader(id: number, flags: number, size: number): Uint8Array {
  return joined([u16(id), u16(flags), u32(0), u64(size)]);
}

function withSize(bytes: Uint8Array, size: (value: number) => Uint8Array): Uint8Array {
  return joined([size(bytes.length), bytes]);
}

function sized(name: string, value: string): Uint8Array {
  return joined([text(`${name}\0`), withSize(text(value), u64)]);
}

function formats(list: readonly FormatText[]): Uint8Array {
  return joined([u32(list.length), ...list.map(({ text }) => withSize(text, u64))]);
}

function eventFormats(list: readonly FormatText[]): Uint8Array {
  const systems = new Set(list.map(({ system }) => system).filter((system) => system !== 'ftrace'));
  const of = (name: string): Uint8Array => formats(list.filter(({ system }) => system === name));
  return joined([u32(systems.size), ...[...systems].flatMap((name) => [text(`${name}\0`), of(name)])]);
}

function main(): void {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      events: { type: 'string', default: '1000000' },
      compression: { type: 'string', default: 'none' },
    },
  });
  const [input, output] = positionals;
  const events = Number(values.events);
  const { compression } = values;
  const isKnown = compression === 'none' || compression === 'zstd';
  if (input === undefined || output === undefined || !(events > 0) || !isKnown) {
    process.stderr.write(
      'usage: node scripts/repeat-trace.ts IN OUT [--events N] [--compression none|zstd]\n',
    );
    process.exitCode = 1;
    return;
  }
  const written = repeatTrace(input, output, { events, compression });
  process.stdout.write(`${output}: ${written.events} events, ${written.bytes} bytes\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
