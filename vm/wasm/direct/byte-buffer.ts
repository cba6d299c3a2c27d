/** Bytes that grow, with the number formats of WebAssembly (LEB128). */
export class ByteBuffer {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** The bytes so far; valid until the next write. */
  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  take(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(values: ArrayLike<number>): void {
    if (this.#length + values.length > this.#bytes.length) this.#grow(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** `value` in 0 … 2^32-1. */
  unsigned(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest = rest >>> 7;
    }
    this.byte(rest);
  }

  /** An int32. */
  signed(value: number): void {
    let rest = value;
    while (rest < -64 || rest > 63) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>= 7;
    }
    this.byte(rest & 0x7f);
  }

  /** An int64 from halves. */
  signedPair(low: number, high: number): void {
    let lower = low;
    let upper = high;
    while (upper !== lower >> 31 || lower < -64 || lower > 63) {
      this.byte((lower & 0x7f) | 0x80);
      lower = (lower >>> 7) | (upper << 25);
      upper >>= 7;
    }
    this.byte(lower & 0x7f);
  }

  /** ASCII. */
  name(text: string): void {
    this.unsigned(text.length);
    for (let index = 0; index < text.length; index++) this.byte(text.charCodeAt(index));
  }

  #grow(more: number): void {
    const bytes = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    bytes.set(this.view());
    this.#bytes = bytes;
  }
}
