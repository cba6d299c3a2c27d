/**
 * A section of NUL-terminated names. Names may overlap, so a small hostile table could stand for a huge amount of text:
 * the text of all different names together is bounded by a multiple of the table.
 */
import { FormatError } from '../format-error.ts';

export class StringTable {
  readonly #bytes: Uint8Array;
  readonly #base: number;
  readonly #known = new Map<number, string>();
  #budget: number;

  /** `base`: the section's offset in the file, for messages. */
  constructor(bytes: Uint8Array, base: number) {
    this.#bytes = bytes;
    this.#base = base;
    this.#budget = bytes.length * SHARING + SMALL;
  }

  /** The name at an offset of the table; offset 0 of an empty table is the empty name. @throws FormatError */
  at(offset: number, what: string): string {
    const known = this.#known.get(offset);
    if (known !== undefined) return known;
    if (offset === 0 && this.#bytes.length === 0) return '';
    const end = this.#bytes.indexOf(0, offset);
    if (offset >= this.#bytes.length || end < 0) {
      throw new FormatError(
        'ELF',
        this.#base + this.#bytes.length,
        `${what} at ${offset} of its table has no end`,
      );
    }
    this.#budget -= end - offset;
    if (this.#budget < 0) {
      throw new FormatError('ELF', this.#base + offset, `${what}: names overlap too much`);
    }
    const name = DECODER.decode(this.#bytes.subarray(offset, end));
    this.#known.set(offset, name);
    return name;
  }
}

/** How many times over a table's text may be used: linkers merge names that are tails of others. */
const SHARING = 2;
const SMALL = 1 << 16;
const DECODER = new TextDecoder();
