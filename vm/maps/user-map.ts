/**
 * User space's view of a map. The commands of bpf(2) are {@link UserMap.syscalls}, with its error numbers; beside them is
 * what most users want: per-CPU values are all CPUs' copies one after the other without padding, and what is not there is
 * undefined. It fits the runtime's `MapHandle`.
 */
import { mapType } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EINVAL } from '../errno.ts';
import { ID_WORD, type MapContext, round8 } from './header.ts';
import { BPF_ANY, type BpfMap } from './map.ts';
import { MapSyscalls } from './map-syscalls.ts';

export interface MapEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export class UserMap {
  readonly map: BpfMap;
  readonly syscalls: MapSyscalls;
  readonly name: string;
  readonly keySize: number;
  /** Bytes of one CPU's value. */
  readonly valueSize: number;
  /** CPUs that have a copy; 1 for maps that are not per-CPU. */
  readonly copies: number;
  readonly #context: MapContext;

  constructor(map: BpfMap, context: MapContext) {
    const { name, keySize, valueSize, type } = map.definition;
    this.map = map;
    this.syscalls = new MapSyscalls(map, context);
    this.name = name;
    this.keySize = keySize;
    this.valueSize = valueSize;
    this.copies = mapType(type).perCpu ? context.cpus : 1;
    this.#context = context;
  }

  /** The map's number, from 1: what stands for it in maps of maps. */
  get id(): number {
    return this.#context.memory.i32[(this.map.layout.base >> 2) + ID_WORD]!;
  }

  lookup(key: Uint8Array): Uint8Array | undefined {
    const value = this.syscalls.lookup(key);
    return typeof value === 'number' ? undefined : this.#packed(value);
  }

  /** 0 or a negative errno. `value` has all copies. */
  update(key: Uint8Array, value: Uint8Array, flags: number = BPF_ANY): number {
    if (key.length !== this.keySize || value.length !== this.valueSize * this.copies) return EINVAL;
    return this.syscalls.update(key, this.#padded(value), flags);
  }

  delete(key: Uint8Array): number {
    return key.length === this.keySize ? this.syscalls.delete(key) : EINVAL;
  }

  /** The value that was there until now; undefined when none was, or the type cannot do that. */
  lookupAndDelete(key: Uint8Array): Uint8Array | undefined {
    const value = this.syscalls.lookupAndDelete(key);
    return typeof value === 'number' ? undefined : this.#packed(value);
  }

  /** The key after one, or the first; undefined at the end. */
  nextKey(key?: Uint8Array): Uint8Array | undefined {
    const next = this.syscalls.nextKey(key);
    return typeof next === 'number' ? undefined : next;
  }

  /** Nothing can be changed from here any more: 0 or a negative errno. */
  freeze(): number {
    return this.syscalls.freeze();
  }

  /** Copies of all entries. Entries may be deleted and added meanwhile; those added are not seen. */
  *entries(): Generator<MapEntry, void, void> {
    for (const key of this.#keys()) {
      const value = this.lookup(key);
      if (value !== undefined) yield { key, value };
    }
  }

  #keys(): readonly Uint8Array[] {
    const { memory } = this.#context;
    const keys: Uint8Array[] = [];
    const take = (key: LinearAddress): boolean => {
      keys.push(memory.bytes(key, this.keySize).slice());
      return true;
    };
    if (this.map.walk !== undefined) this.map.walk(take);
    else for (let key = this.map.nextKey(0); key > 0; key = this.map.nextKey(key)) take(key);
    return keys;
  }

  /** Number of entries now stored. */
  count(): number {
    return this.map.count();
  }

  /** Copies without what rounds them up. */
  #packed(value: Uint8Array): Uint8Array {
    const stride = round8(this.valueSize);
    if (this.copies === 1 || stride === this.valueSize)
      return value.subarray(0, this.valueSize * this.copies);
    const packed = new Uint8Array(this.valueSize * this.copies);
    for (let cpu = 0; cpu < this.copies; cpu++) {
      const copy = value.subarray(cpu * stride, cpu * stride + this.valueSize);
      packed.set(copy, cpu * this.valueSize);
    }
    return packed;
  }

  #padded(value: Uint8Array): Uint8Array {
    const size = this.syscalls.valueSize;
    if (size === value.length) return value;
    const padded = new Uint8Array(size);
    const stride = round8(this.valueSize);
    for (let cpu = 0; cpu < this.copies; cpu++) {
      padded.set(value.subarray(cpu * this.valueSize, (cpu + 1) * this.valueSize), cpu * stride);
    }
    return padded;
  }
}
