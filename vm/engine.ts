/**
 * Engines: ways to run loaded programs. All give the same results, faults and memory; tests hold them to it. What running
 * code and the machine share is in `layout.ts`.
 */
import type { LinearAddress } from './address.ts';
import type { Machine } from './machine.ts';
import type { Program } from './program.ts';

/** `reference` and `resident` interpret, `direct` and `binaryen` are the back ends of the JIT. */
export type EngineName = 'reference' | 'resident' | 'direct' | 'binaryen';

/** A program that one engine has made ready. */
export interface Runnable {
  readonly kind: 'runnable';
  readonly engine: EngineName;
  /**
   * Runs the program with r1 = the kernel pointer to a context (0: NULL) on the current block's CPU, and returns the low
   * half of r0; the register file has all of it. May throw what only {@link explain} understands: callers of many runs
   * hoist it, others use {@link Machine.run}.
   */
  readonly entry: (context: LinearAddress) => number;
  /**
   * Runs it at `count` contexts, `stride` bytes apart, on the current block's CPU, and returns how many were run: fewer
   * when one of them wrote output (`RunState.output`), so that it can be taken in order.
   */
  readonly batch: (count: number, contexts: LinearAddress, stride: number) => number;
  /**
   * Runs the function at an instruction with r1 ... r5 of the register file, in the frame below its r10; r0 is in the
   * register file afterwards, and r6 ... r10 are as before.
   */
  readonly call: (instruction: number) => void;
  /** What `entry`, `batch` or `call` threw, as a VmFault where it is one in disguise. */
  explain(error: unknown): unknown;
}

/** Why an engine cannot run a program; another one does. */
export interface Unsupported {
  readonly kind: 'unsupported';
  readonly reason: string;
}

export interface Engine {
  readonly name: EngineName;
  prepare(program: Program): Runnable | Unsupported;
}

export type EngineFactory = (machine: Machine) => Engine;
