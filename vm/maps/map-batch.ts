/** Batch commands of bpf(2): many elements by one call. Their results are a number of elements and an error number. */
import type { LinearAddress } from '../address.ts';
import { ENOENT } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { HashMap } from './hash-map.ts';
import type { BpfMap } from './map.ts';

export interface BatchResult {
  /** 0 or the negative errno that ended the batch. */
  readonly errno: number;
  /** Elements done before that. */
  readonly count: number;
}

export interface LookupBatch extends BatchResult {
  /** One after the other, `count` of each. */
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
  /** Where the next batch goes on; opaque. Absent when nothing was read. */
  readonly cursor?: Uint8Array;
}

/** What a batch does with one element: the key is where `keyAddress` says. */
export interface BatchSource {
  readonly map: BpfMap;
  readonly memory: Memory;
  readonly keyAddress: LinearAddress;
  read(): Uint8Array | number;
  remove(): number;
}

export function emptyBatch(errno: number): LookupBatch {
  return { errno, count: 0, keys: new Uint8Array(0), values: new Uint8Array(0) };
}

/** Calls `act` with each of the keys until one fails. */
export function eachKey(
  keys: Uint8Array,
  keySize: number,
  act: (key: Uint8Array, index: number) => number,
): BatchResult {
  const count = Math.floor(keys.length / keySize);
  for (let i = 0; i < count; i++) {
    const errno = act(keys.subarray(i * keySize, (i + 1) * keySize), i);
    if (errno !== 0) return { errno, count: i };
  }
  return { errno: 0, count };
}

/** `generic_map_lookup_batch`: the cursor is the last key; -ENOENT comes when elements end before the count does. */
function readByKey(source: BatchSource, count: number, cursor: Uint8Array | undefined): LookupBatch {
  const { memory, keyAddress, map } = source;
  const read = new Elements();
  let last = cursor;
  while (read.count < count) {
    if (last !== undefined) memory.write(keyAddress, last);
    const key = map.nextKey(last === undefined ? 0 : keyAddress);
    if (key <= 0) return read.result(key === 0 ? ENOENT : key, last);
    last = memory.bytes(key, map.definition.keySize).slice();
    memory.write(keyAddress, last);
    const value = source.read();
    if (value === ENOENT) continue;
    if (typeof value === 'number') return emptyBatch(value);
    read.add(last, value);
  }
  return read.result(0, last);
}

/**
 * `__htab_map_lookup_and_delete_batch`: the cursor is a place in the table, so that it outlives the element; -ENOENT
 * comes with the last elements.
 */
function readByPlace(
  source: BatchSource,
  map: HashMap,
  count: number,
  cursor: Uint8Array | undefined,
  remove: boolean,
): LookupBatch {
  const { memory, keyAddress } = source;
  const read = new Elements();
  let place = cursor === undefined ? 0 : new DataView(cursor.buffer, cursor.byteOffset).getUint32(0, true);
  for (;;) {
    const key = map.keyFrom(place);
    if (key === 0) return read.result(ENOENT, placeBytes(place));
    place = map.placeOf(key);
    if (read.count === count) return read.result(0, placeBytes(place));
    place++;
    const bytes = memory.bytes(key, map.definition.keySize).slice();
    memory.write(keyAddress, bytes);
    const value = source.read();
    if (typeof value === 'number') return emptyBatch(value);
    read.add(bytes, value);
    if (remove) source.remove();
  }
}

/** Up to `count` elements after `cursor`. */
export function readBatch(
  source: BatchSource,
  count: number,
  cursor: Uint8Array | undefined,
  remove: boolean,
): LookupBatch {
  const { map } = source;
  if (map instanceof HashMap) return readByPlace(source, map, count, cursor, remove);
  return readByKey(source, count, cursor);
}

class Elements {
  readonly #keys: Uint8Array[] = [];
  readonly #values: Uint8Array[] = [];

  get count(): number {
    return this.#keys.length;
  }

  add(key: Uint8Array, value: Uint8Array): void {
    this.#keys.push(key);
    this.#values.push(value);
  }

  result(errno: number, cursor: Uint8Array | undefined): LookupBatch {
    const { count } = this;
    const read = { errno, count, keys: joined(this.#keys), values: joined(this.#values) };
    return cursor === undefined ? read : { ...read, cursor };
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function placeBytes(place: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, place, true);
  return bytes;
}
