/**
 * TASK_STORAGE, INODE_STORAGE, CGRP_STORAGE and SK_STORAGE (kernel/bpf/bpf_local_storage.c): a value for each kernel
 * object that a program or user space gave one. The owner is named by the linear address of the object; that is user
 * space's key, too, where Linux has a file descriptor. Elements are allocated as they are needed, a chunk at a time.
 *
 *     header:  count | free (address of the first) | buckets: 64 addresses follow the header
 *     element: owner | next (of its bucket, or free) | 0 | 0 | value
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { EBADF, EEXIST, EINVAL, ENOENT, ENOMEM, ENOTSUPP } from '../errno.ts';
import { LoadError } from '../fault.ts';
import type { Memory } from '../memory.ts';
import { exists, type Handles, type ObjectKind } from './handles.ts';
import { allocateHeader, HEADER_SIZE, headerLayout, type MapContext, round8 } from './header.ts';
import {
  BPF_EXIST,
  BPF_F_LOCK,
  BPF_NOEXIST,
  type BpfMap,
  type MapLayout,
  type UserOperations,
} from './map.ts';
import { ValueFields } from './value-fields.ts';

/** `BPF_LOCAL_STORAGE_GET_F_CREATE` */
export const BPF_LOCAL_STORAGE_GET_F_CREATE = 1;

const COUNT = 0;
const FREE = 1;
const BUCKETS = 64;
/** Words of an element. */
const OWNER = 0;
const NEXT = 1;
const VALUE_OFFSET = 16;
/** Bytes of elements that are allocated together. */
const CHUNK = 4096;

const OWNERS: Readonly<Record<string, ObjectKind>> = {
  task_storage: 'task',
  inode_storage: 'inode',
  cgrp_storage: 'cgroup',
  sk_storage: 'socket',
};

export class LocalStorageMap implements BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  readonly #memory: Memory;
  readonly #i32: Int32Array;
  readonly #head: number;
  readonly #buckets: number;
  readonly #elementSize: number;
  readonly #fields: ValueFields;
  readonly #handles: Handles | undefined;
  readonly user: UserOperations = {
    lookup: (key, target) => this.#read(key, target),
    update: (key, value, flags) => this.#user(key, (owner) => this.set(owner, value, flags)),
    delete: (key) => this.#user(key, (owner) => this.remove(owner)),
  };

  constructor(definition: MapDefinition, context: MapContext) {
    const { memory } = context;
    const base = allocateHeader(memory, definition);
    this.#buckets = memory.allocate(BUCKETS * 4, `map ${definition.name}`) >> 2;
    this.#memory = memory;
    this.#i32 = memory.i32;
    this.#head = base >> 2;
    this.#elementSize = VALUE_OFFSET + round8(definition.valueSize);
    this.#fields = ValueFields.of(definition, context.btf);
    this.#handles = context.handles;
    this.definition = definition;
    this.layout = headerLayout(definition, base, HEADER_SIZE + BUCKETS * 4);
  }

  /** `bpf_*_storage_get`: the address of the owner's value, or 0. `initial` is the value a new one gets; 0 for zeros. */
  get(owner: LinearAddress, initial: LinearAddress, flags: number): LinearAddress {
    if (owner === 0 || flags < 0 || flags > BPF_LOCAL_STORAGE_GET_F_CREATE) return 0;
    const found = this.find(owner);
    if (found !== 0 || flags === 0) return found;
    return this.set(owner, initial, BPF_NOEXIST) === 0 ? this.find(owner) : 0;
  }

  /** The address of the owner's value, or 0. */
  find(owner: LinearAddress): LinearAddress {
    const element = this.#i32[this.#linkTo(owner)]!;
    return element === 0 ? 0 : element + VALUE_OFFSET;
  }

  /** `bpf_local_storage_update`; a new value of address 0 is zeros. */
  set(owner: LinearAddress, value: LinearAddress, flags: number): number {
    const locked = (flags & BPF_F_LOCK) !== 0;
    if (flags < 0 || (flags & ~BPF_F_LOCK) >>> 0 > BPF_EXIST) return EINVAL;
    if (locked && !this.#fields.hasLock) return EINVAL;
    const wanted = flags & ~BPF_F_LOCK;
    const found = this.find(owner);
    if (found !== 0 && wanted === BPF_NOEXIST) return EEXIST;
    if (found === 0 && wanted === BPF_EXIST) return ENOENT;
    const target = found !== 0 ? found : this.#insert(owner);
    if (target === 0) return ENOMEM;
    const { valueSize } = this.definition;
    if (found === 0) this.#memory.u8.fill(0, target, target + valueSize);
    if (value !== 0) this.#fields.copy(this.#memory, target, value, valueSize);
    return 0;
  }

  /** `bpf_*_storage_delete`, and the end of an owner. */
  remove(owner: LinearAddress): number {
    const link = this.#linkTo(owner);
    const element = this.#i32[link]!;
    if (element === 0) return ENOENT;
    this.#i32[link] = this.#i32[(element >> 2) + NEXT]!;
    this.#i32[(element >> 2) + NEXT] = this.#i32[this.#head + FREE]!;
    this.#i32[this.#head + FREE] = element;
    this.#i32[this.#head + COUNT]!--;
    return 0;
  }

  /** Programs go by owner, see {@link get}. */
  lookup(_key: LinearAddress, _cpu: number): LinearAddress {
    return 0;
  }

  peek(key: LinearAddress, _cpu: number): LinearAddress {
    return this.find(this.#memory.readLow(key) >>> 0);
  }

  update(key: LinearAddress, value: LinearAddress, flags: number, _cpu: number): number {
    return this.#user(key, (owner) => this.set(owner, value, flags));
  }

  delete(key: LinearAddress): number {
    return this.#user(key, (owner) => this.remove(owner));
  }

  /** `notsupp_get_next_key` */
  nextKey(_key: LinearAddress): LinearAddress {
    return ENOTSUPP;
  }

  count(): number {
    return this.#i32[this.#head + COUNT]!;
  }

  #user(key: LinearAddress, act: (owner: LinearAddress) => number): number {
    const owner = this.#memory.readLow(key) >>> 0;
    return exists(this.#handles, OWNERS[this.definition.type]!, owner) ? act(owner) : EBADF;
  }

  #read(key: LinearAddress, target: LinearAddress): number {
    return this.#user(key, (owner) => {
      const value = this.find(owner);
      if (value === 0) return ENOENT;
      const { valueSize } = this.definition;
      this.#memory.u8.copyWithin(target, value, value + valueSize);
      this.#fields.clear(this.#memory, target);
      return 0;
    });
  }

  /** Word index of what points to the owner's element, or would. */
  #linkTo(owner: LinearAddress): number {
    const hash = Math.imul(owner, 0x9e3779b1) >>> 26;
    let link = this.#buckets + (hash % BUCKETS);
    for (let element = this.#i32[link]!; element !== 0; element = this.#i32[link]!) {
      if (this.#i32[(element >> 2) + OWNER] === owner) return link;
      link = (element >> 2) + NEXT;
    }
    return link;
  }

  /** The address of a new value, or 0 when memory is used up. */
  #insert(owner: LinearAddress): LinearAddress {
    const i32 = this.#i32;
    if (i32[this.#head + FREE] === 0 && !this.#grow()) return 0;
    const element = i32[this.#head + FREE]!;
    i32[this.#head + FREE] = i32[(element >> 2) + NEXT]!;
    i32[(element >> 2) + OWNER] = owner;
    i32[(element >> 2) + NEXT] = 0;
    i32[this.#linkTo(owner)] = element;
    i32[this.#head + COUNT]!++;
    return element + VALUE_OFFSET;
  }

  #grow(): boolean {
    const { name, valueSize } = this.definition;
    const stride = this.#elementSize;
    const elements = Math.max(1, Math.floor(CHUNK / stride));
    const [readableFrom, writableFrom] = [VALUE_OFFSET, VALUE_OFFSET];
    const used = VALUE_OFFSET + valueSize;
    const options = { kind: 'map', label: `map ${name}`, writable: true, stride, used } as const;
    try {
      const first = this.#memory.allocateRegion(elements * stride, {
        ...options,
        readableFrom,
        writableFrom,
      });
      for (let i = elements - 1; i >= 0; i--) {
        const element = first + i * stride;
        this.#i32[(element >> 2) + NEXT] = this.#i32[this.#head + FREE]!;
        this.#i32[this.#head + FREE] = element;
      }
      return true;
    } catch (error) {
      if (error instanceof LoadError) return false;
      throw error;
    }
  }
}
