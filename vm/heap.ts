/**
 * Objects that programs allocate (`bpf_obj_new`, `bpf_percpu_obj_new`) and other kernel objects that come and go: blocks
 * of a few sizes, given out again when freed.
 *
 *     | size class: 32 | bytes from one CPU's copy to the next: 32 | program type: 32 | 0: 32 | the object
 */
import type { LinearAddress } from './address.ts';
import { LoadError } from './fault.ts';
import type { Memory } from './memory.ts';

const HEADER = 16;
/** Objects of this size and up to it are the kernel allocator's own limit for programs. */
export const LARGEST_OBJECT = 4096;
const SMALLEST = 16;
const LABEL = 'an allocated object';

export class Heap {
  readonly #memory: Memory;
  /** Free objects by size class. */
  readonly #free = new Map<number, LinearAddress[]>();

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /**
   * Zero bytes that programs may write; 0 when memory is used up. `type` is what {@link typeOf} tells; a copy for each of
   * `cpus` unless that is 0.
   */
  allocate(size: number, type = 0, cpus = 0): LinearAddress {
    const stride = cpus === 0 ? 0 : Math.ceil(size / 8) * 8;
    const room = classOf(cpus === 0 ? size : stride * cpus);
    const object = this.#free.get(room)?.pop() ?? this.#grow(room);
    if (object === 0) return 0;
    const { i32, u8 } = this.#memory;
    u8.fill(0, object, object + room);
    const header = (object - HEADER) >> 2;
    i32[header] = room;
    i32[header + 1] = stride;
    i32[header + 2] = type;
    return object;
  }

  free(object: LinearAddress): void {
    const room = this.#memory.i32[(object - HEADER) >> 2]!;
    const list = this.#free.get(room);
    if (list === undefined) this.#free.set(room, [object]);
    else list.push(object);
  }

  cpuStride(object: LinearAddress): number {
    return this.#memory.i32[((object - HEADER) >> 2) + 1] ?? 0;
  }

  typeOf(object: LinearAddress): number {
    return this.#memory.i32[((object - HEADER) >> 2) + 2] ?? 0;
  }

  /** The object that holds the byte at an address; 0 when none does. */
  holding(address: LinearAddress): LinearAddress {
    const region = this.#memory.regions.at(address);
    return region?.label === LABEL ? region.start : 0;
  }

  #grow(room: number): LinearAddress {
    try {
      const block = this.#memory.allocate(HEADER, 'an object');
      this.#memory.allocateRegion(room, { kind: 'kernel', label: LABEL, writable: true });
      return block + HEADER;
    } catch (error) {
      if (error instanceof LoadError) return 0;
      throw error;
    }
  }
}

function classOf(size: number): number {
  let room = SMALLEST;
  while (room < size) room *= 2;
  return room;
}
