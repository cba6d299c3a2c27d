/**
 * What every map type offers. Maps live in linear memory, and the address of a value is stable while the element lives,
 * so that programs, JavaScript and generated WebAssembly read and write the same bytes.
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';

/** Where a map keeps its things; offsets are bytes from {@link MapLayout.base}. */
export interface MapLayout {
  /** Start of the map's header. */
  readonly base: LinearAddress;
  /** Total bytes, header included. */
  readonly size: number;
  readonly keySize: number;
  readonly valueSize: number;
  /** Bytes from one CPU's copy of a value to the next CPU's; 0 for maps that are not per-CPU. */
  readonly cpuStride: number;
  /** Offset of the first element and bytes from one element to the next. */
  readonly elements: number;
  readonly elementSize: number;
  /** Offset of the value (CPU 0's copy) inside an element. */
  readonly valueOffset: number;
}

/** Flags of `bpf_map_update_elem`. */
export const BPF_ANY = 0;
export const BPF_NOEXIST = 1;
export const BPF_EXIST = 2;
export const BPF_F_LOCK = 4;

/**
 * A map instance. All addresses are linear. Operations return 0 or a negative errno as the kernel's do; `lookup` and
 * `nextKey` return 0 for "none". Per-CPU maps: `lookup` and `update` act on the copy of the CPU given.
 */
export interface BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  /** Linear address of the value of the key at `key` for `cpu`, or 0. Marks it recently used where the type does. */
  lookup(key: LinearAddress, cpu: number): LinearAddress;
  update(key: LinearAddress, value: LinearAddress, flags: number, cpu: number): number;
  delete(key: LinearAddress): number;
  /**
   * Address of the stored key after the one at `key` (0: of the first), or 0 at the end: `BPF_MAP_GET_NEXT_KEY`. A type
   * without keys answers a negative errno.
   */
  nextKey(key: LinearAddress): LinearAddress;
  /** Address of `cpu`'s copy without touching recency, for user space; same as lookup for maps that are not per-CPU. */
  peek(key: LinearAddress, cpu: number): LinearAddress;
  /** Number of elements now stored. */
  count(): number;
  /**
   * Visits the stored key of every element until `visit` says false; returns the number visited. Elements may be deleted
   * and added meanwhile. Absent where the type stores no keys.
   */
  walk?(visit: (key: LinearAddress) => boolean): number;
  /** `bpf_map_push_elem`: where the type has values without keys. */
  push?(value: LinearAddress, flags: number): number;
  /** `bpf_map_pop_elem`, or `bpf_map_peek_elem` when `remove` is false. */
  take?(target: LinearAddress, remove: boolean): number;
  /** What bpf(2) does otherwise than programs. */
  readonly user?: UserOperations;
}

/** Operations of bpf(2) on one map: 0 or a negative errno each. Those absent do what programs' do. */
export interface UserOperations {
  /** Bytes of a value as bpf(2) copies it. Default: the map's, each CPU's rounded up to 8 where the map is per-CPU. */
  readonly valueSize?: number;
  /** Writes the value to `target`. */
  readonly lookup?: (key: LinearAddress, target: LinearAddress) => number;
  readonly update?: (key: LinearAddress, value: LinearAddress, flags: number) => number;
  readonly delete?: (key: LinearAddress) => number;
  /** `BPF_MAP_LOOKUP_AND_DELETE_ELEM`: by itself, or as a lookup and then a deletion; absent where the type has none. */
  readonly take?: ((key: LinearAddress, target: LinearAddress) => number) | 'lookup-then-delete';
  /** Batch commands the type has; default none. */
  readonly batches?: readonly BatchCommand[];
}

/** `BPF_MAP_*_BATCH` */
export type BatchCommand = 'lookup' | 'lookup-and-delete' | 'update' | 'delete';
export const EVERY_BATCH: readonly BatchCommand[] = ['lookup', 'lookup-and-delete', 'update', 'delete'];
