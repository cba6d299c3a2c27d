/**
 * One run of a program, instruction by instruction, in both directions. The run is made anew for each place that is
 * looked at: memory is put back to what it was before the run, and the reference interpreter goes as many steps. Maps
 * live in memory and go with it; what helpers keep outside (output that was taken, time) does not.
 *
 *     const run = new Debugger(machine, program, { cpu: 0, context });
 *     run.breakAt(program, 12);
 *     for (let stop = run.forward(); stop.kind === 'paused'; stop = run.forward()) show(stop);
 */
import type { LinearAddress } from '../address.ts';
import { VmFault } from '../fault.ts';
import type { Machine } from '../machine.ts';
import { PAGE } from '../memory.ts';
import type { Program } from '../program.ts';

/** Where a run stands. Steps count from 0: the entry's first instruction has not run at step 0. */
export type Stop =
  | {
      readonly kind: 'paused';
      readonly step: number;
      readonly program: Program;
      /** The next one to run. */
      readonly instruction: number;
      /** r0 … r10 as int32 pairs. */
      readonly registers: Int32Array;
    }
  | { readonly kind: 'ended'; readonly step: number; readonly registers: Int32Array }
  | { readonly kind: 'faulted'; readonly step: number; readonly fault: VmFault };

/** Thrown out of the interpreter where the run is to stop. */
class Pause extends Error {}

export interface DebuggedRun {
  readonly cpu: number;
  readonly context: LinearAddress;
}

export class Debugger {
  readonly #machine: Machine;
  readonly #program: Program;
  readonly #run: DebuggedRun;
  /** Memory from page 1 on, before the run. */
  readonly #before: Uint8Array;
  readonly #breakpoints = new Map<Program, Set<number>>();
  #stop: Stop;

  constructor(machine: Machine, program: Program, run: DebuggedRun) {
    this.#machine = machine;
    this.#program = program;
    this.#run = run;
    this.#before = machine.memory.u8.slice(PAGE, machine.memory.used);
    this.#stop = this.goTo(0);
  }

  get stop(): Stop {
    return this.#stop;
  }

  breakAt(program: Program, instruction: number): void {
    const known = this.#breakpoints.get(program) ?? new Set();
    this.#breakpoints.set(program, known.add(instruction));
  }

  clear(program: Program, instruction: number): void {
    this.#breakpoints.get(program)?.delete(instruction);
  }

  /** One instruction on. */
  step(): Stop {
    return this.#stop.kind === 'paused' ? this.goTo(this.#stop.step + 1) : this.#stop;
  }

  /** One instruction back; at the start it stays. */
  stepBack(): Stop {
    return this.goTo(Math.max(0, this.#stop.step - 1));
  }

  /** On to the next breakpoint, or to the end. */
  forward(): Stop {
    if (this.#stop.kind !== 'paused') return this.#stop;
    const from = this.#stop.step;
    return this.#replay((step, program, instruction) => step > from && this.#isBreak(program, instruction));
  }

  /** Back to the breakpoint before, or to the start. */
  back(): Stop {
    const from = this.#stop.step;
    let last = 0;
    this.#replay((step, program, instruction) => {
      if (step >= from) return true;
      if (this.#isBreak(program, instruction)) last = step;
      return false;
    });
    return this.goTo(last);
  }

  /** So many instructions from the start, or the end where there are fewer. */
  goTo(wanted: number): Stop {
    return this.#replay((step) => step === wanted);
  }

  #isBreak(program: Program, instruction: number): boolean {
    return this.#breakpoints.get(program)?.has(instruction) === true;
  }

  #replay(isWanted: (step: number, program: Program, instruction: number) => boolean): Stop {
    const machine = this.#machine;
    this.#restore();
    let step = -1;
    let paused: Stop | undefined;
    machine.onStep = (program, instruction, registers) => {
      step++;
      if (!isWanted(step, program, instruction)) return;
      paused = { kind: 'paused', step, program, instruction, registers: registers.slice() };
      throw new Pause();
    };
    try {
      const registers = machine.run(this.#program, this.#run.cpu, this.#run.context).slice();
      this.#stop = { kind: 'ended', step: step + 1, registers };
    } catch (error) {
      if (error instanceof Pause && paused !== undefined) this.#stop = paused;
      else if (error instanceof VmFault) this.#stop = { kind: 'faulted', step: step + 1, fault: error };
      else throw error;
    } finally {
      machine.onStep = undefined;
    }
    return this.#stop;
  }

  #restore(): void {
    const { memory } = this.#machine;
    memory.u8.set(this.#before, PAGE);
    memory.u8.fill(0, PAGE + this.#before.length, memory.used);
  }
}
