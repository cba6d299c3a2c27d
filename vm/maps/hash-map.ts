/** HASH and PERCPU_HASH (kernel/bpf/hashtab.c). {@link LruHashMap} is the same with eviction instead of -E2BIG. */
import { type MapDefinition, mapType } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { E2BIG, EEXIST, EINVAL, ENOENT } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { cellsFor, HashTable, META_SIZE } from './hash-table.ts';
import { allocateHeader, isWritable, type MapContext, round8 } from './header.ts';
import {
  BPF_EXIST,
  BPF_F_LOCK,
  BPF_NOEXIST,
  type BpfMap,
  EVERY_BATCH,
  type MapLayout,
  type UserOperations,
} from './map.ts';
import { ValueFields } from './value-fields.ts';

export class HashMap implements BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  readonly user: UserOperations = { take: 'lookup-then-delete', batches: EVERY_BATCH };
  protected readonly memory: Memory;
  readonly table: HashTable;
  readonly fields: ValueFields;
  readonly #cpus: number;

  constructor(definition: MapDefinition, { memory, cpus, btf }: MapContext) {
    const { keySize, valueSize, maxEntries, name } = definition;
    const perCpu = mapType(definition.type).perCpu;
    const cpuStride = perCpu ? round8(valueSize) : 0;
    const valueOffset = META_SIZE + round8(keySize);
    const elementSize = valueOffset + round8(valueSize) * (perCpu ? cpus : 1);
    const header = allocateHeader(memory, definition);
    const cells = cellsFor(maxEntries);
    const index = memory.allocate(cells * 4, `map ${name}`);
    const first = memory.allocateRegion(elementSize * maxEntries, {
      kind: 'map',
      label: `map ${name}`,
      writable: isWritable(definition),
      stride: elementSize,
      readableFrom: META_SIZE,
      writableFrom: valueOffset,
      used: perCpu ? elementSize : valueOffset + valueSize,
    });
    this.memory = memory;
    this.#cpus = perCpu ? cpus : 1;
    this.fields = ValueFields.of(definition, btf);
    this.definition = definition;
    const elements = first - header;
    const size = elements + elementSize * maxEntries;
    this.layout = { base: header, size, keySize, valueSize, cpuStride, elements, elementSize, valueOffset };
    const capacity = maxEntries;
    this.table = new HashTable(memory, {
      header,
      index,
      cells,
      elements: first,
      elementSize,
      keySize,
      capacity,
    });
  }

  lookup(key: LinearAddress, cpu: number): LinearAddress {
    const element = this.table.find(key);
    if (element < 0) return 0;
    this.used(element);
    return this.#value(element, cpu);
  }

  peek(key: LinearAddress, cpu: number): LinearAddress {
    const element = this.table.find(key);
    return element < 0 ? 0 : this.#value(element, cpu);
  }

  update(key: LinearAddress, value: LinearAddress, flags: number, cpu: number): number {
    const wanted = flags & ~BPF_F_LOCK;
    if (flags < 0 || wanted >>> 0 > BPF_EXIST || (wanted !== flags && !this.fields.hasLock)) return EINVAL;
    const found = this.table.find(key);
    if (found >= 0 && wanted === BPF_NOEXIST) return EEXIST;
    if (found < 0 && wanted === BPF_EXIST) return ENOENT;
    const element = found >= 0 ? found : this.insert(key);
    if (element < 0) return E2BIG;
    // `pcpu_init_value`: a new element is zero on the other CPUs. Fields of the kernel's are zero in every new element.
    if (found < 0 && (this.#cpus > 1 || this.fields !== ValueFields.NONE)) this.#zero(element);
    this.used(element);
    this.fields.copy(this.memory, this.#value(element, cpu), value, this.definition.valueSize);
    return 0;
  }

  delete(key: LinearAddress): number {
    const element = this.table.find(key);
    if (element < 0) return ENOENT;
    this.removed(element);
    this.table.remove(element);
    return 0;
  }

  /** In order of the elements' places; a key that is gone starts over, as in `htab_map_get_next_key`. */
  nextKey(key: LinearAddress): LinearAddress {
    return this.keyFrom(key === 0 ? 0 : this.table.find(key) + 1);
  }

  /** Number of the place of the element with a key; -1 when there is none. */
  placeOf(key: LinearAddress): number {
    return this.table.find(key);
  }

  /** The key of the first element at a place or after it, or 0. */
  keyFrom(place: number): LinearAddress {
    for (let element = place; element < this.table.fresh; element++) {
      if (this.table.isLive(element)) return this.table.address(element) + META_SIZE;
    }
    return 0;
  }

  walk(visit: (key: LinearAddress) => boolean): number {
    let visited = 0;
    for (let element = 0; element < this.table.fresh; element++) {
      if (!this.table.isLive(element)) continue;
      visited++;
      if (!visit(this.table.address(element) + META_SIZE)) break;
    }
    return visited;
  }

  count(): number {
    return this.table.count;
  }

  protected insert(key: LinearAddress): number {
    return this.table.insert(key);
  }

  /** The element was looked up or written. */
  protected used(_element: number): void {}

  protected removed(_element: number): void {}

  #value(element: number, cpu: number): LinearAddress {
    return this.table.address(element) + this.layout.valueOffset + cpu * this.layout.cpuStride;
  }

  #zero(element: number): void {
    const start = this.#value(element, 0);
    const bytes =
      this.layout.cpuStride === 0 ? this.definition.valueSize : this.#cpus * this.layout.cpuStride;
    this.memory.u8.fill(0, start, start + bytes);
  }
}
