/** Bytes as values of our types, as text. */
import type { Type } from '../../compiler/types/type.ts';

/** Eight bytes as a signed number. */
export function word(bytes: Uint8Array, at: number): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset).getBigInt64(at, true);
}

/** Reads values of our types; `packed`: as 0.17 stores them, numbers in 8 bytes and nothing between elements. */
export class Cursor {
  readonly #bytes: Uint8Array;
  readonly #packed: boolean;
  #at = 0;

  constructor(bytes: Uint8Array, packed = false) {
    this.#bytes = bytes;
    this.#packed = packed;
  }

  seek(at: number): this {
    this.#at = at;
    return this;
  }

  read(type: Type): string {
    if (type.kind === 'tuple') {
      const start = this.#at;
      return type.elements
        .map((element) => {
          if (!this.#packed) this.#at = start + element.offset;
          return this.read(element.type);
        })
        .join(',');
    }
    if (type.kind === 'string') {
      const bytes = this.#bytes.subarray(this.#at, this.#at + type.size);
      this.#at += type.size;
      return textOf(bytes);
    }
    const signed = type.kind === 'integer' && type.signed;
    const text = this.integer(this.#packed ? 8 : type.size, signed);
    return text;
  }

  integer(size: number, signed: boolean): string {
    let value = 0n;
    for (let at = size - 1; at >= 0; at--) value = (value << 8n) | BigInt(this.#bytes[this.#at + at] ?? 0);
    this.#at += size;
    return `${signed ? BigInt.asIntN(8 * size, value) : value}`;
  }
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return JSON.stringify(String.fromCharCode(...bytes.subarray(0, end < 0 ? bytes.length : end)));
}
