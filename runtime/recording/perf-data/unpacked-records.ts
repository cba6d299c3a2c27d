/**
 * Records inside compressed ones. perf compresses its ring buffers as one zstd stream and cuts it into records, so a
 * record may begin in one piece and end in the next: what is left of a piece waits for more.
 */
import type { StreamDecompressor } from '../decompressor.ts';
import type { Memory } from './file-windows.ts';
import { RECORD_HEADER_SIZE } from './record-types.ts';

/**
 * The more a stream unpacks to, the less it can be a recording. Ring buffers compress three to twenty to one; a hostile
 * stream could make gigabytes of kilobytes.
 */
const MAX_RATIO = 256;
const FREE_BYTES: number = 64 * 1024 * 1024;

const NO_MEMORY: Memory = { bytes: new Uint8Array(0), view: new DataView(new ArrayBuffer(0)) };

export class UnpackedRecords {
  memory: Memory = NO_MEMORY;
  /** Of the current record in {@link memory}. */
  offset = 0;
  size = 0;
  readonly #stream: StreamDecompressor;
  readonly #littleEndian: boolean;
  readonly #warn: (problem: string) => void;
  #allowed: number;
  #pieces: Iterator<Uint8Array> | undefined;
  #next = 0;
  #ended = false;

  /** `fileSize` bounds what is unpacked; `warn` is told what is lost. */
  constructor(
    stream: StreamDecompressor,
    littleEndian: boolean,
    fileSize: number,
    warn: (problem: string) => void,
  ) {
    this.#stream = stream;
    this.#littleEndian = littleEndian;
    this.#warn = warn;
    this.#allowed = Math.max(FREE_BYTES, MAX_RATIO * fileSize);
  }

  get bytes(): Uint8Array {
    return this.memory.bytes;
  }

  get view(): DataView {
    return this.memory.view;
  }

  /** Takes the next part of the stream; {@link next} gives its records. */
  feed(packed: Uint8Array): void {
    if (!this.#ended) this.#pieces = this.#stream.decompress(packed)[Symbol.iterator]();
  }

  /** Steps to the next record; false when more of the stream is needed. */
  next(): boolean {
    for (;;) {
      if (this.#stepInMemory()) return true;
      if (this.#ended || !this.#nextPiece()) return false;
    }
  }

  /** No more will come. */
  finish(): void {
    const rest = this.memory.bytes.length - this.#next;
    if (this.#ended) return;
    if (rest > 0) this.#end(`the last ${rest} decompressed bytes are no whole record`);
    else this.#stream.close();
  }

  #stepInMemory(): boolean {
    const left = this.memory.bytes.length - this.#next;
    if (left < RECORD_HEADER_SIZE || this.#ended) return false;
    const size = this.memory.view.getUint16(this.#next + 6, this.#littleEndian);
    if (size < RECORD_HEADER_SIZE) {
      this.#end(`a decompressed record of ${size} bytes`);
      return false;
    }
    if (size > left) return false;
    this.offset = this.#next;
    this.size = size;
    this.#next += size;
    return true;
  }

  #nextPiece(): boolean {
    const piece = this.#pull();
    if (piece === undefined) return false;
    this.#allowed -= piece.length;
    if (this.#allowed < 0) {
      this.#end('the compressed records unpack to more than a recording of this size can hold');
      return false;
    }
    const rest = this.memory.bytes.subarray(this.#next);
    let bytes = piece;
    if (rest.length > 0) {
      bytes = new Uint8Array(rest.length + piece.length);
      bytes.set(rest);
      bytes.set(piece, rest.length);
    }
    this.memory = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
    this.#next = 0;
    return true;
  }

  #pull(): Uint8Array | undefined {
    try {
      const result = this.#pieces?.next();
      if (result === undefined || result.done === true) return undefined;
      return result.value;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#end(`damaged zstd data (${reason})`);
      return undefined;
    }
  }

  #end(problem: string): void {
    this.#warn(`${problem}; the compressed records after it are not read`);
    this.#ended = true;
    this.#stream.close();
    this.#pieces = undefined;
    this.memory = NO_MEMORY;
    this.#next = 0;
  }
}
