/**
 * What helpers may ask about the moment a program runs in: the current task, the CPU, the time. A kernel sets these
 * fields before each run; helpers only read them. 64-bit numbers are int32 halves.
 */

import { KERNEL_TAG } from '../../vm/address.ts';
import { Current, Known } from '../../vm/layout.ts';
import type { WorldPort } from './world-port.ts';

/** The task that `current` is. A source that does not know a number says so with {@link UNKNOWN_ID}. */
export interface CurrentTask {
  /** Thread id: `pid` of the kernel's `task_struct`. */
  readonly tid: number;
  /** Process id, or {@link UNKNOWN_ID}. */
  readonly tgid: number;
  readonly uid: number;
  readonly gid: number;
  /** 16 bytes, zero-terminated and zero-filled. */
  readonly comm: Uint8Array;
  readonly cgroupId: number;
  /** Linear address of its kernel object; 0 where there is none. */
  readonly object: number;
}

/** Addresses, innermost frame first. */
export interface CallChain {
  readonly kernel: readonly bigint[];
  readonly user: readonly bigint[];
}

export const UNKNOWN_ID = -1;
export const TASK_COMM_LEN = 16;

/** Memory in which the machine keeps what helpers tell (`vm/layout.ts`). */
export interface ContextMemory {
  readonly i32: Int32Array;
  readonly u8: Uint8Array;
}

export class ExecutionContext {
  /** Nanoseconds from CLOCK_MONOTONIC to CLOCK_TAI. */
  taiOffsetNs = 0;
  /** The stacks at this moment, where the event brought them along. */
  callChain: CallChain | undefined = undefined;
  /** What lies behind the moment. */
  world: WorldPort = {};
  /** Something the user should know; the receiver shows each text once. */
  warn: (message: string) => void;
  /** A text for the trace pipe, one character a byte. */
  printk: (text: string) => void = () => {};
  readonly #memory: ContextMemory;
  #task: CurrentTask;

  constructor(memory: ContextMemory, task: CurrentTask, warn: (message: string) => void) {
    this.#memory = memory;
    this.#task = task;
    this.warn = warn;
    this.task = task;
  }

  get cpu(): number {
    return this.#memory.i32[Current.cpu >> 2]!;
  }

  set cpu(cpu: number) {
    this.#memory.i32[Current.cpu >> 2] = cpu;
  }

  get task(): CurrentTask {
    return this.#task;
  }

  /** A task may have changed since it was last set, so all of it is written. */
  set task(task: CurrentTask) {
    this.#task = task;
    const { i32, u8 } = this.#memory;
    i32[Current.pidTgid >> 2] = task.tid;
    i32[(Current.pidTgid >> 2) + 1] = task.tgid;
    i32[Current.uidGid >> 2] = task.uid;
    i32[(Current.uidGid >> 2) + 1] = task.gid;
    for (let i = 0; i < TASK_COMM_LEN; i++) u8[Current.comm + i] = task.comm[i]!;
    i32[Current.cgroup >> 2] = task.cgroupId;
    i32[(Current.cgroup >> 2) + 1] = task.cgroupId >> 31;
    i32[Current.task >> 2] = task.object;
    i32[(Current.task >> 2) + 1] = task.object === 0 ? 0 : KERNEL_TAG;
    // What is not known is told by the helper, with a warning.
    i32[Current.known >> 2] = task.uid === UNKNOWN_ID ? ALL_KNOWN & ~Known.uidGid : ALL_KNOWN;
  }

  /** CLOCK_MONOTONIC of the machine programs see. */
  get timeLow(): number {
    return this.#memory.i32[Current.time >> 2]!;
  }

  get timeHigh(): number {
    return this.#memory.i32[(Current.time >> 2) + 1]!;
  }

  /** The same as one number; below 2^53. */
  get time(): number {
    return (this.timeHigh >>> 0) * 0x1_0000_0000 + (this.timeLow >>> 0);
  }

  setTimePair(low: number, high: number): void {
    this.#memory.i32[Current.time >> 2] = low;
    this.#memory.i32[(Current.time >> 2) + 1] = high;
  }

  setTime(nanoseconds: number): void {
    // The int32 conversion of a double keeps its low 32 bits.
    this.setTimePair(nanoseconds | 0, Math.floor(nanoseconds / 0x1_0000_0000) | 0);
  }
}

const ALL_KNOWN: number = Known.time | Known.pidTgid | Known.uidGid | Known.comm | Known.cgroup | Known.task;

/** `comm` as the kernel stores it. */
export function encodeComm(text: string): Uint8Array {
  const bytes = new Uint8Array(TASK_COMM_LEN);
  bytes.set(new TextEncoder().encode(text).subarray(0, TASK_COMM_LEN - 1));
  return bytes;
}
