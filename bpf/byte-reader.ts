/**
 * A cursor over bytes that may be hostile: every read is checked against the end, and what does not fit is a
 * {@link FormatError} with its offset.
 */
import { FormatError } from './format-error.ts';

export class ByteReader {
  readonly bytes: Uint8Array;
  readonly littleEndian: boolean;
  /** Where the next read begins. */
  position: number;
  readonly #view: DataView;
  readonly #format: string;
  /** Offset of `bytes[0]` in what the user knows as the file. */
  readonly #base: number;

  constructor(bytes: Uint8Array, littleEndian: boolean, format: string, base = 0) {
    this.bytes = bytes;
    this.littleEndian = littleEndian;
    this.position = 0;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#format = format;
    this.#base = base;
  }

  get remaining(): number {
    return this.bytes.length - this.position;
  }

  /** @throws FormatError at the current position, or `at` */
  fail(problem: string, at: number = this.position): never {
    throw new FormatError(this.#format, this.#base + at, problem);
  }

  /** Moves to a position. `what` names what should be there. */
  seek(position: number, what: string): void {
    if (!(position >= 0 && position <= this.bytes.length)) this.fail(`${what} is beyond the end`, position);
    this.position = position;
  }

  skip(length: number, what: string): void {
    this.#take(length, what);
  }

  u8(what: string): number {
    return this.#view.getUint8(this.#take(1, what));
  }

  u16(what: string): number {
    return this.#view.getUint16(this.#take(2, what), this.littleEndian);
  }

  u32(what: string): number {
    return this.#view.getUint32(this.#take(4, what), this.littleEndian);
  }

  i32(what: string): number {
    return this.#view.getInt32(this.#take(4, what), this.littleEndian);
  }

  u64(what: string): bigint {
    return this.#view.getBigUint64(this.#take(8, what), this.littleEndian);
  }

  /** A 64-bit number that must be an offset or a size: at most 2^53 - 1. */
  size64(what: string): number {
    const at = this.position;
    const value = this.u64(what);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) this.fail(`${what} ${value} is too large`, at);
    return Number(value);
  }

  /** Shares the memory of `bytes`. */
  take(length: number, what: string): Uint8Array {
    const start = this.#take(length, what);
    return this.bytes.subarray(start, start + length);
  }

  /** Text up to a NUL, which is skipped; at most `limit` bytes. */
  text(what: string, limit: number): string {
    const end = this.bytes.indexOf(0, this.position);
    if (end < 0 || end - this.position > limit) this.fail(`${what} has no end`);
    const text = DECODER.decode(this.bytes.subarray(this.position, end));
    this.position = end + 1;
    return text;
  }

  #take(length: number, what: string): number {
    const start = this.position;
    if (!(length >= 0 && length <= this.bytes.length - start)) {
      this.fail(`${what} takes ${length} bytes, and ${this.bytes.length - start} are left`);
    }
    this.position = start + length;
    return start;
  }
}

const DECODER = new TextDecoder();
