/**
 * What helpers may ask about the moment a program runs in: the current task, the CPU, the time. A kernel sets these
 * fields before each run; helpers only read them. 64-bit numbers are int32 halves.
 */

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

export class ExecutionContext {
  cpu = 0;
  task: CurrentTask;
  /** CLOCK_MONOTONIC of the machine programs see. */
  timeLow = 0;
  timeHigh = 0;
  /** Nanoseconds from CLOCK_MONOTONIC to CLOCK_TAI. */
  taiOffsetNs = 0;
  /** The stacks at this moment, where the event brought them along. */
  callChain: CallChain | undefined = undefined;
  /** Something the user should know; the receiver shows each text once. */
  warn: (message: string) => void;
  /** A text for the trace pipe, one character a byte. */
  printk: (text: string) => void = () => {};

  constructor(task: CurrentTask, warn: (message: string) => void) {
    this.task = task;
    this.warn = warn;
  }

  setTime(nanoseconds: number): void {
    this.timeHigh = Math.floor(nanoseconds / 0x1_0000_0000) | 0;
    // The int32 conversion of a double keeps its low 32 bits.
    this.timeLow = nanoseconds | 0;
  }
}

/** `comm` as the kernel stores it. */
export function encodeComm(text: string): Uint8Array {
  const bytes = new Uint8Array(TASK_COMM_LEN);
  bytes.set(new TextEncoder().encode(text).subarray(0, TASK_COMM_LEN - 1));
  return bytes;
}
