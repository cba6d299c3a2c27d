/**
 * The reference interpreter: the readable judge of what a program means. It owns what calls saved and the instruction
 * budget's bookkeeping; `execute.ts` is its loop. In strict mode every load and store is checked against the region table.
 */
import { KERNEL_TAG, type LinearAddress } from '../address.ts';
import type { Engine, Runnable } from '../engine.ts';
import { type AccessKind, accessText, type FaultDetails, type FaultKind, VmFault } from '../fault.ts';
import { FRAME_SIZE, FRAME_TOP, MAX_LOOPS, RunState } from '../layout.ts';
import type { Machine } from '../machine.ts';
import type { Memory } from '../memory.ts';
import type { Program } from '../program.ts';
import { Divider } from './alu64.ts';
import { execute } from './execute.ts';

/** Words a call saves: return place, loop budget, r6 ... r9. */
export const SAVED = 10;
/** Words of what the two loops share: instructions and `may_goto`s left, frames in use (1 in the entry function). */
export const Loop = { left: 0, loops: 1, depth: 2 } as const;
/** Frames a call may be made from. */
const SAVING_FRAMES = 9;

/** What the packet loads read: an `sk_buff`'s bytes. */
export interface PacketPort {
  /** The bytes at `offset` as a host number, or undefined when the packet does not reach that far. */
  load(offset: number, bytes: number): number | undefined;
}

/** Called before each instruction: its index in the program and the registers. */
export type StepHook = (program: Program, instruction: number, registers: Int32Array) => void;

export class Interpreter implements Engine {
  readonly name = 'reference';
  readonly machine: Machine;
  readonly memory: Memory;
  readonly registers: Int32Array;
  readonly divider: Divider = new Divider();
  /** What calls saved, by depth of the caller. */
  readonly saved: Int32Array = new Int32Array(SAVED * SAVING_FRAMES);
  program!: Program;
  /** Word index of the instruction that runs, as far as a helper may ask. */
  pc = 0;
  readonly state: Int32Array = new Int32Array(3);
  packet: PacketPort | undefined;
  onStep: StepHook | undefined;
  readonly #i32: Int32Array;

  constructor(machine: Machine) {
    this.machine = machine;
    this.memory = machine.memory;
    this.registers = machine.registers;
    this.#i32 = machine.memory.i32;
  }

  /** Instructions left that are not handed to the loop. */
  get fuel(): number {
    return this.#i32[RunState.fuel >> 2]!;
  }

  set fuel(left: number) {
    this.#i32[RunState.fuel >> 2] = left;
  }

  prepare(program: Program): Runnable {
    return {
      kind: 'runnable',
      engine: this.name,
      entry: (context) => this.#run(program, context),
      batch: (count, contexts, stride) => this.#batch(program, count, contexts, stride),
      call: (instruction) => this.#call(program, instruction),
      explain: (error) => this.#explain(error, program),
    };
  }

  #run(program: Program, context: LinearAddress): number {
    const r = this.registers;
    const i32 = this.#i32;
    for (let i = 0; i < 20; i++) r[i] = 0;
    r[2] = context;
    r[3] = context === 0 ? 0 : KERNEL_TAG;
    r[20] = FRAME_TOP;
    r[21] = KERNEL_TAG;
    i32[RunState.program >> 2] = program.slot;
    i32[RunState.fuel >> 2] = i32[RunState.fuelLimit >> 2]!;
    i32[RunState.refills >> 2] = MAX_LOOPS;
    i32[RunState.tailCalls >> 2] = 0;
    this.program = program;
    this.state[Loop.depth] = 1;
    execute(this, 0);
    return r[0]!;
  }

  #batch(program: Program, count: number, contexts: LinearAddress, stride: number): number {
    const i32 = this.#i32;
    const output = i32[RunState.output >> 2]!;
    for (let done = 0; done < count; done++) {
      this.#run(program, contexts + done * stride);
      if (i32[RunState.output >> 2] !== output) return done + 1;
    }
    return count;
  }

  #call(program: Program, instruction: number): void {
    const { registers: r, saved, state, program: caller, pc } = this;
    const depth = this.machine.depth;
    const left = state[Loop.left]!;
    const loops = state[Loop.loops]!;
    const at = depth * SAVED;
    for (let i = 0; i < 8; i++) saved[at + 2 + i] = r[12 + i]!;
    r[20] = r[20]! - FRAME_SIZE;
    state[Loop.depth] = depth + 1;
    this.program = program;
    execute(this, instruction * 4);
    this.program = caller;
    this.pc = pc;
    state[Loop.left] = left;
    state[Loop.loops] = loops;
    state[Loop.depth] = depth;
    for (let i = 0; i < 8; i++) r[12 + i] = saved[at + 2 + i]!;
    r[20] = r[20]! + FRAME_SIZE;
  }

  /** Without checks a helper may have been given an address beyond all memory. */
  #explain(error: unknown, program: Program): unknown {
    if (program.mode === 'strict' || !(error instanceof RangeError)) return error;
    return this.fault('access', 'gave a helper an address outside memory');
  }

  /** Hands instructions to the loop when it has none left. */
  refill(pc: number): number {
    this.pc = pc;
    if (this.fuel <= 0) {
      const limit = this.#i32[RunState.fuelLimit >> 2]!;
      throw this.fault('fuel', `ran ${limit} instructions without an end`);
    }
    if (this.onStep === undefined) {
      const all = this.fuel;
      this.fuel = 0;
      return all;
    }
    this.onStep(this.program, pc >> 2, this.registers);
    this.fuel--;
    return 1;
  }

  /** Tells the machine where a helper is called from, and calls it. */
  callHelper(id: number): void {
    this.#i32[RunState.pc >> 2] = this.pc >> 2;
    this.machine.callHelper(id);
  }

  accessFault(low: number, high: number, bytes: number, access: AccessKind): VmFault {
    const { message, ...details } = accessText(this.memory, low, high, bytes, access);
    return this.fault('access', message, details);
  }

  fault(kind: FaultKind, message: string, more: Partial<FaultDetails> = {}): VmFault {
    const instruction = this.pc >> 2;
    const { program } = this;
    const span = program.instructions[instruction]?.span;
    return new VmFault(message, { ...more, kind, program: program.name, instruction, span });
  }
}
