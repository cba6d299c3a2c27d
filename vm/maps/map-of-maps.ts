/**
 * ARRAY_OF_MAPS and HASH_OF_MAPS (kernel/bpf/map_in_map.c): a cell or value is the address of a map's header, which
 * programs get as a pointer to that map; user space reads and writes its id.
 */
import { type MapDefinition, MapFlags, type MapSpec } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EBADF, EINVAL, ENOENT } from '../errno.ts';
import type { Handles } from './handles.ts';
import { HashMap } from './hash-map.ts';
import { ID_WORD, type MapContext } from './header.ts';
import { type BpfMap, EVERY_BATCH, type UserOperations } from './map.ts';
import { SlotArrayMap } from './slot-array-map.ts';

/** Which maps may be values of one map of maps, and how they are named. */
class InnerMaps {
  readonly #i32: Int32Array;
  readonly #handles: Handles | undefined;
  readonly #inner: MapSpec | undefined;

  constructor(definition: MapDefinition, context: MapContext) {
    this.#i32 = context.memory.i32;
    this.#handles = context.handles;
    this.#inner = definition.inner;
  }

  /** `bpf_map_fd_get_ptr`: the map's header or a negative errno. */
  find(id: number): number {
    const map = this.#handles?.map(id);
    if (map === undefined) return EBADF;
    return this.#inner !== undefined && metaEqual(this.#inner, map) ? map.layout.base : EINVAL;
  }

  id(header: LinearAddress): number {
    return this.#i32[(header >> 2) + ID_WORD]!;
  }
}

/** Flags that belong to a descriptor and not to the map. */
const OF_DESCRIPTOR: number = MapFlags.RDONLY | MapFlags.WRONLY;

/** `map_meta_equal` of the type: whether a map can stand where `inner` is expected. */
export function metaEqual(inner: MapSpec, map: BpfMap): boolean {
  const { type, keySize, valueSize, maxEntries, flags } = map.definition;
  const same =
    inner.type === type &&
    inner.keySize === keySize &&
    inner.valueSize === valueSize &&
    (inner.flags & ~OF_DESCRIPTOR) === (flags & ~OF_DESCRIPTOR);
  // Lookups in arrays are made by the verifier with the number of entries in them, unless BPF_F_INNER_MAP says not to.
  const sized = type === 'array' && (flags & MapFlags.INNER_MAP) === 0;
  return same && (!sized || inner.maxEntries === maxEntries);
}

export class ArrayOfMaps extends SlotArrayMap {
  readonly #maps: InnerMaps;

  constructor(definition: MapDefinition, context: MapContext) {
    super(definition, context, ['lookup', 'update']);
    this.#maps = new InnerMaps(definition, context);
  }

  /** The header of the inner map, or 0. */
  override lookup(key: LinearAddress, _cpu: number): LinearAddress {
    return this.cell(this.memory.readLow(key) >>> 0);
  }

  override peek(key: LinearAddress, cpu: number): LinearAddress {
    return this.lookup(key, cpu);
  }

  protected override cellOf(number: number): number {
    return this.#maps.find(number);
  }

  protected override numberOf(cell: number): number {
    return cell === 0 ? 0 : this.#maps.id(cell);
  }
}

export class HashOfMaps extends HashMap {
  readonly #maps: InnerMaps;
  override readonly user: UserOperations = {
    valueSize: 4,
    lookup: (key, target) => this.#answer(key, target),
    update: (key, value, flags) => this.#put(key, value, flags),
    batches: EVERY_BATCH,
  };

  constructor(definition: MapDefinition, context: MapContext) {
    super(definition, context);
    this.#maps = new InnerMaps(definition, context);
  }

  /** The header of the inner map, or 0. */
  override lookup(key: LinearAddress, cpu: number): LinearAddress {
    const value = super.lookup(key, cpu);
    return value === 0 ? 0 : this.memory.readLow(value);
  }

  override peek(key: LinearAddress, cpu: number): LinearAddress {
    return this.lookup(key, cpu);
  }

  /** Programs cannot put anything in. */
  override update(_key: LinearAddress, _value: LinearAddress, _flags: number, _cpu: number): number {
    return EINVAL;
  }

  /** `bpf_fd_htab_map_lookup_elem` */
  #answer(key: LinearAddress, target: LinearAddress): number {
    const value = super.peek(key, 0);
    if (value === 0) return ENOENT;
    this.memory.view.setUint32(target, this.#maps.id(this.memory.readLow(value)), true);
    return 0;
  }

  /** `bpf_fd_htab_map_update_elem` */
  #put(key: LinearAddress, value: LinearAddress, flags: number): number {
    const header = this.#maps.find(this.memory.readLow(value) >>> 0);
    if (header < 0) return header;
    this.memory.view.setUint32(value, header, true);
    return super.update(key, value, flags, 0);
  }
}
