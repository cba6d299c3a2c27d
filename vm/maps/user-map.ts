/**
 * User space's view of a map: bytes in, bytes out, as bpf(2) gives it. Per-CPU values are all CPUs' copies one after
 * the other without padding. It fits the runtime's `MapHandle`.
 */
import { mapType } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EINVAL } from '../errno.ts';
import type { MapContext } from './header.ts';
import { BPF_ANY, type BpfMap } from './map.ts';

export interface MapEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export class UserMap {
  readonly map: BpfMap;
  readonly name: string;
  readonly keySize: number;
  /** Bytes of one CPU's value. */
  readonly valueSize: number;
  /** CPUs that have a copy; 1 for maps that are not per-CPU. */
  readonly copies: number;
  readonly #context: MapContext;
  readonly #key: LinearAddress;
  readonly #value: LinearAddress;

  constructor(map: BpfMap, context: MapContext) {
    const { name, keySize, valueSize, type } = map.definition;
    this.map = map;
    this.name = name;
    this.keySize = keySize;
    this.valueSize = valueSize;
    this.copies = mapType(type).perCpu ? context.cpus : 1;
    this.#context = context;
    this.#key = context.memory.allocate(keySize, `map ${name}`);
    this.#value = context.memory.allocate(valueSize, `map ${name}`);
  }

  lookup(key: Uint8Array): Uint8Array | undefined {
    if (!this.#stageKey(key)) return undefined;
    return this.#read(this.#key);
  }

  /** 0 or a negative errno. `value` has all copies. */
  update(key: Uint8Array, value: Uint8Array, flags: number = BPF_ANY): number {
    if (!this.#stageKey(key) || value.length !== this.valueSize * this.copies) return EINVAL;
    const { memory } = this.#context;
    memory.write(this.#value, value.subarray(0, this.valueSize));
    const result = this.map.update(this.#key, this.#value, flags, 0);
    if (result !== 0) return result;
    for (let cpu = 1; cpu < this.copies; cpu++) {
      memory.write(
        this.map.peek(this.#key, cpu),
        value.subarray(cpu * this.valueSize, (cpu + 1) * this.valueSize),
      );
    }
    return 0;
  }

  delete(key: Uint8Array): number {
    return this.#stageKey(key) ? this.map.delete(this.#key) : EINVAL;
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
    else for (let key = this.map.nextKey(0); key !== 0; key = this.map.nextKey(key)) take(key);
    return keys;
  }

  /** Number of entries now stored. */
  count(): number {
    return this.map.count();
  }

  #stageKey(key: Uint8Array): boolean {
    if (key.length !== this.keySize) return false;
    this.#context.memory.write(this.#key, key);
    return true;
  }

  #read(key: LinearAddress): Uint8Array | undefined {
    if (this.map.peek(key, 0) === 0) return undefined;
    const bytes = new Uint8Array(this.valueSize * this.copies);
    for (let cpu = 0; cpu < this.copies; cpu++) {
      bytes.set(this.#context.memory.bytes(this.map.peek(key, cpu), this.valueSize), cpu * this.valueSize);
    }
    return bytes;
  }
}
