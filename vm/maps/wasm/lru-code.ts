/** The list of recency of LRU hash maps in generated code, as `lru-hash-map.ts` keeps it. */
import type { Local, Value } from '../../wasm/builder.ts';
import { I32 } from '../../wasm/opcodes.ts';
import { Element, TableHeader } from '../hash-table.ts';
import type { MapBody } from './map-body.ts';

export class RecencyCode {
  /** Offset of the first element from the header. */
  readonly #elements: number;
  readonly #elementSize: number;

  constructor(elements: number, elementSize: number) {
    this.#elements = elements;
    this.#elementSize = elementSize;
  }

  /** Takes the element at a distance out of the list. */
  unlink(body: MapBody, distance: Local): void {
    const { f } = body;
    const older = f.local('i32');
    const newer = f.local('i32');
    f.set(older, body.load(I32.load, f.get(distance), this.#word(Element.older)));
    f.set(newer, body.load(I32.load, f.get(distance), this.#word(Element.newer)));
    this.#link(body, newer, Element.older, TableHeader.newest, () => f.get(older));
    this.#link(body, older, Element.newer, TableHeader.oldest, () => f.get(newer));
  }

  /** Puts an element that is in no list behind the newest. */
  append(body: MapBody, element: Local, distance: Local): void {
    const { f } = body;
    const newest = f.local('i32');
    const number = (): Value => f.binary(I32.add, f.get(element), f.i32(1));
    f.set(newest, body.loadHeader(TableHeader.newest));
    body.store(I32.store, f.get(distance), f.get(newest), this.#word(Element.older));
    body.store(I32.store, f.get(distance), f.i32(0), this.#word(Element.newer));
    body.storeHeader(TableHeader.newest, number);
    this.#link(body, newest, Element.newer, TableHeader.oldest, number);
  }

  /** Stores into a word of element `number`, or of the header when that is 0. */
  #link(body: MapBody, number: Local, word: number, headerWord: number, value: () => Value): void {
    const { f } = body;
    f.if(f.get(number));
    const index = f.binary(I32.sub, f.get(number), f.i32(1));
    const distance = body.within(f.binary(I32.mul, index, f.i32(this.#elementSize)));
    body.store(I32.store, distance, value(), this.#word(word));
    f.else();
    body.storeHeader(headerWord, value);
    f.end();
  }

  #word(word: number): number {
    return this.#elements + word * 4;
  }
}
