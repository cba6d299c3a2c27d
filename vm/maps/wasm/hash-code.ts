/** Hash maps in generated code: the operations of `hash-table.ts` and `hash-map.ts` on the same bytes. */
import { E2BIG, EEXIST, EINVAL, ENOENT } from '../../errno.ts';
import type { FunctionRef, Local, Value } from '../../wasm/builder.ts';
import { I32, I64 } from '../../wasm/opcodes.ts';
import type { HashMap } from '../hash-map.ts';
import { Element, META_SIZE, TableHeader } from '../hash-table.ts';
import { BPF_EXIST, BPF_NOEXIST } from '../map.ts';
import { clearBytes, copyBytes, type Place } from './bytes.ts';
import { HashedKey } from './key.ts';
import { RecencyCode } from './lru-code.ts';
import type { BodyWriter, MapBody } from './map-body.ts';
import type { MapOperation } from './operation.ts';

/** What a search knows: locals. */
interface Search {
  /** The element's index, and its distance from the first. */
  readonly element: Local;
  readonly distance: Local;
  /** Bytes from the first cell to the cell where the search ended: the element's or an empty one. */
  readonly cell: Local;
  readonly hash: Local;
}

export class HashCode {
  /** Offsets from the header. */
  readonly #index: number;
  readonly #elements: number;
  readonly #value: number;
  readonly #elementSize: number;
  readonly #keySize: number;
  readonly #valueSize: number;
  readonly #cpuStride: number;
  readonly #copies: number;
  readonly #capacity: number;
  readonly #mask: number;
  /** log2 of the cells. */
  readonly #bits: number;
  readonly #recency: RecencyCode | undefined;
  readonly #ofMaps: boolean;

  constructor(map: HashMap) {
    const { header, index, cells, elements, elementSize, keySize, capacity } = map.table.shape;
    const { cpuStride, valueOffset, valueSize } = map.layout;
    this.#index = index - header;
    this.#elements = elements - header;
    this.#value = this.#elements + valueOffset;
    this.#elementSize = elementSize;
    this.#keySize = keySize;
    this.#valueSize = valueSize;
    this.#cpuStride = cpuStride;
    this.#copies = cpuStride === 0 ? 1 : (elementSize - valueOffset) / cpuStride;
    this.#capacity = capacity;
    this.#mask = cells - 1;
    this.#bits = Math.log2(cells);
    this.#ofMaps = map.definition.type === 'hash_of_maps';
    const recent = map.definition.type === 'lru_hash' || map.definition.type === 'lru_percpu_hash';
    this.#recency = recent ? new RecencyCode(this.#elements, elementSize) : undefined;
  }

  operations(): Partial<Record<MapOperation, BodyWriter>> {
    const lookup: BodyWriter = (body) => this.#lookup(body);
    if (this.#ofMaps) return { lookup };
    return { lookup, update: (body) => this.#update(body), delete: (body) => this.#delete(body) };
  }

  #lookup(body: MapBody): void {
    const { f } = body;
    this.#find(body, body.arg(0), ({ element, distance }) => {
      if (this.#recency !== undefined) body.part('touch', [element]);
      if (this.#ofMaps) f.return(body.load(I32.load, f.get(distance), this.#value));
      else f.return(body.address(this.#thisCpu(body, distance), this.#value));
    });
    f.return(f.i32(0));
  }

  /** Whether {@link inlineLookup} is to be had: the key is short and a lookup changes nothing. */
  get isInline(): boolean {
    return this.#keySize <= 16 && this.#recency === undefined && !this.#ofMaps;
  }

  /** The value's address or 0: of the cell where the search starts in place, of others by a call. */
  inlineLookup(body: MapBody, key: Local, lookup: FunctionRef): Value {
    const { f } = body;
    const [hash, element, distance, result] = [0, 1, 2, 3].map(() => body.variable()) as [
      Local,
      Local,
      Local,
      Local,
    ];
    const sought = new HashedKey(body, key, this.#keySize);
    sought.hash(hash);
    const done = f.block();
    const entry = body.load(I32.load, body.within(this.#home(body, f.get(hash))), this.#index);
    const number = f.binary(I32.xor, entry, f.binary(I32.shl, f.get(hash), f.i32(this.#bits)));
    const index = f.tee(element, f.binary(I32.sub, number, f.i32(1)));
    f.if(f.binary(I32.lt_u, index, f.i32(this.#mask)));
    this.#locate(body, element, distance);
    sought.ifEqual(this.#place(body, distance, this.#elements + META_SIZE), () => {
      f.set(result, body.address(this.#thisCpu(body, distance), this.#value));
      f.br(done);
    });
    f.end();
    f.set(result, f.call(lookup, [f.get(key)]));
    f.end();
    return f.get(result);
  }

  #update(body: MapBody): void {
    const { f } = body;
    const [key, value, flags] = [body.arg(0), body.arg(1), body.arg(2)];
    body.returnIf(f.binary(I64.gt_u, f.get(flags), f.i64(BPF_EXIST, 0)), EINVAL);
    const search = this.#find(body, key, ({ element, distance }) => {
      body.returnIf(f.binary(I64.eq, f.get(flags), f.i64(BPF_NOEXIST, 0)), EEXIST);
      if (this.#recency !== undefined) body.part('touch', [element]);
      this.#copyValue(body, distance, value);
      f.return(f.i32(0));
    });
    body.returnIf(f.binary(I64.eq, f.get(flags), f.i64(BPF_EXIST, 0)), ENOENT);
    this.#insert(body, key, search);
    if (this.#copies > 1) {
      clearBytes(f, this.#place(body, search.distance, this.#value), this.#copies * this.#cpuStride);
    }
    this.#recency?.append(body, search.element, search.distance);
    this.#copyValue(body, search.distance, value);
    f.return(f.i32(0));
  }

  #delete(body: MapBody): void {
    const { f } = body;
    this.#find(body, body.arg(0), ({ element, cell }) => {
      body.part('remove', [element, cell]);
      f.return(f.i32(0));
    });
    f.return(f.i32(ENOENT));
  }

  /** Looks for a key. `found` writes what happens then, and leaves; code goes on where there is none. */
  #find(body: MapBody, key: Local, found: (search: Search) => void): Search {
    const { f } = body;
    const hash = f.local('i32');
    const cell = f.local('i32');
    const tag = f.local('i32');
    const entry = f.local('i32');
    const element = f.local('i32');
    const distance = f.local('i32');
    const search = { element, distance, cell, hash };
    const sought = new HashedKey(body, key, this.#keySize);
    sought.hash(hash);
    f.set(cell, this.#home(body, f.get(hash)));
    f.set(tag, f.binary(I32.shl, f.get(hash), f.i32(this.#bits)));
    const missing = f.block();
    const again = f.loop();
    f.set(entry, body.load(I32.load, body.within(f.get(cell)), this.#index));
    const number = f.binary(I32.xor, f.get(entry), f.get(tag));
    const index = f.tee(element, f.binary(I32.sub, number, f.i32(1)));
    f.if(f.binary(I32.lt_u, index, f.i32(this.#mask)));
    this.#locate(body, element, distance);
    sought.ifEqual(this.#place(body, distance, this.#elements + META_SIZE), () => found(search));
    f.else();
    f.brIf(missing, f.unary(I32.eqz, f.get(entry)));
    f.end();
    this.#nextCell(body, cell);
    f.br(again);
    f.end();
    f.end();
    return search;
  }

  /** Takes an element for a key whose search ended at an empty cell; ends the function when there is none. */
  #insert(body: MapBody, key: Local, { element, distance, cell, hash }: Search): void {
    const { f } = body;
    const free = f.local('i32');
    f.set(free, body.loadHeader(TableHeader.free));
    f.if(f.unary(I32.eqz, f.get(free)));
    f.set(element, body.loadHeader(TableHeader.fresh));
    f.if(f.binary(I32.ge_u, f.get(element), f.i32(this.#capacity)));
    if (this.#recency === undefined) f.return(f.i32(E2BIG));
    else {
      this.#evict(body, element, cell);
      this.#emptyCell(body, hash, cell);
      f.set(free, body.loadHeader(TableHeader.free));
    }
    f.else();
    body.storeHeader(TableHeader.fresh, () => f.binary(I32.add, f.get(element), f.i32(1)));
    f.end();
    f.end();
    f.if(f.get(free));
    f.set(element, f.binary(I32.sub, f.get(free), f.i32(1)));
    this.#locate(body, element, distance);
    body.storeHeader(TableHeader.free, () => this.#meta(body, distance, Element.next));
    f.else();
    this.#locate(body, element, distance);
    f.end();
    copyBytes(
      f,
      this.#place(body, distance, this.#elements + META_SIZE),
      { address: () => f.get(key), offset: 0 },
      this.#keySize,
    );
    this.#setMeta(body, distance, Element.hash, () => f.get(hash));
    this.#setMeta(body, distance, Element.state, () => f.i32(1));
    this.#addToCount(body, 1);
    body.store(I32.store, body.within(f.get(cell)), this.#entry(body, hash, element), this.#index);
  }

  /** Gives up the element used least recently. */
  #evict(body: MapBody, element: Local, cell: Local): void {
    const { f } = body;
    const distance = f.local('i32');
    const hash = f.local('i32');
    const entry = f.local('i32');
    f.set(element, f.binary(I32.sub, body.loadHeader(TableHeader.oldest), f.i32(1)));
    this.#locate(body, element, distance);
    f.set(hash, this.#meta(body, distance, Element.hash));
    f.set(entry, this.#entry(body, hash, element));
    f.set(cell, this.#home(body, f.get(hash)));
    const out = f.block();
    const again = f.loop();
    const here = body.load(I32.load, body.within(f.get(cell)), this.#index);
    f.brIf(out, f.binary(I32.eq, here, f.get(entry)));
    this.#nextCell(body, cell);
    f.br(again);
    f.end();
    f.end();
    body.part('remove', [element, cell]);
  }

  /** The first empty cell for a hash. */
  #emptyCell(body: MapBody, hash: Local, cell: Local): void {
    const { f } = body;
    f.set(cell, this.#home(body, f.get(hash)));
    const out = f.block();
    const again = f.loop();
    f.brIf(out, f.unary(I32.eqz, body.load(I32.load, body.within(f.get(cell)), this.#index)));
    this.#nextCell(body, cell);
    f.br(again);
    f.end();
    f.end();
  }

  /** The part `remove(element, cell)`: `HashTable.remove`. */
  remove(body: MapBody): void {
    const { f } = body;
    const [element, gap] = [body.arg(0), body.arg(1)];
    const distance = f.local('i32');
    this.#locate(body, element, distance);
    this.#recency?.unlink(body, distance);
    this.#closeGap(body, gap);
    this.#setMeta(body, distance, Element.state, () => f.i32(0));
    this.#setMeta(body, distance, Element.next, () => body.loadHeader(TableHeader.free));
    body.storeHeader(TableHeader.free, () => f.binary(I32.add, f.get(element), f.i32(1)));
    this.#addToCount(body, -1);
  }

  /** The part `touch(element)`: it becomes the one used last. */
  touch(body: MapBody): void {
    const { f } = body;
    const element = body.arg(0);
    const distance = f.local('i32');
    const number = f.binary(I32.add, f.get(element), f.i32(1));
    f.if(f.binary(I32.eq, number, body.loadHeader(TableHeader.newest)));
    f.return();
    f.end();
    this.#locate(body, element, distance);
    this.#recency?.unlink(body, distance);
    this.#recency?.append(body, element, distance);
  }

  /** Moves later elements of the probe run back, so that no search stops at the gap. */
  #closeGap(body: MapBody, gap: Local): void {
    const { f } = body;
    const next = f.local('i32');
    const entry = f.local('i32');
    const cells = this.#mask << 2;
    const run = (from: () => Value): Value =>
      f.binary(I32.and, f.binary(I32.sub, f.get(next), from()), f.i32(cells));
    const home = (): Value => {
      const index = f.binary(I32.sub, f.binary(I32.and, f.get(entry), f.i32(this.#mask)), f.i32(1));
      const distance = body.within(f.binary(I32.mul, index, f.i32(this.#elementSize)));
      return this.#home(body, body.load(I32.load, distance, this.#elements + Element.hash * 4));
    };
    f.set(next, f.get(gap));
    const out = f.block();
    const again = f.loop();
    this.#nextCell(body, next);
    f.set(entry, body.load(I32.load, body.within(f.get(next)), this.#index));
    f.brIf(out, f.unary(I32.eqz, f.get(entry)));
    // It stays when its home is between the gap and where it stands.
    const fromHome = run(home);
    f.brIf(
      again,
      f.binary(
        I32.lt_u,
        fromHome,
        run(() => f.get(gap)),
      ),
    );
    body.store(I32.store, body.within(f.get(gap)), f.get(entry), this.#index);
    f.set(gap, f.get(next));
    f.br(again);
    f.end();
    f.end();
    body.store(I32.store, body.within(f.get(gap)), f.i32(0), this.#index);
  }

  /** Distance of the cell where a search for a hash starts. */
  #home({ f }: MapBody, hash: Value): Value {
    return f.binary(I32.and, f.binary(I32.shr_u, hash, f.i32(30 - this.#bits)), f.i32(-4));
  }

  #nextCell({ f }: MapBody, cell: Local): void {
    f.set(cell, f.binary(I32.and, f.binary(I32.add, f.get(cell), f.i32(4)), f.i32(this.#mask << 2)));
  }

  #entry({ f }: MapBody, hash: Local, element: Local): Value {
    const tag = f.binary(I32.shl, f.get(hash), f.i32(this.#bits));
    return f.binary(I32.or, tag, f.binary(I32.add, f.get(element), f.i32(1)));
  }

  #locate(body: MapBody, element: Local, distance: Local): void {
    const { f } = body;
    f.set(distance, body.within(f.binary(I32.mul, f.get(element), f.i32(this.#elementSize))));
  }

  #place(body: MapBody, distance: Local, fromHeader: number): Place {
    return { address: () => body.f.get(distance), offset: body.offset(fromHeader) };
  }

  #meta(body: MapBody, distance: Local, word: number): Value {
    return body.load(I32.load, body.f.get(distance), this.#elements + word * 4);
  }

  #setMeta(body: MapBody, distance: Local, word: number, value: () => Value): void {
    body.store(I32.store, body.f.get(distance), value(), this.#elements + word * 4);
  }

  #addToCount(body: MapBody, change: number): void {
    const { f } = body;
    body.storeHeader(TableHeader.count, () =>
      f.binary(I32.add, body.loadHeader(TableHeader.count), f.i32(change)),
    );
  }

  #thisCpu(body: MapBody, distance: Local): Value {
    return body.ofThisCpu(body.f.get(distance), this.#cpuStride, this.#copies);
  }

  #copyValue(body: MapBody, distance: Local, value: Local): void {
    const { f } = body;
    if (this.#copies > 1) f.set(distance, this.#thisCpu(body, distance));
    const source = { address: () => f.get(value), offset: 0 };
    copyBytes(f, this.#place(body, distance, this.#value), source, this.#valueSize);
  }
}
