/**
 * The table under all hash maps: open addressing with linear probing over u32 cells, deletion by shifting back, and
 * elements at stable addresses.
 *
 *     header: count | fresh (elements ever used) | free (index + 1 of the first free) | newest | oldest (index + 1, LRU)
 *     index:  2^n cells, element index + 1 or 0
 *     element: hash | state (1 live, 0 free) | next free or older | newer | key, padded to 8 | value, or one for each CPU
 */
import type { LinearAddress } from '../address.ts';
import type { Memory } from '../memory.ts';

/** Bytes before the key in an element. */
export const META_SIZE = 16;

const COUNT = 0;
const FRESH = 1;
const FREE = 2;
const HASH = 0;
const STATE = 1;
const NEXT = 2;

export interface HashTableShape {
  readonly header: LinearAddress;
  readonly index: LinearAddress;
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

  constructor(memory: Memory, shape: HashTableShape) {
    this.#memory = memory;
    this.#i32 = memory.i32;
    this.shape = shape;
    this.#head = shape.header >> 2;
    this.#index = shape.index >> 2;
    this.#mask = shape.cells - 1;
  }

  get count(): number {
    return this.#i32[this.#head + COUNT]!;
  }

  /** Elements ever used: indexes of live elements are below. */
  get fresh(): number {
    return this.#i32[this.#head + FRESH]!;
  }

  address(element: number): LinearAddress {
    return this.shape.elements + element * this.shape.elementSize;
  }

  isLive(element: number): boolean {
    return this.#i32[(this.address(element) >> 2) + STATE] === 1;
  }

  /** Index of the element with the key at `key`, or -1. */
  find(key: LinearAddress): number {
    const hash = this.hash(key);
    const i32 = this.#i32;
    for (let cell = hash & this.#mask; ; cell = (cell + 1) & this.#mask) {
      const element = i32[this.#index + cell]! - 1;
      if (element < 0) return -1;
      const address = this.address(element);
      if (i32[address >> 2] === hash && this.#sameKey(address + META_SIZE, key)) return element;
    }
  }

  /** A new element with the key at `key`, its value as the last owner left it; -1 when all are in use. */
  insert(key: LinearAddress): number {
    const element = this.#take();
    if (element < 0) return -1;
    const address = this.address(element);
    const { keySize } = this.shape;
    const hash = this.hash(key);
    this.#memory.u8.copyWithin(address + META_SIZE, key, key + keySize);
    this.#i32[(address >> 2) + HASH] = hash;
    this.#i32[(address >> 2) + STATE] = 1;
    this.#i32[this.#head + COUNT] = this.count + 1;
    let cell = hash & this.#mask;
    while (this.#i32[this.#index + cell] !== 0) cell = (cell + 1) & this.#mask;
    this.#i32[this.#index + cell] = element + 1;
    return element;
  }

  remove(element: number): void {
    const i32 = this.#i32;
    const at = this.address(element) >> 2;
    let cell = i32[at + HASH]! & this.#mask;
    while (i32[this.#index + cell] !== element + 1) cell = (cell + 1) & this.#mask;
    this.#closeGap(cell);
    i32[at + STATE] = 0;
    i32[at + NEXT] = i32[this.#head + FREE]!;
    i32[this.#head + FREE] = element + 1;
    i32[this.#head + COUNT] = this.count - 1;
  }

  /** Moves later elements of the probe run back, so that no search stops at the gap. */
  #closeGap(cell: number): void {
    const i32 = this.#i32;
    let gap = cell;
    for (let next = (gap + 1) & this.#mask; ; next = (next + 1) & this.#mask) {
      const entry = i32[this.#index + next]!;
      if (entry === 0) break;
      const home = i32[this.address(entry - 1) >> 2]! & this.#mask;
      // It may move when its home is not between the gap and where it stands.
      if (((next - home) & this.#mask) < ((next - gap) & this.#mask)) continue;
      i32[this.#index + gap] = entry;
      gap = next;
    }
    i32[this.#index + gap] = 0;
  }

  #take(): number {
    const i32 = this.#i32;
    const free = i32[this.#head + FREE]!;
    if (free !== 0) {
      i32[this.#head + FREE] = i32[(this.address(free - 1) >> 2) + NEXT]!;
      return free - 1;
    }
    const fresh = this.fresh;
    if (fresh >= this.shape.capacity) return -1;
    i32[this.#head + FRESH] = fresh + 1;
    return fresh;
  }

  /** Hash of the key at an address: words mixed as in MurmurHash3, the last word padded with zeros. */
  hash(key: LinearAddress): number {
    const { keySize } = this.shape;
    const whole = keySize >> 2;
    let hash = keySize;
    if ((key & 3) === 0) {
      for (let i = 0, at = key >> 2; i < whole; i++) hash = mix(hash, this.#i32[at + i]!);
    } else {
      for (let i = 0; i < whole; i++) hash = mix(hash, this.#memory.readLow(key + i * 4));
    }
    if ((keySize & 3) !== 0) {
      let tail = 0;
      for (let i = whole * 4; i < keySize; i++) tail = (tail << 8) | this.#memory.u8[key + i]!;
      hash = mix(hash, tail);
    }
    return finish(hash);
  }

  #sameKey(a: LinearAddress, b: LinearAddress): boolean {
    const { keySize } = this.shape;
    if (((b | keySize) & 3) === 0) {
      const i32 = this.#i32;
      for (let i = 0; i < keySize; i += 4) if (i32[(a + i) >> 2] !== i32[(b + i) >> 2]) return false;
      return true;
    }
    const { u8 } = this.#memory;
    for (let i = 0; i < keySize; i++) if (u8[a + i] !== u8[b + i]) return false;
    return true;
  }
}

function mix(hash: number, word: number): number {
  const scrambled = Math.imul(word, 0xcc9e2d51);
  const mixed = hash ^ Math.imul((scrambled << 15) | (scrambled >>> 17), 0x1b873593);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}
