/**
 * ARRAY and PERCPU_ARRAY (kernel/bpf/arraymap.c): all elements exist from the start and are never deleted.
 *
 *     header: word 0 = the key `nextKey` hands out | element 0: value, or a value for each CPU | element 1 | ...
 */
import { type MapDefinition, mapType } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { E2BIG, EEXIST, EINVAL } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { allocateHeader, isWritable, type MapContext, round8 } from './header.ts';
import { nextIndex } from './index-key.ts';
import {
  BPF_EXIST,
  BPF_F_LOCK,
  BPF_NOEXIST,
  type BpfMap,
  type MapLayout,
  type UserOperations,
} from './map.ts';
import { ValueFields } from './value-fields.ts';

export class ArrayMap implements BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  readonly user: UserOperations = { batches: ['lookup', 'update'] };
  readonly fields: ValueFields;
  readonly #memory: Memory;
  readonly #first: LinearAddress;

  constructor(definition: MapDefinition, { memory, cpus, btf }: MapContext) {
    const { keySize, valueSize, maxEntries, name } = definition;
    const perCpu = mapType(definition.type).perCpu;
    const cpuStride = perCpu ? round8(valueSize) : 0;
    const elementSize = perCpu ? cpuStride * cpus : round8(valueSize);
    const base = allocateHeader(memory, definition);
    this.#first = memory.allocateRegion(elementSize * maxEntries, {
      kind: 'map',
      label: `map ${name}`,
      writable: isWritable(definition),
      stride: perCpu ? cpuStride : elementSize,
      used: valueSize,
    });
    this.#memory = memory;
    this.fields = ValueFields.of(definition, btf);
    this.definition = definition;
    const elements = this.#first - base;
    this.layout = {
      base,
      size: elements + elementSize * maxEntries,
      keySize,
      valueSize,
      cpuStride,
      elements,
      elementSize,
      valueOffset: 0,
    };
  }

  lookup(key: LinearAddress, cpu: number): LinearAddress {
    return this.#at(this.#memory.readLow(key) >>> 0, cpu);
  }

  peek(key: LinearAddress, cpu: number): LinearAddress {
    return this.lookup(key, cpu);
  }

  update(key: LinearAddress, value: LinearAddress, flags: number, cpu: number): number {
    if (flags < 0 || (flags & ~BPF_F_LOCK) >>> 0 > BPF_EXIST) return EINVAL;
    const target = this.lookup(key, cpu);
    if (target === 0) return E2BIG;
    if ((flags & BPF_NOEXIST) !== 0) return EEXIST;
    if ((flags & BPF_F_LOCK) !== 0 && !this.fields.hasLock) return EINVAL;
    this.fields.copy(this.#memory, target, value, this.definition.valueSize);
    return 0;
  }

  delete(_key: LinearAddress): number {
    return EINVAL;
  }

  /** `array_map_get_next_key`: a key out of range starts over. */
  nextKey(key: LinearAddress): LinearAddress {
    return nextIndex(this.#memory, this.layout.base, key, this.definition.maxEntries);
  }

  count(): number {
    return this.definition.maxEntries;
  }

  #at(index: number, cpu: number): LinearAddress {
    if (index >= this.definition.maxEntries) return 0;
    return this.#first + index * this.layout.elementSize + cpu * this.layout.cpuStride;
  }
}
