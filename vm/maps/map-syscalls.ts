/**
 * The map commands of bpf(2) on one map (kernel/bpf/syscall.c): bytes in, bytes or a negative errno out. Values of per-CPU
 * maps are those of all CPUs one after the other, each rounded up to 8 bytes. What Linux names by file descriptor is named
 * by id here, see `handles.ts`. A key or value of another length than the map's is -EFAULT, where Linux would read what
 * lies behind it.
 */
import { MapFlags, mapType } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EFAULT, EINVAL, ENOENT, ENOTSUPP, EPERM } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { type MapContext, round8 } from './header.ts';
import { type BatchCommand, BPF_EXIST, BPF_F_LOCK, type BpfMap } from './map.ts';
import {
  type BatchResult,
  type BatchSource,
  eachKey,
  emptyBatch,
  type LookupBatch,
  readBatch,
} from './map-batch.ts';
import { ValueFields } from './value-fields.ts';

/** What stands for flags beyond 32 bits, which are none of any map's: negative, and without BPF_F_LOCK. */
const UNKNOWN_FLAGS = -8;

export class MapSyscalls {
  readonly map: BpfMap;
  /** Bytes of a value as these commands copy it. */
  readonly valueSize: number;
  readonly #memory: Memory;
  readonly #fields: ValueFields;
  readonly #perCpu: boolean;
  readonly #cpus: number;
  readonly #key: LinearAddress;
  readonly #value: LinearAddress;
  #frozen = false;

  constructor(map: BpfMap, { memory, cpus, btf }: MapContext) {
    const { type, name, keySize, valueSize } = map.definition;
    this.#perCpu = mapType(type).perCpu;
    this.map = map;
    this.valueSize = map.user?.valueSize ?? (this.#perCpu ? round8(valueSize) * cpus : valueSize);
    this.#memory = memory;
    this.#cpus = cpus;
    this.#fields = ValueFields.of(map.definition, btf);
    this.#key = memory.allocate(Math.max(8, keySize), `map ${name}`);
    this.#value = memory.allocate(Math.max(8, this.valueSize), `map ${name}`);
  }

  /** BPF_MAP_LOOKUP_ELEM. A bloom filter is asked about a value: `asked`. */
  lookup(key: Uint8Array, flags = 0, asked?: Uint8Array): Uint8Array | number {
    const problem = this.#readProblem(flags) || this.#stageKey(key);
    if (problem !== 0) return problem;
    if (this.map.definition.type === 'bloom_filter') {
      if (asked?.length !== this.valueSize) return EFAULT;
      this.#memory.write(this.#value, asked);
    }
    return this.#copied(this.#read());
  }

  /** BPF_MAP_UPDATE_ELEM: 0 or a negative errno. */
  update(key: Uint8Array, value: Uint8Array, asked = 0): number {
    const flags = asked > 0xffff_ffff ? UNKNOWN_FLAGS : asked;
    const locked = (flags & BPF_F_LOCK) !== 0 && !this.#fields.hasLock;
    if (!this.#writable) return EPERM;
    const problem = locked ? EINVAL : this.#stageKey(key);
    if (problem !== 0) return problem;
    if (value.length !== this.valueSize) return EFAULT;
    this.#memory.write(this.#value, value);
    const { user } = this.map;
    if (user?.update !== undefined) return user.update(this.#key, this.#value, flags);
    return this.#perCpu ? this.#updateAll(value, flags) : this.map.update(this.#key, this.#value, flags, 0);
  }

  /** BPF_MAP_DELETE_ELEM: 0 or a negative errno. */
  delete(key: Uint8Array): number {
    if (!this.#writable) return EPERM;
    return this.#stageKey(key) || this.#delete();
  }

  /** BPF_MAP_GET_NEXT_KEY; without a key the first one. */
  nextKey(key?: Uint8Array): Uint8Array | number {
    if (!this.#readable) return EPERM;
    const problem = key === undefined ? 0 : this.#stageKey(key);
    if (problem !== 0) return problem;
    const next = this.map.nextKey(key === undefined ? 0 : this.#key);
    if (next < 0) return next;
    return next === 0 ? ENOENT : this.#memory.bytes(next, this.map.definition.keySize).slice();
  }

  /** BPF_MAP_LOOKUP_AND_DELETE_ELEM */
  lookupAndDelete(key: Uint8Array, flags = 0): Uint8Array | number {
    const take = this.map.user?.take;
    if ((flags & ~BPF_F_LOCK) !== 0) return EINVAL;
    if (!this.#readable || !this.#writable) return EPERM;
    if (flags !== 0 && (typeof take === 'function' || !this.#fields.hasLock)) return EINVAL;
    const problem = this.#stageKey(key);
    if (problem !== 0) return problem;
    if (take === undefined) return ENOTSUPP;
    if (typeof take === 'function') return this.#copied(take(this.#key, this.#value));
    const result = this.#copied(this.#read());
    if (typeof result !== 'number') this.#delete();
    return result;
  }

  /** BPF_MAP_FREEZE: user space changes nothing from now on. */
  freeze(): number {
    if (this.map.definition.type === 'struct_ops' || this.#fields.fields.length > 0) return ENOTSUPP;
    if (!this.#writable) return EPERM;
    this.#frozen = true;
    return 0;
  }

  /**
   * BPF_MAP_LOOKUP_BATCH, or BPF_MAP_LOOKUP_AND_DELETE_BATCH when `remove`: up to `count` elements after those that
   * `cursor` was given with; -ENOENT comes with the last ones.
   */
  lookupBatch(count: number, cursor?: Uint8Array, flags = 0, remove = false): LookupBatch {
    const command = remove ? 'lookup-and-delete' : 'lookup';
    const allowed = this.#readable && (!remove || this.#writable);
    const problem = allowed ? this.#batchProblem(command, flags) : EPERM;
    if (problem !== 0 || count === 0) return emptyBatch(problem);
    return readBatch(this.#batchSource, count, cursor, remove);
  }

  /** BPF_MAP_UPDATE_BATCH: keys and values one after the other. */
  updateBatch(keys: Uint8Array, values: Uint8Array, flags = 0): BatchResult {
    const problem = this.#writable ? this.#batchProblem('update', flags) : EPERM;
    if (problem !== 0) return { errno: problem, count: 0 };
    const { keySize } = this.map.definition;
    const size = this.valueSize;
    return eachKey(keys, keySize, (key, i) =>
      this.update(key, values.subarray(i * size, (i + 1) * size), flags),
    );
  }

  /** BPF_MAP_DELETE_BATCH */
  deleteBatch(keys: Uint8Array, flags = 0): BatchResult {
    const problem = this.#writable ? this.#batchProblem('delete', flags) : EPERM;
    if (problem !== 0) return { errno: problem, count: 0 };
    return eachKey(keys, this.map.definition.keySize, (key) => this.delete(key));
  }

  #batchProblem(command: BatchCommand, flags: number): number {
    if (this.map.user?.batches?.includes(command) !== true) return ENOTSUPP;
    if ((flags & ~BPF_F_LOCK) !== 0 || (flags !== 0 && !this.#fields.hasLock)) return EINVAL;
    return 0;
  }

  get #batchSource(): BatchSource {
    return {
      map: this.map,
      memory: this.#memory,
      keyAddress: this.#key,
      read: () => this.#copied(this.#read()),
      remove: () => this.#delete(),
    };
  }

  /** Flags, permission and lock of a lookup. */
  #readProblem(flags: number): number {
    if ((flags & ~BPF_F_LOCK) !== 0) return EINVAL;
    if (!this.#readable) return EPERM;
    return flags !== 0 && !this.#fields.hasLock ? EINVAL : 0;
  }

  #stageKey(key: Uint8Array): number {
    const { keySize } = this.map.definition;
    // A map without keys wants no pointer to one.
    if (keySize === 0) return key.length === 0 ? 0 : EINVAL;
    if (key.length !== keySize) return EFAULT;
    this.#memory.write(this.#key, key);
    return 0;
  }

  /** The value of the staged key into the staging place: 0 or a negative errno. */
  #read(): number {
    const { map } = this;
    if (map.user?.lookup !== undefined) return map.user.lookup(this.#key, this.#value);
    const copies = this.#perCpu ? this.#cpus : 1;
    const size = this.valueSize / copies;
    const { u8 } = this.#memory;
    for (let cpu = 0; cpu < copies; cpu++) {
      const source = map.peek(this.#key, cpu);
      if (source === 0) return ENOENT;
      u8.copyWithin(this.#value + cpu * size, source, source + size);
      this.#fields.clear(this.#memory, this.#value + cpu * size);
    }
    return 0;
  }

  #copied(result: number): Uint8Array | number {
    return result === 0 ? this.#memory.bytes(this.#value, this.valueSize).slice() : result;
  }

  #delete(): number {
    return this.map.user?.delete?.(this.#key) ?? this.map.delete(this.#key);
  }

  /** Every CPU's copy, with the bytes that round it up. */
  #updateAll(value: Uint8Array, flags: number): number {
    const result = flags > BPF_EXIST ? EINVAL : this.map.update(this.#key, this.#value, flags, 0);
    if (result !== 0) return result;
    const size = this.valueSize / this.#cpus;
    for (let cpu = 0; cpu < this.#cpus; cpu++) {
      this.#memory.write(this.map.peek(this.#key, cpu), value.subarray(cpu * size, (cpu + 1) * size));
    }
    return 0;
  }

  #hasFlag(flag: number): boolean {
    return (this.map.definition.flags & flag) !== 0;
  }

  get #readable(): boolean {
    return !this.#hasFlag(MapFlags.WRONLY);
  }

  get #writable(): boolean {
    return !this.#frozen && !this.#hasFlag(MapFlags.RDONLY);
  }
}
