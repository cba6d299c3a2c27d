/** QUEUE and STACK (kernel/bpf/queue_stack_maps.c): values without keys, first or last in first out. */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { E2BIG, EINVAL, ENOENT } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { allocateHeader, type MapContext, round8 } from './header.ts';
import { KeylessMap } from './keyless-map.ts';
import { BPF_EXIST, BPF_NOEXIST, type UserOperations } from './map.ts';

/** Words of the header. */
export const QueueHeader = { tail: 0, count: 1 } as const;

/** Programs push; updates are refused. */
export class QueueMap extends KeylessMap {
  override readonly user: UserOperations = {
    lookup: (_key, target) => this.take(target, false),
    update: (_key, value, flags) => this.push(value, flags),
    take: (_key, target) => this.take(target, true),
  };
  readonly #memory: Memory;
  readonly #head: number;

  constructor(definition: MapDefinition, { memory }: MapContext) {
    const { keySize, valueSize, maxEntries, name } = definition;
    const base = allocateHeader(memory, definition);
    const elementSize = round8(valueSize);
    const bytes = elementSize * maxEntries;
    const elements = memory.allocate(bytes, `map ${name}`) - base;
    const size = elements + bytes;
    const layout = { base, size, keySize, valueSize, cpuStride: 0, elements, elementSize, valueOffset: 0 };
    super(definition, layout, EINVAL);
    this.#memory = memory;
    this.#head = base >> 2;
  }

  /** `bpf_map_push_elem`; BPF_EXIST gives up the oldest value of a full map. */
  push(value: LinearAddress, flags: number): number {
    if (flags < 0 || flags > BPF_EXIST || flags === BPF_NOEXIST) return EINVAL;
    const { maxEntries, valueSize } = this.definition;
    if (this.count() >= maxEntries) {
      if (flags !== BPF_EXIST) return E2BIG;
      this.#dropOldest();
    }
    const target = this.#slot(this.count());
    this.#memory.copy(target, value, valueSize);
    this.#memory.i32[this.#head + QueueHeader.count] = this.count() + 1;
    return 0;
  }

  /** `bpf_map_pop_elem`, or `bpf_map_peek_elem` when `remove` is false. An empty map zeroes `target`. */
  take(target: LinearAddress, remove: boolean): number {
    const { u8, i32 } = this.#memory;
    const { valueSize, type } = this.definition;
    const count = this.count();
    if (count === 0) {
      u8.fill(0, target, target + valueSize);
      return ENOENT;
    }
    const source = this.#slot(type === 'stack' ? count - 1 : 0);
    this.#memory.copy(target, source, valueSize);
    if (!remove) return 0;
    if (type === 'stack') i32[this.#head + QueueHeader.count] = count - 1;
    else this.#dropOldest();
    return 0;
  }

  #dropOldest(): void {
    const { i32 } = this.#memory;
    i32[this.#head + QueueHeader.tail] =
      (i32[this.#head + QueueHeader.tail]! + 1) % this.definition.maxEntries;
    i32[this.#head + QueueHeader.count] = this.count() - 1;
  }

  /** Place of the value that is `age` after the oldest. */
  #slot(age: number): LinearAddress {
    const index = (this.#memory.i32[this.#head + QueueHeader.tail]! + age) % this.definition.maxEntries;
    return this.layout.base + this.layout.elements + index * this.layout.elementSize;
  }

  count(): number {
    return this.#memory.i32[this.#head + QueueHeader.count]!;
  }
}
