/** Bytes as a run of writes leaves them: constants, parts of values, or nothing. */
import type { AccessSize } from '../ir/ir.ts';

/** `size` bytes at `offset` from where the run counts. */
export interface ImageWrite {
  readonly offset: number;
  readonly size: number;
  /** Absent: of a value that is known only when the program runs. */
  readonly bytes?: Uint8Array;
}

/** A place whose alignment is known. */
export interface KnownAlignment {
  readonly offset: number;
  readonly align: AccessSize;
}

const NOBODY = 0;
const CONSTANT = 1;

/** A hole as large as this is two runs in truth; joining is only worth its bytes. */
const MAX_BYTES = 4096;
const MAX_WRITES = 60_000;

export class StoreImage {
  readonly #writes: readonly ImageWrite[];
  readonly #start: number;
  readonly #bytes: Uint8Array;
  /** Who wrote the byte last: nobody, a constant, or from 2 on the value of that number. */
  readonly #owners: Uint16Array;

  /** Undefined where the writes are too far apart, or one was half overwritten. */
  static of(writes: readonly ImageWrite[]): StoreImage | undefined {
    let start = Number.POSITIVE_INFINITY;
    let end = Number.NEGATIVE_INFINITY;
    for (const { offset, size } of writes) {
      start = Math.min(start, offset);
      end = Math.max(end, offset + size);
    }
    if (end - start > MAX_BYTES || writes.length > MAX_WRITES) return undefined;
    const image = new StoreImage(writes, start, end);
    const isWhole = (one: ImageWrite, index: number): boolean => {
      const left = image.#left(index);
      return one.bytes !== undefined || left === 0 || left === one.size;
    };
    return writes.every(isWhole) ? image : undefined;
  }

  private constructor(writes: readonly ImageWrite[], start: number, end: number) {
    this.#writes = writes;
    this.#start = start;
    this.#bytes = new Uint8Array(end - start);
    this.#owners = new Uint16Array(end - start);
    writes.forEach(({ offset, size, bytes }, index) => {
      const from = offset - start;
      this.#owners.fill(bytes === undefined ? index + 2 : CONSTANT, from, from + size);
      if (bytes !== undefined) this.#bytes.set(bytes, from);
    });
  }

  /** Bytes of a value that were not written again. */
  #left(index: number): number {
    const { offset, size } = this.#writes[index]!;
    const from = offset - this.#start;
    let left = 0;
    for (let at = from; at < from + size; at += 1) if (this.#owners[at] === index + 2) left += 1;
    return left;
  }

  /** Whether the value of that number was written over. */
  isGone(index: number): boolean {
    return this.#left(index) === 0;
  }

  /** Gives zeros away: true when all these bytes are constant zeros. */
  takeZeros(offset: number, size: number): boolean {
    const from = offset - this.#start;
    for (let at = from; at < from + size; at += 1)
      if (this.#owners[at] !== CONSTANT || this.#bytes[at] !== 0) return false;
    this.#owners.fill(NOBODY, from, from + size);
    return true;
  }

  /** Constants without holes, cut where alignment changes: up to the first boundary of the best known one, then the rest. */
  *constants(known: KnownAlignment): Generator<{ offset: number; bytes: Uint8Array; align: AccessSize }> {
    for (let from = 0; from < this.#bytes.length; ) {
      let to = from;
      while (to < this.#bytes.length && this.#owners[to] === CONSTANT) to += 1;
      for (let at = from; at < to; ) {
        const offset = this.#start + at;
        const align = alignmentAt(known, offset);
        const end = align === known.align ? to : Math.min(at + align, to);
        yield { offset, bytes: this.#bytes.slice(at, end), align };
        at = end;
      }
      from = Math.max(to, from + 1);
    }
  }
}

/** The known place is a multiple of its alignment; so is any place a multiple away. */
export function alignmentAt(known: KnownAlignment, offset: number): AccessSize {
  const distance = Math.abs(offset - known.offset);
  let { align } = known;
  while (distance % align !== 0) align = (align / 2) as AccessSize;
  return align;
}
