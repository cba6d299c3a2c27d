/** Numbers and texts of a snapshot's parts: ULEB128, most of them a byte. Reading is by `ByteReader`, which is checked. */
import { ByteReader } from '../../bpf/byte-reader.ts';

const FIRST_SIZE = 1024;
const MAX_TEXT = 1 << 20;

/** Bytes that grow. */
export class Bytes {
  #bytes = new Uint8Array(FIRST_SIZE);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Of at most 53 bits. */
  number(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.#push((rest % 0x80) | 0x80);
      rest = Math.floor(rest / 0x80);
    }
    this.#push(rest);
  }

  bytes(bytes: Uint8Array): void {
    this.#grow(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** With its length before it. */
  text(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.number(bytes.length);
    this.bytes(bytes);
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #push(byte: number): void {
    this.#grow(1);
    this.#bytes[this.#length++] = byte;
  }

  #grow(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#length + count, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

/** Reads what {@link Bytes} wrote. */
export class BytesReader extends ByteReader {
  constructor(bytes: Uint8Array, format: string, base: number) {
    super(bytes, true, format, base);
  }

  number(what: string): number {
    const at = this.position;
    const first = this.bytes[at];
    // Nearly all, and there are hundreds of thousands of them.
    if (first !== undefined && first < 0x80) {
      this.position = at + 1;
      return first;
    }
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.u8(what);
      value += (byte & 0x7f) * scale;
      if (value > Number.MAX_SAFE_INTEGER) this.fail(`${what} is too large`, at);
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  sizedText(what: string): string {
    const length = this.number(what);
    if (length > MAX_TEXT) this.fail(`${what} is too long`);
    return new TextDecoder().decode(this.take(length, what));
  }
}
