/**
 * Names of a table's own types to ids: a hash table of integers over the strings' bytes, with no text made. Types of one
 * name stay in ascending order.
 */
import { hashText, type StringSection } from './strings.ts';
import { encodeText } from './text.ts';

export class NameIndex {
  readonly #strings: StringSection;
  readonly #nameOffset: (index: number) => number;
  /** First type of each bucket, plus 1; 0 is none. */
  readonly #heads: Uint32Array;
  /** Next type of the same bucket, plus 1. */
  readonly #next: Uint32Array;

  /** `nameOffset` says where the name of the type at an index lies. */
  constructor(strings: StringSection, count: number, nameOffset: (index: number) => number) {
    this.#strings = strings;
    this.#nameOffset = nameOffset;
    this.#heads = new Uint32Array(bucketsFor(count));
    this.#next = new Uint32Array(count);
    const mask = this.#heads.length - 1;
    // From the last to the first, as each goes to its bucket's front.
    for (let index = count - 1; index >= 0; index--) {
      const offset = nameOffset(index);
      if (offset === 0 || strings.isEmpty(offset)) continue;
      const bucket = strings.hash(offset) & mask;
      this.#next[index] = this.#heads[bucket]!;
      this.#heads[bucket] = index + 1;
    }
  }

  /** Indexes of the types of that name, ascending. */
  *find(name: string): Generator<number> {
    if (name === '') return;
    const text = encodeText(name);
    let entry = this.#heads[hashText(text) & (this.#heads.length - 1)]!;
    while (entry !== 0) {
      if (this.#strings.equals(this.#nameOffset(entry - 1), text)) yield entry - 1;
      entry = this.#next[entry - 1]!;
    }
  }
}

function bucketsFor(count: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(16, count)));
}
