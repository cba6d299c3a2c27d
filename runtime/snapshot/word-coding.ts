/** How a word of BTF is written as a small number, and back. All arithmetic is modulo 2^32: nothing is lost. */
import { FormatError } from '../../bpf/format-error.ts';

/** Small negative and positive numbers become small ones: 0, -1, 1, -2, … */
export function zigzag(value: number): number {
  const signed = value | 0;
  return ((signed << 1) ^ (signed >> 31)) >>> 0;
}

export function unzigzag(value: number): number {
  return ((value >>> 1) ^ -(value & 1)) >>> 0;
}

/** A type is mostly one just before the one that refers to it; 0 is `void`. */
export function typeCode(id: number, type: number): number {
  return type === 0 ? 0 : zigzag(id - type) + 1;
}

export function typeOf(id: number, code: number): number {
  return code === 0 ? 0 : (id - unzigzag(code - 1)) >>> 0;
}

/**
 * Offsets of names. The texts of a table are nearly always in the order in which types first use them, so that most
 * names are just «the next». 0: the next; odd: a text by its number; even: an offset, of a text of the base or within one.
 */
export class NameCoding {
  /** Offsets of this table's own texts, ascending; the first is `start`. */
  readonly #offsets: readonly number[];
  readonly #numbers: ReadonlyMap<number, number>;
  /** Number of the last text that was used. */
  #last = 0;

  /** `start`: where the texts begin among those of the base; 0 without. */
  constructor(strings: Uint8Array, start: number) {
    const offsets: number[] = [];
    for (let at = 0; at < strings.length; ) {
      offsets.push(start + at);
      const end = strings.indexOf(0, at);
      if (end < 0) break;
      at = end + 1;
    }
    this.#offsets = offsets;
    this.#numbers = new Map(offsets.map((offset, number) => [offset, number]));
  }

  code(offset: number): number {
    const number = this.#numbers.get(offset);
    if (number === undefined) return 2 + 2 * offset;
    const isNext = number === this.#last + 1;
    this.#last = Math.max(this.#last, number);
    return isNext ? 0 : 1 + 2 * number;
  }

  offset(code: number): number {
    if (code !== 0 && code % 2 === 0) return code / 2 - 1;
    const number = code === 0 ? this.#last + 1 : (code - 1) / 2;
    const offset = this.#offsets[number];
    if (offset === undefined) throw new FormatError('snapshot', 0, `there is no name ${number}`);
    this.#last = Math.max(this.#last, number);
    return offset;
  }
}
