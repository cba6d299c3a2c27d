/**
 * The linear memory of one machine. All of it is reserved at once and the operating system gives pages when they are
 * first touched, so views never detach and addresses never move. Page 0 stays unused so that small offsets from NULL fault.
 *
 *     | page 0: nothing | what `layout.ts` says | contexts, staging, maps, kernel objects in the order they are asked for |
 */
import { KERNEL_TAG, type LinearAddress } from './address.ts';
import { ENOMEM } from './errno.ts';
import type { EventBatch } from './event-batch.ts';
import { LoadError } from './fault.ts';
import { FIRST_FREE, FRAME_TOP, FRAMES } from './layout.ts';
import { type RegionOptions, RegionTable, type RegionWindow } from './regions.ts';
import { type WasmMemory, wasm } from './wasm/platform.ts';

/** Bytes of a page of WebAssembly. Page 0 holds nothing. */
export const PAGE = 65536;
/** Addresses stay positive int32 numbers. */
const LARGEST = 0x7fff_0000;

/** Bytes that are copied word by word. */
const SHORT = 64;

export class Memory {
  readonly wasm: WasmMemory;
  readonly u8: Uint8Array;
  readonly i32: Int32Array;
  readonly view: DataView;
  readonly regions: RegionTable = new RegionTable();
  /** Bytes there are. */
  readonly limit: number;
  #next: number = FIRST_FREE;
  /** What engines keep for themselves lies from here on. */
  #end: number;

  /** `limit` in bytes, rounded up to whole pages of 64 KiB; at most 2 GiB. */
  constructor(limit: number) {
    const pages = Math.max(2, Math.ceil(Math.min(limit, LARGEST) / PAGE));
    this.limit = pages * PAGE;
    this.#end = this.limit;
    this.wasm = new wasm.Memory({ initial: pages, maximum: pages });
    this.u8 = new Uint8Array(this.wasm.buffer);
    this.i32 = new Int32Array(this.wasm.buffer);
    this.view = new DataView(this.wasm.buffer);
    this.regions.add({ kind: 'stack', label: 'the stack', writable: true, start: FRAMES, end: FRAME_TOP });
  }

  /** Of 64 KiB. */
  get pages(): number {
    return this.limit / PAGE;
  }

  /** Bytes handed out so far. */
  get used(): number {
    return this.#next;
  }

  /** `size` zero bytes at a multiple of `align` (a power of two); throws LoadError when memory is used up. */
  allocate(size: number, what: string, align = 8): LinearAddress {
    const start = Math.ceil(this.#next / align) * align;
    if (!(size >= 0) || start + size > this.#end) {
      const left = Math.max(0, this.#end - start);
      throw new LoadError(`${what} needs ${size} bytes, and ${left} of ${this.limit} are left`, ENOMEM);
    }
    this.#next = start + size;
    return start;
  }

  /** As {@link allocate} at the other end, for engines: addresses that programs see are the same with all of them. */
  reserve(size: number, what: string): LinearAddress {
    const start = (this.#end - size) & ~15;
    if (start < this.#next) throw new LoadError(`${what} needs ${size} bytes, and memory is used up`, ENOMEM);
    this.#end = start;
    return start;
  }

  /** As {@link allocate}, and programs may touch it as `options` say. */
  allocateRegion(size: number, options: RegionOptions, align = 8): LinearAddress {
    return this.allocateWindow(size, options, align).address;
  }

  /** As {@link allocateRegion}; what programs may touch of it can be made less, and changed. */
  allocateWindow(
    size: number,
    options: RegionOptions,
    align = 8,
  ): { readonly address: LinearAddress; readonly window: RegionWindow } {
    const address = this.allocate(size, options.label, align);
    const window = this.regions.add({ ...options, start: address, end: address + size });
    return { address, window };
  }

  /** What `make` allocated is given back when it throws. */
  attempt<T>(make: () => T): T {
    const [next, regions] = [this.#next, this.regions.count];
    try {
      return make();
    } catch (error) {
      this.#next = next;
      this.regions.truncate(regions);
      throw error;
    }
  }

  /** An empty batch of `capacity` events; `recordBytes` are reserved for all records together, from the address returned. */
  allocateBatch(capacity: number, recordBytes: number): { batch: EventBatch; records: LinearAddress } {
    const column = (): Int32Array => {
      const start = this.allocate(capacity * 4, 'event batch');
      return new Int32Array(this.wasm.buffer, start, capacity);
    };
    const batch: EventBatch = {
      capacity,
      count: 0,
      point: column(),
      cpu: column(),
      timeLow: column(),
      timeHigh: column(),
      tid: column(),
      address: column(),
      length: column(),
    };
    return { batch, records: this.allocateRegion(recordBytes, { kind: 'context', label: 'event record' }) };
  }

  /** The bytes themselves, no copy. */
  bytes(address: LinearAddress, length: number): Uint8Array {
    return this.u8.subarray(address, address + length);
  }

  write(address: LinearAddress, bytes: Uint8Array): void {
    this.u8.set(bytes, address);
  }

  /** Copies `size` bytes; the two places may overlap. */
  copy(target: LinearAddress, source: LinearAddress, size: number): void {
    const isBehind = target > source && target < source + size;
    if (size > SHORT || ((target | source | size) & 3) !== 0 || isBehind) {
      this.u8.copyWithin(target, source, source + size);
      return;
    }
    // A call of copyWithin takes as long as a lookup and more.
    const { i32 } = this;
    const distance = (target - source) >> 2;
    const end = (source + size) >> 2;
    for (let at = source >> 2; at < end; at++) i32[at + distance] = i32[at]!;
  }

  readLow(address: LinearAddress): number {
    return this.view.getInt32(address, true);
  }

  readHigh(address: LinearAddress): number {
    return this.view.getInt32(address + 4, true);
  }

  /** Stores 64 bits. */
  writePair(address: LinearAddress, low: number, high: number): void {
    this.view.setInt32(address, low, true);
    this.view.setInt32(address + 4, high, true);
  }

  /** Stores the kernel pointer to a linear address; 0 stays NULL. */
  writePointer(address: LinearAddress, target: LinearAddress): void {
    this.writePair(address, target, target === 0 ? 0 : KERNEL_TAG);
  }
}
