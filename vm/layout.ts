/**
 * The first bytes of every machine's memory, at the same addresses everywhere, so that generated code has them as
 * constants. Page 0 stays unused.
 *
 *     0x10000  register file   r0 ... r10, 8 bytes each, low half first
 *     0x10080  run state       words of RunState
 *     0x10100  current block   fields of Current
 *     0x10200  frames          8 of 512 bytes, the entry function's at the end
 *     0x11200  what a machine allocates
 *
 * One program runs at a time in one memory, on whatever CPU the current block says.
 */
import type { LinearAddress } from './address.ts';

/** Bytes of one function's stack frame. */
export const FRAME_SIZE = 512;
/** MAX_CALL_FRAMES of the kernel. */
export const MAX_FRAMES = 8;

/** BPF_MAX_LOOPS: how often `may_goto` falls through in one frame, and `bpf_loop` calls back. */
export const MAX_LOOPS: number = 1 << 23;
/** MAX_TAIL_CALL_CNT: more are not made. */
export const MAX_TAIL_CALLS = 33;

export const REGISTERS: LinearAddress = 0x1_0000;
export const FRAMES: LinearAddress = 0x1_0200;
/** r10 of the entry function. */
export const FRAME_TOP: LinearAddress = FRAMES + FRAME_SIZE * MAX_FRAMES;
export const FIRST_FREE: LinearAddress = FRAME_TOP;

/**
 * Addresses of int32 words that the running code and the machine share. Before a call to a JavaScript helper the running
 * code writes `pc`, and the low half of its r10 into the register file.
 */
export const RunState = {
  /** Index of the instruction that calls, in the linked program. */
  pc: 0x1_0080,
  /** `Program.slot` of the code that runs: written at a run's start and by tail calls. */
  program: 0x1_0084,
  /** Records written to ring buffers and perf buffers; wraps. Loops over events stop when it has moved. */
  output: 0x1_0088,
  /** Tail calls of this run. */
  tailCalls: 0x1_008c,
  /** Instructions this run may still take; a run starts with `fuelLimit`. */
  fuel: 0x1_0090,
  fuelLimit: 0x1_0094,
  /** Callbacks of this run that still start with `fuelLimit` anew: MAX_LOOPS at a run's start. */
  refills: 0x1_0098,
  /** State of `bpf_get_prandom_u32` (`random.ts`); never 0. */
  random: 0x1_009c,
} as const;

/** Addresses of what helpers tell of the moment: the CPU, the time, the current task. */
export const Current = {
  /** int32: the CPU of the run. */
  cpu: 0x1_0100,
  /** int32: or-ed {@link Known} bits. Fields without their bit are told by a JavaScript helper. */
  known: 0x1_0104,
  /** 64 bits: nanoseconds of CLOCK_MONOTONIC. */
  time: 0x1_0108,
  /** 64 bits, as the helpers give them: tgid << 32 | tid, gid << 32 | uid. */
  pidTgid: 0x1_0110,
  uidGid: 0x1_0118,
  /** 16 bytes, zero-terminated and zero-filled. */
  comm: 0x1_0120,
  /** 64 bits. */
  cgroup: 0x1_0130,
  /** 64 bits: pointer to the task's kernel object, or NULL. */
  task: 0x1_0138,
} as const;

/** Which fields of the current block hold. */
export const Known = { time: 1, pidTgid: 2, uidGid: 4, comm: 8, cgroup: 16, task: 32 } as const;
