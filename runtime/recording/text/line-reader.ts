/**
 * The lines of a text file, read window by window. Lines are byte strings, one character (0 to 255) a byte; one longer than
 * a window is cut.
 */
import type { ByteSource } from '../../../bpf/byte-source.ts';

const WINDOW: number = 1 << 18;
/** The kernel prints at most a page for an event. */
const MAX_LINE: number = 1 << 14;
const NEWLINE = 0x0a;
const RETURN = 0x0d;

export class LineReader {
  /** The current line without its end. */
  line = '';
  /** Where it begins in the file. */
  offset = 0;
  /** Lines whose end was cut off so far. */
  cut = 0;
  private readonly source: ByteSource;
  private bytes: Uint8Array = new Uint8Array(0);
  /** Of `bytes[0]` in the file. */
  private base = 0;
  private position = 0;
  /** The whole window as text where it is ASCII: slicing lines from it is many times faster than making each. */
  private text: string | undefined;

  constructor(source: ByteSource) {
    this.source = source;
  }

  /** Where the next line begins. */
  get end(): number {
    return this.base + this.position;
  }

  /** Steps to the next line; false at the end. */
  next(): boolean {
    let newline = this.bytes.indexOf(NEWLINE, this.position);
    if (newline < 0 && this.end + (this.bytes.length - this.position) < this.source.size) {
      this.refill();
      newline = this.bytes.indexOf(NEWLINE, this.position);
    }
    this.offset = this.end;
    if (this.position >= this.bytes.length) return false;
    const stop = newline < 0 ? this.bytes.length : newline;
    this.line = this.textOf(this.position, stop);
    this.position = newline < 0 ? stop : newline + 1;
    return true;
  }

  private refill(): void {
    this.base += this.position;
    this.position = 0;
    this.bytes = this.source.read(this.base, WINDOW);
    this.text = isAscii(this.bytes) ? new TextDecoder().decode(this.bytes) : undefined;
  }

  private textOf(start: number, stop: number): string {
    const whole = stop > start && this.bytes[stop - 1] === RETURN ? stop - 1 : stop;
    if (whole - start > MAX_LINE) this.cut++;
    const last = Math.min(whole, start + MAX_LINE);
    return this.text === undefined ? byteText(this.bytes, start, last) : this.text.slice(start, last);
  }
}

/**
 * A string of its own. A piece of a line keeps the whole window alive: what is kept for longer than the line must be copied.
 */
export function ownText(text: string): string {
  let copy = '';
  for (let at = 0; at < text.length; at += CHUNK) {
    const codes = Array.from({ length: Math.min(CHUNK, text.length - at) }, (_, index) =>
      text.charCodeAt(at + index),
    );
    copy += String.fromCharCode(...codes);
  }
  return copy;
}

function isAscii(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! > 0x7f) return false;
  return true;
}

const CHUNK = 4096;

function byteText(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, Math.min(end, at + CHUNK)));
  }
  return text;
}
