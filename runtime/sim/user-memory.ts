/**
 * User memory of the simulated processes: each task has one area for the strings and buffers it hands to system calls.
 * Areas of ended tasks are used again.
 *
 *       0            512          1024        1536         2048              4096
 *      +------------+------------+-----------+------------+-----------------+
 *      |  path      |  path 2    |  argv[]   |  structures|  data buffer    |
 *      +------------+------------+-----------+------------+-----------------+
 */
import { type LinearAddress, USER_TAG } from '../../vm/address.ts';
import type { SimMemory } from './tracer.ts';

const AREA_SIZE = 4096;
const PATH_SIZE = 512;
const ARGV = 1024;
const STRUCTURES = 1536;
const DATA = 2048;
const DATA_SIZE = 2048;
const MAX_ARGUMENTS = 15;

/** A user pointer as a whole double; below 2^53. */
function userPointer(address: LinearAddress): number {
  return USER_TAG * 0x1_0000_0000 + address;
}

export class UserArea {
  readonly base: LinearAddress;
  private readonly memory: SimMemory;

  constructor(memory: SimMemory, base: LinearAddress) {
    this.memory = memory;
    this.base = base;
  }

  /** Writes a path for a system call; `slot` 1 for calls with two paths. Returns its user address. */
  path(text: string, slot: 0 | 1 = 0): number {
    return this.text(this.base + slot * PATH_SIZE, text, PATH_SIZE);
  }

  /** Writes text into the data buffer, as for write(2). */
  data(text: string): number {
    return this.text(this.base + DATA, text, DATA_SIZE);
  }

  /** The data buffer with whatever it holds. */
  get buffer(): number {
    return userPointer(this.base + DATA);
  }

  /** Room for the structures calls fill in. */
  get structure(): number {
    return userPointer(this.base + STRUCTURES);
  }

  /** Writes a timespec and returns its address. */
  timespec(nanoseconds: number): number {
    const at = this.base + STRUCTURES + 256;
    const seconds = Math.floor(nanoseconds / 1e9);
    this.memory.view.setUint32(at, seconds, true);
    this.memory.view.setUint32(at + 4, 0, true);
    this.memory.view.setUint32(at + 8, nanoseconds - seconds * 1e9, true);
    this.memory.view.setUint32(at + 12, 0, true);
    return userPointer(at);
  }

  /** Writes an argument vector: pointers first, texts behind. */
  argv(words: readonly string[]): number {
    const { view } = this.memory;
    const list = this.base + ARGV;
    const shown = words.slice(0, MAX_ARGUMENTS);
    let text = list + (shown.length + 1) * 8;
    shown.forEach((word, index) => {
      view.setUint32(list + index * 8, text, true);
      view.setUint32(list + index * 8 + 4, USER_TAG, true);
      this.text(text, word, Math.max(1, this.base + STRUCTURES - text));
      text = Math.min(text + word.length + 1, this.base + STRUCTURES - 1);
    });
    view.setUint32(list + shown.length * 8, 0, true);
    view.setUint32(list + shown.length * 8 + 4, 0, true);
    return userPointer(list);
  }

  /** Latin text, zero-terminated, cut to `room`. */
  private text(at: LinearAddress, text: string, room: number): number {
    const { bytes } = this.memory;
    const length = Math.min(text.length, room - 1);
    for (let index = 0; index < length; index++) bytes[at + index] = text.charCodeAt(index);
    bytes[at + length] = 0;
    return userPointer(at);
  }
}

export class UserMemory {
  private readonly memory: SimMemory;
  private readonly free: UserArea[] = [];

  constructor(memory: SimMemory) {
    this.memory = memory;
  }

  acquire(): UserArea {
    return this.free.pop() ?? new UserArea(this.memory, this.memory.allocate(AREA_SIZE, 'user'));
  }

  release(area: UserArea): void {
    this.free.push(area);
  }
}
