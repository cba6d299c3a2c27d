/**
 * STRUCT_OPS (kernel/bpf/bpf_struct_ops.c): one value, a structure of functions for the kernel, registered when it is
 * written. A machine has no kernel to call them: it keeps the value and its state.
 *
 *     header: state | value
 */
import { type MapDefinition, MapFlags } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { E2BIG, EBUSY, EINPROGRESS, EINVAL, ENOENT, EOPNOTSUPP } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { allocateHeader, type MapContext, round8 } from './header.ts';
import { nextIndex } from './index-key.ts';
import type { BpfMap, MapLayout, UserOperations } from './map.ts';

/** `enum bpf_struct_ops_state` */
export const StructOpsState = { INIT: 0, INUSE: 1, TOBEFREE: 2, READY: 3 } as const;
/** Before the structure itself: `struct bpf_struct_ops_common_value`, a reference count and the state. */
const STATE_OFFSET = 4;

export class StructOpsMap implements BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  readonly user: UserOperations = {
    lookup: (key, target) => this.#read(key, target),
    update: (key, value, flags) => this.#register(key, value, flags),
    delete: (key) => this.#unregister(key),
  };
  readonly #memory: Memory;
  readonly #value: LinearAddress;
  readonly #next: LinearAddress;

  constructor(definition: MapDefinition, { memory }: MapContext) {
    const { keySize, valueSize, name } = definition;
    const base = allocateHeader(memory, definition);
    this.#value = memory.allocate(round8(valueSize), `map ${name}`);
    this.#next = base + 4;
    this.#memory = memory;
    this.definition = definition;
    const elements = this.#value - base;
    const size = elements + round8(valueSize);
    this.layout = { base, size, keySize, valueSize, cpuStride: 0, elements, elementSize: 0, valueOffset: 0 };
  }

  get state(): number {
    return this.#memory.readLow(this.layout.base);
  }

  /** Programs have no use for it. */
  lookup(_key: LinearAddress, _cpu: number): LinearAddress {
    return 0;
  }

  peek(_key: LinearAddress, _cpu: number): LinearAddress {
    return this.#value;
  }

  update(_key: LinearAddress, _value: LinearAddress, _flags: number, _cpu: number): number {
    return EINVAL;
  }

  delete(_key: LinearAddress): number {
    return EINVAL;
  }

  nextKey(key: LinearAddress): LinearAddress {
    return nextIndex(this.#memory, this.#next, key, 1);
  }

  count(): number {
    return 1;
  }

  #read(key: LinearAddress, target: LinearAddress): number {
    if (this.#memory.readLow(key) !== 0) return ENOENT;
    const { valueSize } = this.definition;
    this.#memory.u8.copyWithin(target, this.#value, this.#value + valueSize);
    if (valueSize >= STATE_OFFSET + 4) this.#memory.view.setInt32(target + STATE_OFFSET, this.state, true);
    return 0;
  }

  #register(key: LinearAddress, value: LinearAddress, flags: number): number {
    const { valueSize } = this.definition;
    if (flags !== 0) return EINVAL;
    if (this.#memory.readLow(key) !== 0) return E2BIG;
    if (valueSize >= 8 && (this.#memory.readLow(value) | this.#memory.readHigh(value)) !== 0) return EINVAL;
    if (this.state !== StructOpsState.INIT) return EBUSY;
    this.#memory.u8.copyWithin(this.#value, value, value + valueSize);
    this.#setState(this.#hasLink ? StructOpsState.READY : StructOpsState.INUSE);
    return 0;
  }

  #unregister(key: LinearAddress): number {
    if (this.#hasLink) return EOPNOTSUPP;
    if (this.#memory.readLow(key) !== 0) return ENOENT;
    if (this.state === StructOpsState.INIT) return ENOENT;
    if (this.state === StructOpsState.TOBEFREE) return EINPROGRESS;
    this.#setState(StructOpsState.TOBEFREE);
    return 0;
  }

  get #hasLink(): boolean {
    return (this.definition.flags & MapFlags.LINK) !== 0;
  }

  #setState(state: number): void {
    this.#memory.view.setInt32(this.layout.base, state, true);
  }
}
