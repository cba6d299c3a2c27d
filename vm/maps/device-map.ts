/**
 * DEVMAP and CPUMAP (kernel/bpf/devmap.c, cpumap.c): where `bpf_redirect_map` sends packets. A machine has no devices and
 * starts no threads: what user space put in is kept, and programs that redirect through it tell what they meant.
 *
 *     header: word 0 = the key `nextKey` hands out | entry: u32 interface index or queue size, 0 when empty | u32 program id
 */
import type { MapDefinition } from '../../bpf/maps.ts';
import type { LinearAddress } from '../address.ts';
import { E2BIG, EEXIST, EINVAL, ENODEV, ENOMEM, EOVERFLOW } from '../errno.ts';
import type { Memory } from '../memory.ts';
import { exists, type Handles } from './handles.ts';
import { allocateHeader, type MapContext } from './header.ts';
import { nextIndex } from './index-key.ts';
import { BPF_EXIST, BPF_NOEXIST, type BpfMap, type MapLayout, type UserOperations } from './map.ts';

const ENTRY = 8;
/** Offset of the program's id. */
const PROGRAM = 4;
/** Of a CPU's queue. */
const LONGEST_QUEUE = 16384;

/** An entry from user space's value (`struct bpf_devmap_val`, `struct bpf_cpumap_val`); the program is 0 for none. */
export interface DeviceEntry {
  readonly target: number;
  readonly program: number;
}

/** The entry at `value`. */
export function readEntry(memory: Memory, value: LinearAddress, size: number): DeviceEntry {
  const program = size > PROGRAM ? memory.readLow(value + PROGRAM) : 0;
  // Linux takes numbers below 1 for none.
  return { target: memory.readLow(value) >>> 0, program: Math.max(0, program) };
}

/** `__dev_map_alloc_node`: a device that exists, and an XDP program that may be run there. */
export function deviceProblem(handles: Handles | undefined, { target, program }: DeviceEntry): number {
  if (!exists(handles, 'device', target)) return EINVAL;
  return program > 0 && handles?.program(program)?.type !== 'xdp' ? EINVAL : 0;
}

export class DeviceMap implements BpfMap {
  readonly definition: MapDefinition;
  readonly layout: MapLayout;
  readonly user: UserOperations = { update: (key, value, flags) => this.#put(key, value, flags) };
  readonly #memory: Memory;
  readonly #handles: Handles | undefined;
  readonly #cpus: number;
  readonly #first: LinearAddress;

  constructor(definition: MapDefinition, { memory, handles, cpus }: MapContext) {
    const { keySize, valueSize, maxEntries, name } = definition;
    const base = allocateHeader(memory, definition);
    this.#first = memory.allocateRegion(ENTRY * maxEntries, {
      kind: 'map',
      label: `map ${name}`,
      stride: ENTRY,
      used: valueSize,
    });
    this.#memory = memory;
    this.#handles = handles;
    this.#cpus = cpus;
    this.definition = definition;
    const elements = this.#first - base;
    const size = elements + ENTRY * maxEntries;
    this.layout = {
      base,
      size,
      keySize,
      valueSize,
      cpuStride: 0,
      elements,
      elementSize: ENTRY,
      valueOffset: 0,
    };
  }

  lookup(key: LinearAddress, _cpu: number): LinearAddress {
    return this.at(this.#memory.readLow(key) >>> 0);
  }

  peek(key: LinearAddress, cpu: number): LinearAddress {
    return this.lookup(key, cpu);
  }

  /** Where packets for an index go, as the address of its entry; 0 for nowhere. */
  at(index: number): LinearAddress {
    const entry = this.#first + index * ENTRY;
    return index < this.definition.maxEntries && this.#memory.readLow(entry) !== 0 ? entry : 0;
  }

  /** Programs cannot put anything in. */
  update(_key: LinearAddress, _value: LinearAddress, _flags: number, _cpu: number): number {
    return EINVAL;
  }

  /** `dev_map_delete_elem`, `cpu_map_delete_elem`: what is not there is deleted, too. */
  delete(key: LinearAddress): number {
    const index = this.#memory.readLow(key) >>> 0;
    if (index >= this.definition.maxEntries) return EINVAL;
    this.#memory.writePair(this.#first + index * ENTRY, 0, 0);
    return 0;
  }

  nextKey(key: LinearAddress): LinearAddress {
    return nextIndex(this.#memory, this.layout.base, key, this.definition.maxEntries);
  }

  count(): number {
    let count = 0;
    for (let i = 0; i < this.definition.maxEntries; i++) if (this.at(i) !== 0) count++;
    return count;
  }

  #put(key: LinearAddress, value: LinearAddress, flags: number): number {
    const { type, valueSize, maxEntries } = this.definition;
    const index = this.#memory.readLow(key) >>> 0;
    if (flags < 0 || flags > BPF_EXIST) return EINVAL;
    if (index >= maxEntries) return E2BIG;
    if (flags === BPF_NOEXIST) return EEXIST;
    const entry = readEntry(this.#memory, value, valueSize);
    const problem = type === 'cpumap' ? this.#cpuProblem(index, entry) : this.#deviceProblem(entry);
    if (problem !== 0) return problem;
    const empty = entry.target === 0;
    this.#memory.writePair(this.#first + index * ENTRY, entry.target, empty ? 0 : entry.program);
    return 0;
  }

  #deviceProblem(entry: DeviceEntry): number {
    if (entry.target === 0) return entry.program > 0 ? EINVAL : 0;
    return deviceProblem(this.#handles, entry);
  }

  /** `cpu_map_update_elem`; a program that is none for CPUMAP leaves the entry without a thread, which is -ENOMEM. */
  #cpuProblem(cpu: number, { target, program }: DeviceEntry): number {
    if (target > LONGEST_QUEUE) return EOVERFLOW;
    if (cpu >= this.#cpus) return ENODEV;
    const wrong = target > 0 && program > 0 && this.#handles?.program(program)?.type !== 'xdp';
    return wrong ? ENOMEM : 0;
  }
}
