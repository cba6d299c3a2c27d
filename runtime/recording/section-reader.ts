/**
 * Reads numbers and strings of one section in order. Every read is checked against the section's end before any
 * memory is taken, so a length that lies ends in a {@link RecordingError} and nothing else.
 */
import type { ByteSource } from '../../bpf/byte-source.ts';
import { RecordingError } from './recording-error.ts';

export class SectionReader {
  readonly section: string;
  readonly littleEndian: boolean;
  readonly end: number;
  position: number;
  private readonly source: ByteSource;

  /** Covers `source` from `start` to `end` (its whole rest when absent). */
  constructor(
    source: ByteSource,
    section: string,
    littleEndian: boolean,
    range: { readonly start?: number; readonly end?: number } = {},
  ) {
    this.source = source;
    this.section = section;
    this.littleEndian = littleEndian;
    this.position = range.start ?? 0;
    this.end = Math.min(range.end ?? source.size, source.size);
    if (this.position > this.end) this.fail('it begins beyond the end of the file');
  }

  get remaining(): number {
    return this.end - this.position;
  }

  fail(problem: string): never {
    throw new RecordingError(this.section, this.position, problem);
  }

  bytes(length: number, what = 'data'): Uint8Array {
    if (length > this.remaining) this.fail(`${what} of ${length} bytes, but only ${this.remaining} are left`);
    const bytes = this.source.read(this.position, length);
    if (bytes.length !== length)
      this.fail(`${what} of ${length} bytes, but only ${bytes.length} could be read`);
    this.position += length;
    return bytes;
  }

  skip(length: number, what: string): void {
    if (length > this.remaining) this.fail(`${what} of ${length} bytes, but only ${this.remaining} are left`);
    this.position += length;
  }

  u8(what: string): number {
    return this.bytes(1, what)[0]!;
  }

  u16(what: string): number {
    return viewOf(this.bytes(2, what)).getUint16(0, this.littleEndian);
  }

  u32(what: string): number {
    return viewOf(this.bytes(4, what)).getUint32(0, this.littleEndian);
  }

  u64(what: string): bigint {
    return viewOf(this.bytes(8, what)).getBigUint64(0, this.littleEndian);
  }

  /** A 64-bit size or offset; above 2^53 it is a lie. */
  size(what: string): number {
    const value = this.u64(what);
    if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value);
    this.position -= 8;
    return this.fail(`${what} of ${value} bytes`);
  }

  /** A NUL-terminated string of at most `limit` bytes before its NUL. */
  string(what: string, limit = 4096): string {
    const bytes = this.source.read(this.position, Math.min(this.remaining, limit + 1));
    const length = bytes.indexOf(0);
    if (length < 0) this.fail(`${what} without its end`);
    this.position += length + 1;
    return textOf(bytes.subarray(0, length));
  }

  /** Consumes `text` and a NUL. */
  expect(text: string): void {
    const start = this.position;
    if (this.string(`the word ${text}`, text.length) === text) return;
    this.position = start;
    this.fail(`not the word ${text}`);
  }
}

/** Kernel text is ASCII in practice; other bytes must not stop the reading. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** As {@link textOf}, up to the first NUL. */
export function textBeforeNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return textOf(end < 0 ? bytes : bytes.subarray(0, end));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
