/**
 * The ring-buffer pages of one CPU as windows of a few pages each: parts of the file, or compressed chunks
 * decompressed one at a time. Memory does not depend on the size of the file.
 */
import { type ByteSource, readInto } from '../../bpf/byte-source.ts';
import type { CompressionName, Decompressor, FrameDecompressor } from './decompressor.ts';
import type { FileHeader } from './file-header.ts';
import type { BufferPart } from './file-parts.ts';
import type { MemoryBudget } from './memory-budget.ts';
import type { CpuData } from './options.ts';
import { RecordingError, type WarningList } from './recording-error.ts';

/** A window's bytes are whole pages; only the last window of a cut-off file may end inside a page. */
export interface PageSource {
  /** Shown in warnings: `CPU 0 data`. */
  readonly section: string;
  /** Offset that warnings give for the window's first byte: in the file, or in the decompressed data. */
  readonly base: number;
  /** Bytes of the file consumed so far. */
  readonly consumed: number;
  /** The next window, in `target` where it fits there, or undefined at the end. */
  next(target?: Uint8Array): Uint8Array | undefined;
  /** True once after data was lost before the window that `next` gave. */
  takeLoss(): boolean;
}

/**
 * How many damaged chunks a cursor passes over. Each costs a decompression that fails, and a hostile file could have
 * one for every dozen of its bytes; after so many, a CPU's data ends at its next damaged chunk.
 */
export class DamageAllowance {
  private left = 256;

  /** False when it is used up. */
  spend(): boolean {
    this.left--;
    return this.left >= 0;
  }
}

export interface PageSourceContext {
  readonly source: ByteSource;
  readonly littleEndian: boolean;
  readonly decompressor: Decompressor;
  readonly budget: MemoryBudget;
  readonly warnings: WarningList;
  /** Of the cursor, for all its CPUs. */
  readonly frames?: FrameDecompressor | undefined;
}

/** The pages of one CPU, however the file stores them. `damage` is shared by the CPUs of a cursor. */
export function openPages(
  header: FileHeader,
  buffer: BufferPart,
  data: CpuData,
  context: PageSourceContext,
  damage: DamageAllowance = new DamageAllowance(),
): PageSource {
  const section =
    buffer.name === '' ? `CPU ${data.cpu} data` : `buffer '${buffer.name}' CPU ${data.cpu} data`;
  if (!buffer.compressed || header.compression === 'none') {
    return new PlainPages(context, data, section, buffer.pageSize);
  }
  return new CompressedPages(context, data, section, buffer.pageSize, {
    algorithm: header.compression,
    damage,
  });
}

const WINDOW_SIZE = 128 * 1024;

/** Pages that are in the file as they were in the ring buffer. */
export class PlainPages implements PageSource {
  readonly section: string;
  base: number;
  private readonly source: ByteSource;
  private readonly start: number;
  private readonly end: number;
  private readonly windowSize: number;
  private position: number;

  constructor(context: PageSourceContext, data: CpuData, section: string, pageSize: number) {
    this.section = section;
    this.source = context.source;
    this.start = data.offset;
    this.base = data.offset;
    this.position = data.offset;
    this.end = Math.min(data.offset + data.size, context.source.size);
    this.windowSize = Math.max(pageSize, WINDOW_SIZE - (WINDOW_SIZE % pageSize));
    const lost = data.offset + data.size - Math.max(this.end, data.offset);
    if (lost > 0) context.warnings.add(section, this.end, `the file ends; the last ${lost} bytes are lost`);
  }

  get consumed(): number {
    return this.position - this.start;
  }

  next(target?: Uint8Array): Uint8Array | undefined {
    if (this.position >= this.end) return undefined;
    this.base = this.position;
    const left = this.end - this.position;
    const bytes =
      target === undefined
        ? this.source.read(this.position, Math.min(this.windowSize, left))
        : readInto(this.source, this.position, target.subarray(0, Math.min(target.length, left)));
    this.position = bytes.length === 0 ? this.end : this.position + bytes.length;
    return bytes.length === 0 ? undefined : bytes;
  }

  takeLoss(): boolean {
    return false;
  }
}

/** A chunk is ten pages in files of trace-cmd; far larger ones are a lie. */
const MAX_CHUNK_PAGES = 64;
const MAX_CHUNK_FLOOR = 1024 * 1024;
/** A CPU's data expands about ten times; the bound keeps a small hostile file from becoming hours of work. */
const MAX_EXPANSION = 1024;
/** Compressed bytes read at once; each CPU's are elsewhere in the file. */
const READ_AHEAD = 128 * 1024;

/** Pages in compressed chunks: a chunk count, then each chunk with its compressed and decompressed size. */
export class CompressedPages implements PageSource {
  readonly section: string;
  base = 0;
  private readonly context: PageSourceContext;
  private readonly algorithm: CompressionName;
  private readonly damage: DamageAllowance;
  private readonly data: CpuData;
  private readonly pageSize: number;
  private readonly end: number;
  private position: number;
  private chunks = -1;
  private chunk = 0;
  private held = 0;
  private expanded = 0;
  private lost = false;
  private ahead: Uint8Array = new Uint8Array(0);
  private aheadStart = 0;

  constructor(
    context: PageSourceContext,
    data: CpuData,
    section: string,
    pageSize: number,
    compression: { readonly algorithm: CompressionName; readonly damage: DamageAllowance },
  ) {
    this.section = `${section} (decompressed)`;
    this.context = context;
    this.algorithm = compression.algorithm;
    this.damage = compression.damage;
    this.data = data;
    this.pageSize = pageSize;
    this.position = data.offset;
    // The recorded size does not count the chunk count before the chunks.
    this.end = Math.min(data.offset + 4 + data.size, context.source.size);
  }

  get consumed(): number {
    return Math.min(this.position - this.data.offset, this.data.size);
  }

  takeLoss(): boolean {
    const lost = this.lost;
    this.lost = false;
    return lost;
  }

  next(target?: Uint8Array): Uint8Array | undefined {
    this.context.budget.release(this.held);
    this.held = 0;
    if (this.chunks < 0) this.chunks = this.readU32(this.position) ?? this.stop('no chunk count');
    if (this.chunk === 0) this.position = this.data.offset + 4;
    while (this.chunk < this.chunks) {
      const bytes = this.nextChunk(target);
      if (bytes === undefined) continue;
      const isPlaced = target === undefined || bytes.buffer === target.buffer;
      if (isPlaced || bytes.length > target.length) return bytes;
      target.set(bytes);
      return target.subarray(0, bytes.length);
    }
    return undefined;
  }

  private nextChunk(target: Uint8Array | undefined): Uint8Array | undefined {
    const compressed = this.readU32(this.position);
    const size = this.readU32(this.position + 4);
    const start = this.position + 8;
    if (compressed === undefined || size === undefined || compressed > this.end - start) {
      const left = this.chunks - this.chunk;
      this.chunks = this.stop(`the data ends; the last ${left} of ${this.chunks} chunks are lost`);
      return undefined;
    }
    this.base = this.expanded;
    this.position = start + compressed;
    this.chunk++;
    try {
      return this.decompress(this.read(start, compressed), size, start, target);
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      this.lost = true;
      const name = `chunk ${this.chunk} of ${this.chunks} (${size} bytes decompressed) is lost`;
      this.context.warnings.add(this.section, start, `${name}: ${error.message}`);
      if (!this.damage.spend()) this.chunks = this.stop('too many chunks are damaged; the rest is lost');
      return undefined;
    }
  }

  /** @throws RecordingError */
  private decompress(
    input: Uint8Array,
    size: number,
    offset: number,
    target: Uint8Array | undefined,
  ): Uint8Array {
    const limit = Math.max(MAX_CHUNK_FLOOR, MAX_CHUNK_PAGES * this.pageSize);
    const fault = (problem: string, cause?: unknown): RecordingError =>
      new RecordingError(this.section, offset, problem, { cause });
    if (size > limit) throw fault(`a chunk of ${size} bytes is larger than ${limit}`);
    if (this.expanded + size > MAX_EXPANSION * this.data.size + MAX_CHUNK_FLOOR) {
      throw fault(`the data expands more than ${MAX_EXPANSION} times`);
    }
    const { budget, decompressor, frames } = this.context;
    if (target !== undefined && size <= target.length && this.algorithm === 'zstd') {
      const place = target.subarray(0, size);
      if (frames?.into(input, place) === true) {
        this.expanded += size;
        return place;
      }
    }
    budget.take(size, this.section, offset);
    try {
      const bytes = decompressor.decompress(this.algorithm, input, size);
      this.held = size;
      this.expanded += size;
      return bytes;
    } catch (cause) {
      budget.release(size);
      throw fault('the compressed data is damaged', cause);
    }
  }

  private read(offset: number, length: number): Uint8Array {
    const { source } = this.context;
    if (offset < this.aheadStart || offset + length > this.aheadStart + this.ahead.length) {
      this.ahead = source.read(offset, Math.max(length, Math.min(READ_AHEAD, this.end - offset)));
      this.aheadStart = offset;
    }
    return this.ahead.subarray(offset - this.aheadStart, offset - this.aheadStart + length);
  }

  private readU32(offset: number): number | undefined {
    if (offset + 4 > this.end) return undefined;
    const bytes = this.read(offset, 4);
    if (bytes.length < 4) return undefined;
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, this.context.littleEndian);
  }

  /** Ends the data with a warning; the count of chunks left. */
  private stop(problem: string): number {
    this.lost = true;
    this.context.warnings.add(this.section, this.position, problem);
    return 0;
  }
}
