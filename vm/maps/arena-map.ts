/**
 * ARENA (kernel/bpf/arena.c): memory that programs and user space share, given out by pages. All of it is reserved when
 * the map is made, so that a pointer into it is an address like all others; pages not given out read as zeros. Where it
 * lies is the machine's business: the address that `map_extra` asks for is not.
 *
 *     header: pages in use | a byte for each page: 1 in use | pages of 4096 bytes, at a multiple of that
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EINVAL, EOPNOTSUPP } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { allocateHeader, headerLayout, type MapContext } from './header.ts';
import { KeylessMap } from './keyless-map.ts';

export const ARENA_PAGE = 4096;
const USED = 0;

export class ArenaMap extends KeylessMap {
  readonly start: LinearAddress;
  readonly pages: number;
  readonly #memory: Memory;
  readonly #states: LinearAddress;
  readonly #head: number;

  constructor(definition: MapDefinition, { memory }: MapContext) {
    const { maxEntries, name } = definition;
    const base = allocateHeader(memory, definition);
    const states = memory.allocate(maxEntries, `map ${name}`);
    const options = { kind: 'map', label: `map ${name}`, writable: true } as const;
    const start = memory.allocateRegion(maxEntries * ARENA_PAGE, options, ARENA_PAGE);
    const size = start + maxEntries * ARENA_PAGE - base;
    super(
      definition,
      { ...headerLayout(definition, base, size), elements: start - base },
      EOPNOTSUPP,
      EINVAL,
    );
    this.start = start;
    this.pages = maxEntries;
    this.#memory = memory;
    this.#states = states;
    this.#head = base >> 2;
  }

  /**
   * `bpf_arena_alloc_pages`: the address of `count` zeroed pages, at `wanted` unless that is 0; 0 when there are none, or
   * those wanted are taken.
   */
  allocate(wanted: LinearAddress, count: number): LinearAddress {
    if (count <= 0 || count > this.pages) return 0;
    const first = wanted === 0 ? this.#gap(count) : this.#wanted(wanted, count);
    if (first < 0) return 0;
    this.#mark(first, count, 1);
    const address = this.start + first * ARENA_PAGE;
    this.#memory.u8.fill(0, address, address + count * ARENA_PAGE);
    return address;
  }

  /** `bpf_arena_free_pages`: pages outside the arena or not in use are left alone. */
  free(address: LinearAddress, count: number): void {
    const first = Math.floor((address - this.start) / ARENA_PAGE);
    if (first < 0 || first >= this.pages) return;
    const pages = Math.min(count, this.pages - first);
    this.#mark(first, pages, 0);
    const start = this.start + first * ARENA_PAGE;
    this.#memory.u8.fill(0, start, start + pages * ARENA_PAGE);
  }

  push(_value: LinearAddress, _flags: number): number {
    return EOPNOTSUPP;
  }

  take(_target: LinearAddress, _remove: boolean): number {
    return EOPNOTSUPP;
  }

  /** Pages in use. */
  count(): number {
    return this.#memory.i32[this.#head + USED]!;
  }

  #wanted(address: LinearAddress, count: number): number {
    const offset = address - this.start;
    const first = offset / ARENA_PAGE;
    if (offset < 0 || !Number.isInteger(first) || first > this.pages - count) return -1;
    return this.#freeFrom(first, count) < count ? -1 : first;
  }

  /** The first page of the lowest `count` free ones in a row, or -1. */
  #gap(count: number): number {
    for (let first = 0; first + count <= this.pages; ) {
      const free = this.#freeFrom(first, count);
      if (free === count) return first;
      first += free + 1;
    }
    return -1;
  }

  /** Free pages in a row, at most `count`. */
  #freeFrom(first: number, count: number): number {
    const { u8 } = this.#memory;
    let free = 0;
    while (free < count && u8[this.#states + first + free] === 0) free++;
    return free;
  }

  #mark(first: number, count: number, state: 0 | 1): void {
    const { u8, i32 } = this.#memory;
    for (let page = first; page < first + count; page++) {
      const before = u8[this.#states + page]!;
      i32[this.#head + USED]! += state - before;
      u8[this.#states + page] = state;
    }
  }
}
