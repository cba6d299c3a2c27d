/**
 * STACK_TRACE (kernel/bpf/stackmap.c): stacks by a hash of their frames. The key is the bucket; a bucket that another
 * stack holds answers -EEXIST unless the caller lets it be replaced.
 *
 *     header: word 0 = the key `nextKey` hands out | bucket: frames used, hash | value: u64 frames, zeros after the last
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { E2BIG, EEXIST, EINVAL, ENOENT, ENOMEM } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { allocateHeader, type MapContext } from './header.ts';
import type { BpfMap, MapLayout, UserOperations } from './map.ts';

/** Flags of `bpf_get_stackid`. */
export const BPF_F_FAST_STACK_CMP = 0x200;
export const BPF_F_REUSE_STACKID = 0x400;

const BUCKET_HEADER = 8;

export class StackTraceMap implements BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  readonly user: UserOperations = { take: 'lookup-then-delete' };
  readonly #memory: Memory;
  readonly #first: LinearAddress;
  readonly #buckets: number;
  #used = 0;

  constructor(definition: MapDefinition, { memory }: MapContext) {
    const { keySize, valueSize, maxEntries, name } = definition;
    const base = allocateHeader(memory, definition);
    this.#buckets = 2 ** Math.ceil(Math.log2(Math.max(1, maxEntries)));
    const elementSize = BUCKET_HEADER + valueSize;
    const bytes = this.#buckets * elementSize;
    this.#first = memory.allocateRegion(bytes, { kind: 'kernel', label: `map ${name}` });
    this.#memory = memory;
    this.definition = definition;
    const elements = this.#first - base;
    const valueOffset = BUCKET_HEADER;
    this.layout = {
      base,
      size: elements + bytes,
      keySize,
      valueSize,
      cpuStride: 0,
      elements,
      elementSize,
      valueOffset,
    };
  }

  /** Id of a stack, innermost frame first, low half before high half; or -EEXIST. Frames beyond the value are cut. */
  store(frames: Int32Array, flags: number): number {
    const words = Math.min(frames.length, this.definition.valueSize >> 2);
    let hash = 0;
    for (let i = 0; i < words; i++) hash = Math.imul(hash ^ frames[i]!, 0x9e3779b1) ^ (hash >>> 15);
    hash ^= hash >>> 16;
    const id = hash & (this.#buckets - 1);
    const at = this.#bucket(id) >> 2;
    const { i32 } = this.#memory;
    const held = i32[at]!;
    if (held !== 0) {
      const same =
        i32[at + 1] === hash && (flags & BPF_F_FAST_STACK_CMP ? true : this.#same(at, frames, words));
      if (same) return id;
      if ((flags & BPF_F_REUSE_STACKID) === 0) return EEXIST;
    }
    // One in place of another is taken before the other is given back.
    if (this.#used >= this.definition.maxEntries) return ENOMEM;
    if (held === 0) this.#used++;
    i32[at] = words + 1;
    i32[at + 1] = hash;
    i32.fill(0, at + 2, at + 2 + (this.definition.valueSize >> 2));
    i32.set(frames.subarray(0, words), at + 2);
    return id;
  }

  #same(at: number, frames: Int32Array, words: number): boolean {
    const { i32 } = this.#memory;
    if (i32[at] !== words + 1) return false;
    for (let i = 0; i < words; i++) if (i32[at + 2 + i] !== frames[i]) return false;
    return true;
  }

  #bucket(id: number): LinearAddress {
    return this.#first + id * this.layout.elementSize;
  }

  #isUsed(id: number): boolean {
    return id >= 0 && id < this.#buckets && this.#memory.i32[this.#bucket(id) >> 2] !== 0;
  }

  /** Programs may not read stacks back: `stack_map_lookup_elem`. */
  lookup(_key: LinearAddress, _cpu: number): LinearAddress {
    return 0;
  }

  peek(key: LinearAddress, _cpu: number): LinearAddress {
    const id = this.#memory.readLow(key) >>> 0;
    return this.#isUsed(id) ? this.#bucket(id) + BUCKET_HEADER : 0;
  }

  update(_key: LinearAddress, _value: LinearAddress, _flags: number, _cpu: number): number {
    return EINVAL;
  }

  delete(key: LinearAddress): number {
    const id = this.#memory.readLow(key) >>> 0;
    if (id >= this.#buckets) return E2BIG;
    if (!this.#isUsed(id)) return ENOENT;
    this.#memory.i32[this.#bucket(id) >> 2] = 0;
    this.#used--;
    return 0;
  }

  /** `stack_map_get_next_key`: an id without a stack starts over. */
  nextKey(key: LinearAddress): LinearAddress {
    const after = key === 0 ? -1 : this.#memory.readLow(key) >>> 0;
    let id = this.#isUsed(after) ? after + 1 : 0;
    while (id < this.#buckets && !this.#isUsed(id)) id++;
    if (id >= this.#buckets) return 0;
    this.#memory.view.setInt32(this.layout.base, id, true);
    return this.layout.base;
  }

  count(): number {
    return this.#used;
  }
}
