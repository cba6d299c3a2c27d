/**
 * CGROUP_STORAGE and PERCPU_CGROUP_STORAGE (kernel/bpf/local_storage.c): a value for each control group that a program
 * is attached to. Values come with the attachment ({@link CgroupStorageMap.attach}); user space only changes them.
 *
 *     header:  first (address) | last | count
 *     element: next | 0 | key: u64 id of the group, and u32 attach type where keys have 16 bytes | value, or one for each CPU
 */
import { type MapDefinition, mapType } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EINVAL, ENOENT } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { allocateHeader, HEADER_SIZE, headerLayout, type MapContext, round8 } from './header.ts';
import { BPF_EXIST, BPF_F_LOCK, type BpfMap, type MapLayout } from './map.ts';
import { ValueFields } from './value-fields.ts';

const FIRST = 0;
const LAST = 1;
const COUNT = 2;
const KEY_OFFSET = 8;

export class CgroupStorageMap implements BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  readonly #memory: Memory;
  readonly #i32: Int32Array;
  readonly #head: number;
  readonly #valueOffset: number;
  readonly #cpus: number;
  readonly #fields: ValueFields;

  constructor(definition: MapDefinition, { memory, cpus, btf }: MapContext) {
    const base = allocateHeader(memory, definition);
    const perCpu = mapType(definition.type).perCpu;
    this.#memory = memory;
    this.#i32 = memory.i32;
    this.#head = base >> 2;
    this.#valueOffset = KEY_OFFSET + definition.keySize;
    this.#cpus = perCpu ? cpus : 1;
    this.#fields = ValueFields.of(definition, btf);
    this.definition = definition;
    const layout = headerLayout(definition, base, HEADER_SIZE);
    this.layout = { ...layout, cpuStride: perCpu ? round8(definition.valueSize) : 0 };
  }

  /** The address of `cpu`'s value of a group's key, made of zeros when there is none. Throws LoadError without memory. */
  attach(key: LinearAddress, cpu: number): LinearAddress {
    const found = this.peek(key, cpu);
    if (found !== 0) return found;
    const { keySize, valueSize, name } = this.definition;
    const stride = round8(valueSize);
    const size = this.#valueOffset + stride * this.#cpus;
    const element = this.#memory.allocateRegion(size, {
      kind: 'map',
      label: `map ${name}`,
      writable: true,
      stride: size,
      readableFrom: this.#valueOffset,
      writableFrom: this.#valueOffset,
      used: this.#cpus > 1 ? size : this.#valueOffset + valueSize,
    });
    this.#memory.u8.copyWithin(element + KEY_OFFSET, key, key + keySize);
    const last = this.#i32[this.#head + LAST]!;
    this.#i32[last === 0 ? this.#head + FIRST : last >> 2] = element;
    this.#i32[this.#head + LAST] = element;
    this.#i32[this.#head + COUNT]!++;
    return this.#value(element, cpu);
  }

  /** Programs ask for the storage of where they are attached. */
  lookup(_key: LinearAddress, _cpu: number): LinearAddress {
    return 0;
  }

  peek(key: LinearAddress, cpu: number): LinearAddress {
    const element = this.#find(key);
    return element === 0 ? 0 : this.#value(element, cpu);
  }

  update(key: LinearAddress, value: LinearAddress, flags: number, cpu: number): number {
    const known = this.#cpus > 1 ? BPF_EXIST : BPF_EXIST | BPF_F_LOCK;
    if (flags < 0 || (flags & ~known) !== 0) return EINVAL;
    if ((flags & BPF_F_LOCK) !== 0 && !this.#fields.hasLock) return EINVAL;
    const target = this.peek(key, cpu);
    if (target === 0) return ENOENT;
    this.#fields.copy(this.#memory, target, value, this.definition.valueSize);
    return 0;
  }

  delete(_key: LinearAddress): number {
    return EINVAL;
  }

  /** In the order of attachment. */
  nextKey(key: LinearAddress): LinearAddress {
    const from = key === 0 ? 0 : this.#find(key);
    if (key !== 0 && from === 0) return 0;
    const next = this.#i32[from === 0 ? this.#head + FIRST : from >> 2]!;
    return next === 0 ? 0 : next + KEY_OFFSET;
  }

  count(): number {
    return this.#i32[this.#head + COUNT]!;
  }

  #find(key: LinearAddress): LinearAddress {
    const { keySize } = this.definition;
    const { u8 } = this.#memory;
    for (let element = this.#i32[this.#head + FIRST]!; element !== 0; element = this.#i32[element >> 2]!) {
      let i = 0;
      while (i < keySize && u8[element + KEY_OFFSET + i] === u8[key + i]) i++;
      if (i === keySize) return element;
    }
    return 0;
  }

  #value(element: LinearAddress, cpu: number): LinearAddress {
    return element + this.#valueOffset + cpu * this.layout.cpuStride;
  }
}
