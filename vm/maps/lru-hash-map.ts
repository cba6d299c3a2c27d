/**
 * LRU_HASH and LRU_PERCPU_HASH: a full map gives up the element used least recently. Linux approximates that order with
 * per-CPU lists; here it is exact, as one doubly linked list through the elements.
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { HashMap } from './hash-map.ts';
import { Element, TableHeader } from './hash-table.ts';
import type { MapContext } from './header.ts';

export class LruHashMap extends HashMap {
  readonly #i32: Int32Array;
  readonly #head: number;

  constructor(definition: MapDefinition, context: MapContext) {
    super(definition, context);
    this.#i32 = context.memory.i32;
    this.#head = this.layout.base >> 2;
  }

  protected override insert(key: LinearAddress): number {
    const free = super.insert(key);
    if (free >= 0) {
      this.#append(free);
      return free;
    }
    const oldest = this.#i32[this.#head + TableHeader.oldest]! - 1;
    this.removed(oldest);
    this.table.remove(oldest);
    const element = super.insert(key);
    this.#append(element);
    return element;
  }

  protected override used(element: number): void {
    if (this.#i32[this.#head + TableHeader.newest] === element + 1) return;
    this.removed(element);
    this.#append(element);
  }

  protected override removed(element: number): void {
    const i32 = this.#i32;
    const at = this.table.address(element) >> 2;
    const older = i32[at + Element.older]!;
    const newer = i32[at + Element.newer]!;
    if (newer === 0) i32[this.#head + TableHeader.newest] = older;
    else i32[(this.table.address(newer - 1) >> 2) + Element.older] = older;
    if (older === 0) i32[this.#head + TableHeader.oldest] = newer;
    else i32[(this.table.address(older - 1) >> 2) + Element.newer] = newer;
  }

  #append(element: number): void {
    const i32 = this.#i32;
    const at = this.table.address(element) >> 2;
    const newest = i32[this.#head + TableHeader.newest]!;
    i32[at + Element.older] = newest;
    i32[at + Element.newer] = 0;
    i32[this.#head + TableHeader.newest] = element + 1;
    if (newest === 0) i32[this.#head + TableHeader.oldest] = element + 1;
    else i32[(this.table.address(newest - 1) >> 2) + Element.newer] = element + 1;
  }
}
