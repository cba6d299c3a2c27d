/**
 * The string section: texts that end in NUL, named by their offset. A split table's strings go on where its base's end.
 * Texts are made when asked for; comparing and hashing work on the bytes.
 */
import { FormatError } from '../format-error.ts';
import { hashName } from '../name-hash.ts';
import { decodeText, encodeText } from './text.ts';

/** A hash reads no more of a name: many types may name one long text. */
const HASHED = 128;

/** What strings of a base answer: any Btf does. */
export interface StringBase {
  readonly stringsEnd: number;
  string(offset: number): string;
}

export class StringSection {
  /** Offsets from here on are this section's own. */
  readonly start: number;
  /** One past the last offset. */
  readonly end: number;
  readonly #bytes: Uint8Array;
  readonly #base: StringBase | undefined;

  /** `bytes` ends in NUL (empty is fine for a split table). */
  constructor(bytes: Uint8Array, base?: StringBase) {
    this.#bytes = bytes;
    this.#base = base;
    this.start = base?.stringsEnd ?? 0;
    this.end = this.start + bytes.length;
  }

  /** @throws FormatError when the offset is outside */
  at(offset: number): string {
    if (offset < this.start && this.#base !== undefined) return this.#base.string(offset);
    const from = offset - this.start;
    if (!(from >= 0 && from < this.#bytes.length)) {
      throw new FormatError('BTF', 0, `string offset ${offset} is beyond the strings' end, ${this.end}`);
    }
    return decodeText(this.#bytes, from, this.#bytes.indexOf(0, from));
  }

  /** Bytes of the text, or more than `most` without counting on. */
  lengthOf(offset: number, most: number): number {
    if (offset < this.start) return this.at(offset).length;
    const start = offset - this.start;
    const end = Math.min(this.#bytes.length, start + most + 1);
    let at = start;
    while (at < end && this.#bytes[at] !== 0) at++;
    return at - start;
  }

  isEmpty(offset: number): boolean {
    if (offset < this.start) return this.at(offset) === '';
    return this.#bytes[offset - this.start] === 0;
  }

  hash(offset: number): number {
    if (offset < this.start) return hashBytes(encodeText(this.at(offset)), 0);
    return hashBytes(this.#bytes, offset - this.start);
  }

  equals(offset: number, text: Uint8Array): boolean {
    if (offset < this.start) return equalAt(encodeText(`${this.at(offset)}\0`), 0, text);
    return equalAt(this.#bytes, offset - this.start, text);
  }
}

/** Of a text's UTF-8 as {@link StringSection.hash} of its offset. */
export function hashText(text: Uint8Array): number {
  return hashBytes(text, 0);
}

function hashBytes(bytes: Uint8Array, start: number): number {
  return hashName(bytes, start, Math.min(bytes.length, start + HASHED));
}

function equalAt(bytes: Uint8Array, start: number, text: Uint8Array): boolean {
  if (bytes[start + text.length] !== 0) return false;
  for (let index = 0; index < text.length; index++) if (bytes[start + index] !== text[index]) return false;
  return true;
}
