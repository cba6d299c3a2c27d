/**
 * The table under all hash maps: open addressing with linear probing over u32 cells, deletion by shifting back, and
 * elements at stable addresses. `wasm/hash-code.ts` generates the same operations on the same bytes.
 *
 *     header: count | fresh (elements ever used) | free (index + 1 of the first free) | newest | oldest (index + 1, LRU)
 *     index:  2^n cells: | the hash's lower bits:32-n | element index + 1:n |, 0 when empty
 *     element: hash | state (1 live, 0 free) | next free or older | newer | key, padded to 8 | value, or one for each CPU
 *
 * The upper n bits of a hash are the cell where a search starts, so that a cell tells nearly all of the hash: elements
 * are read for the key looked for, and hardly for any other.
 */
import type { LinearAddress } from '../address.ts';
import type { Memory } from '../memory.ts';

/** Bytes before the key in an element. */
export const META_SIZE = 16;

/** Words of the header. */
export const TableHeader = { count: 0, fresh: 1, free: 2, newest: 3, oldest: 4 } as const;
/** Words of an element. */
export const Element = { hash: 0, state: 1, next: 2, older: 2, newer: 3 } as const;

/** The multipliers of {@link HashTable.hash}, for the first word, those after it, and the end; and its shifts. */
export const Mix = { first: 0x9e3779b1, next: 0x85ebca6b, last: 0xc2b2ae35, rotate: 15, fold: 15 } as const;

export interface HashTableShape {
  readonly header: LinearAddress;
  readonly index: LinearAddress;
  /** A power of two. */
  readonly cells: number;
  readonly elements: LinearAddress;
  readonly elementSize: number;
  readonly keySize: number;
  readonly capacity: number;
}

/** Cells for a number of elements: at most half full. */
export function cellsFor(capacity: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(4, capacity * 2)));
}

export class HashTable {
  readonly shape: HashTableShape;
  readonly #memory: Memory;
  readonly #i32: Int32Array;
  readonly #head: number;
  readonly #index: number;
  readonly #mask: number;
  /** log2 of the cells. */
  readonly #bits: number;
  readonly #shift: number;
  readonly #keySize: number;
  readonly #elements: LinearAddress;
  readonly #elementSize: number;

  constructor(memory: Memory, shape: HashTableShape) {
    this.#memory = memory;
    this.#i32 = memory.i32;
    this.shape = shape;
    this.#head = shape.header >> 2;
    this.#index = shape.index >> 2;
    this.#mask = shape.cells - 1;
    this.#bits = Math.log2(shape.cells);
    this.#shift = 32 - this.#bits;
    this.#keySize = shape.keySize;
    this.#elements = shape.elements;
    this.#elementSize = shape.elementSize;
  }

  get count(): number {
    return this.#i32[this.#head + TableHeader.count]!;
  }

  /** Elements ever used: indexes of live elements are below. */
  get fresh(): number {
    return this.#i32[this.#head + TableHeader.fresh]!;
  }

  address(element: number): LinearAddress {
    return this.#elements + element * this.#elementSize;
  }

  isLive(element: number): boolean {
    return this.#i32[(this.address(element) >> 2) + Element.state] === 1;
  }

  /** Index of the element with the key at `key`, or -1. */
  find(key: LinearAddress): number {
    const hash = this.hash(key);
    const tag = hash << this.#bits;
    const i32 = this.#i32;
    for (let cell = hash >>> this.#shift; ; cell = (cell + 1) & this.#mask) {
      const entry = i32[this.#index + cell]!;
      // Index + 1 where the cell has this hash's bits; below 0 or large where it has others or none.
      const element = (entry ^ tag) - 1;
      if (element >>> 0 < this.#mask) {
        if (this.#sameKey(this.address(element) + META_SIZE, key)) return element;
      } else if (entry === 0) return -1;
    }
  }

  /** A new element with the key at `key`, its value as the last owner left it; -1 when all are in use. */
  insert(key: LinearAddress): number {
    const element = this.#take();
    if (element < 0) return -1;
    const i32 = this.#i32;
    const address = this.address(element);
    const hash = this.hash(key);
    this.#memory.copy(address + META_SIZE, key, this.#keySize);
    i32[(address >> 2) + Element.hash] = hash;
    i32[(address >> 2) + Element.state] = 1;
    i32[this.#head + TableHeader.count] = this.count + 1;
    let cell = hash >>> this.#shift;
    while (i32[this.#index + cell] !== 0) cell = (cell + 1) & this.#mask;
    i32[this.#index + cell] = (hash << this.#bits) | (element + 1);
    return element;
  }

  remove(element: number): void {
    const i32 = this.#i32;
    const at = this.address(element) >> 2;
    const hash = i32[at + Element.hash]!;
    const entry = (hash << this.#bits) | (element + 1);
    let cell = hash >>> this.#shift;
    while (i32[this.#index + cell] !== entry) cell = (cell + 1) & this.#mask;
    this.#closeGap(cell);
    i32[at + Element.state] = 0;
    i32[at + Element.next] = i32[this.#head + TableHeader.free]!;
    i32[this.#head + TableHeader.free] = element + 1;
    i32[this.#head + TableHeader.count] = this.count - 1;
  }

  /** Moves later elements of the probe run back, so that no search stops at the gap. */
  #closeGap(cell: number): void {
    const i32 = this.#i32;
    let gap = cell;
    for (let next = (gap + 1) & this.#mask; ; next = (next + 1) & this.#mask) {
      const entry = i32[this.#index + next]!;
      if (entry === 0) break;
      const home = i32[this.address((entry & this.#mask) - 1) >> 2]! >>> this.#shift;
      // It may move when its home is not between the gap and where it stands.
      if (((next - home) & this.#mask) < ((next - gap) & this.#mask)) continue;
      i32[this.#index + gap] = entry;
      gap = next;
    }
    i32[this.#index + gap] = 0;
  }

  #take(): number {
    const i32 = this.#i32;
    const free = i32[this.#head + TableHeader.free]!;
    if (free !== 0) {
      i32[this.#head + TableHeader.free] = i32[(this.address(free - 1) >> 2) + Element.next]!;
      return free - 1;
    }
    const fresh = this.fresh;
    if (fresh >= this.shape.capacity) return -1;
    i32[this.#head + TableHeader.fresh] = fresh + 1;
    return fresh;
  }

  /**
   * Hash of the key at an address: its words, and those of the last four bytes where they are no whole word, mixed so
   * that keys in steps of any size, pointers and big-endian numbers spread over the upper bits.
   */
  hash(key: LinearAddress): number {
    const size = this.#keySize;
    if (((size | key) & 3) !== 0) return this.#hashUnaligned(key);
    const i32 = this.#i32;
    const end = (key + size) >> 2;
    let hash = Math.imul(i32[key >> 2]!, Mix.first);
    for (let at = (key >> 2) + 1; at < end; at++) hash = mix(hash, i32[at]!);
    return finish(hash);
  }

  #hashUnaligned(key: LinearAddress): number {
    const size = this.#keySize;
    const memory = this.#memory;
    if (size < 4) {
      let word = 0;
      for (let i = 0; i < size; i++) word |= memory.u8[key + i]! << (i * 8);
      return finish(Math.imul(word, Mix.first));
    }
    let hash = Math.imul(memory.readLow(key), Mix.first);
    for (let i = 4; i + 4 <= size; i += 4) hash = mix(hash, memory.readLow(key + i));
    if ((size & 3) !== 0) hash = mix(hash, memory.readLow(key + size - 4));
    return finish(hash);
  }

  #sameKey(a: LinearAddress, b: LinearAddress): boolean {
    const size = this.#keySize;
    if (((b | size) & 3) === 0) {
      const i32 = this.#i32;
      for (let i = 0; i < size; i += 4) if (i32[(a + i) >> 2] !== i32[(b + i) >> 2]) return false;
      return true;
    }
    const { u8 } = this.#memory;
    for (let i = 0; i < size; i++) if (u8[a + i] !== u8[b + i]) return false;
    return true;
  }
}

function mix(hash: number, word: number): number {
  return Math.imul(((hash << Mix.rotate) | (hash >>> (32 - Mix.rotate))) ^ word, Mix.next);
}

function finish(hash: number): number {
  return Math.imul(hash ^ (hash >>> Mix.fold), Mix.last);
}
