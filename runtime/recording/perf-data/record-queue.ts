/**
 * Records that wait for their turn by time: a heap by time, and by arrival where times are equal. Where a record lies in
 * the file only its place is kept; a decompressed one keeps its memory until it is delivered, and that is counted.
 */
import type { Memory } from './file-windows.ts';

const FIRST_CAPACITY = 1024;
/** Time, arrival, position, size and a reference. */
const ENTRY_SIZE = 34;

export class RecordQueue {
  /** What {@link pop} took out. */
  position = 0;
  size = 0;
  memory: Memory | undefined;
  /** Bytes of memory that waiting records keep alive. */
  held = 0;
  #count = 0;
  #arrivals = 0;
  #high = new Uint32Array(FIRST_CAPACITY);
  #low = new Uint32Array(FIRST_CAPACITY);
  #arrival = new Float64Array(FIRST_CAPACITY);
  #position = new Float64Array(FIRST_CAPACITY);
  #size = new Uint16Array(FIRST_CAPACITY);
  readonly #memory: (Memory | undefined)[] = [];
  readonly #holders = new Map<Memory, number>();

  get count(): number {
    return this.#count;
  }

  /** Bytes of the places, used or not. */
  get capacityBytes(): number {
    return this.#high.length * ENTRY_SIZE;
  }

  get firstHigh(): number {
    return this.#high[0]!;
  }

  get firstLow(): number {
    return this.#low[0]!;
  }

  /** `position` is in `memory` where there is one, else in the file. */
  push(high: number, low: number, position: number, size: number, memory: Memory | undefined): void {
    if (this.#count === this.#high.length) this.#grow();
    const arrival = this.#arrivals++;
    let index = this.#count++;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#isBefore(high, low, arrival, parent)) break;
      this.#move(parent, index);
      index = parent;
    }
    this.#high[index] = high;
    this.#low[index] = low;
    this.#arrival[index] = arrival;
    this.#position[index] = position;
    this.#size[index] = size;
    this.#memory[index] = memory;
    if (memory !== undefined) this.#hold(memory);
  }

  /** Takes out the first record; only when there is one. */
  pop(): void {
    this.position = this.#position[0]!;
    this.size = this.#size[0]!;
    this.memory = this.#memory[0];
    const last = --this.#count;
    if (last > 0) this.#sink(last);
    this.#memory[last] = undefined;
    if (this.memory !== undefined) this.#release(this.memory);
  }

  /** Puts entry `from`, which is behind the heap's end, where the first one was. */
  #sink(from: number): void {
    const high = this.#high[from]!;
    const low = this.#low[from]!;
    const arrival = this.#arrival[from]!;
    const memory = this.#memory[from];
    const count = this.#count;
    let index = 0;
    for (;;) {
      let child = index * 2 + 1;
      if (child >= count) break;
      if (child + 1 < count && this.#isChildBefore(child + 1, child)) child++;
      if (this.#isBefore(high, low, arrival, child)) break;
      this.#move(child, index);
      index = child;
    }
    this.#high[index] = high;
    this.#low[index] = low;
    this.#arrival[index] = arrival;
    this.#position[index] = this.#position[from]!;
    this.#size[index] = this.#size[from]!;
    this.#memory[index] = memory;
  }

  #isChildBefore(a: number, b: number): boolean {
    return this.#isBefore(this.#high[a]!, this.#low[a]!, this.#arrival[a]!, b);
  }

  #isBefore(high: number, low: number, arrival: number, index: number): boolean {
    if (high !== this.#high[index]!) return high < this.#high[index]!;
    if (low !== this.#low[index]!) return low < this.#low[index]!;
    return arrival < this.#arrival[index]!;
  }

  #move(from: number, to: number): void {
    this.#high[to] = this.#high[from]!;
    this.#low[to] = this.#low[from]!;
    this.#arrival[to] = this.#arrival[from]!;
    this.#position[to] = this.#position[from]!;
    this.#size[to] = this.#size[from]!;
    this.#memory[to] = this.#memory[from];
  }

  #hold(memory: Memory): void {
    const holders = this.#holders.get(memory) ?? 0;
    if (holders === 0) this.held += memory.bytes.length;
    this.#holders.set(memory, holders + 1);
  }

  #release(memory: Memory): void {
    const holders = this.#holders.get(memory)! - 1;
    if (holders > 0) {
      this.#holders.set(memory, holders);
      return;
    }
    this.#holders.delete(memory);
    this.held -= memory.bytes.length;
  }

  #grow(): void {
    const capacity = this.#high.length * 2;
    this.#high = grown(this.#high, new Uint32Array(capacity));
    this.#low = grown(this.#low, new Uint32Array(capacity));
    this.#arrival = grown(this.#arrival, new Float64Array(capacity));
    this.#position = grown(this.#position, new Float64Array(capacity));
    this.#size = grown(this.#size, new Uint16Array(capacity));
  }
}

function grown<Items extends Uint16Array | Uint32Array | Float64Array>(from: Items, to: Items): Items {
  to.set(from);
  return to;
}
