/** Bytes in a file of cases: hexadecimal digits, zlib data in base64, or the name of a blob that is either. */
import { CaseError, describe, type JsonObject, objectOf, textOf } from './json.ts';

/** Decompresses zlib data (RFC 1950). Throws for what is none and for more than `limit` bytes. */
export type Inflate = (bytes: Uint8Array, limit: number) => Uint8Array;

/** No kernel takes more in one piece: a million instructions are 8 MB, BTF is at most 16 MB. */
const LIMIT = 32 * 2 ** 20;

export class ByteFields {
  readonly #blobs: JsonObject;
  readonly #inflate: Inflate | undefined;
  readonly #known = new Map<string, Uint8Array>();

  constructor(blobs: unknown, inflate: Inflate | undefined) {
    this.#blobs = blobs === undefined ? {} : objectOf(blobs, 'blobs');
    this.#inflate = inflate;
  }

  /** A blob's name or hexadecimal digits; undefined when absent. The same blob is the same array. */
  optional(value: unknown, path: string): Uint8Array | undefined {
    if (value === undefined || value === null) return undefined;
    const text = textOf(value, path);
    return Object.hasOwn(this.#blobs, text) ? this.#blob(text) : hexBytes(text, path);
  }

  /** zlib data in base64, or the name of a blob. */
  compressed(value: unknown, path: string): Uint8Array {
    const text = textOf(value, path);
    return Object.hasOwn(this.#blobs, text) ? this.#blob(text) : this.#unpack(text, path);
  }

  #blob(name: string): Uint8Array {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const path = `blobs.${name}`;
    const value = this.#blobs[name];
    const bytes =
      typeof value === 'object' ? this.#packed(value, path) : this.#hexOrPacked(textOf(value, path), path);
    this.#known.set(name, bytes);
    return bytes;
  }

  /** `{ "z": … }` says that it is compressed, `{ "hex": … }` that it is not. */
  #packed(value: unknown, path: string): Uint8Array {
    const blob = objectOf(value, path);
    if (blob.z !== undefined) return this.#unpack(textOf(blob.z, `${path}.z`), `${path}.z`);
    return hexBytes(textOf(blob.hex, `${path}.hex`), `${path}.hex`);
  }

  #hexOrPacked(text: string, path: string): Uint8Array {
    return isHex(text) ? hexBytes(text, path) : this.#unpack(text, path);
  }

  #unpack(text: string, path: string): Uint8Array {
    if (this.#inflate === undefined) throw new CaseError(path, 'compressed bytes cannot be read here');
    let packed: Uint8Array;
    try {
      packed = Uint8Array.fromBase64(text);
    } catch {
      throw new CaseError(path, `want base64, found ${describe(text)}`);
    }
    try {
      return this.#inflate(packed, LIMIT);
    } catch (error) {
      throw new CaseError(path, `these bytes cannot be decompressed: ${(error as Error).message}`);
    }
  }
}

function isHex(text: string): boolean {
  return text.length % 2 === 0 && /^[0-9a-fA-F]*$/.test(text);
}

function hexBytes(text: string, path: string): Uint8Array {
  const digits = /\s/.test(text) ? text.replace(/\s+/g, '') : text;
  if (digits.length > 2 * LIMIT) throw new CaseError(path, `more than ${LIMIT} bytes`);
  try {
    return Uint8Array.fromHex(digits);
  } catch {
    throw new CaseError(path, `want hexadecimal digits, found ${describe(text)}`);
  }
}
