/** How often each instruction ran: counts of what the reference interpreter executes while they are taken. */
import type { Machine } from '../machine.ts';
import type { Program } from '../program.ts';

export class Coverage {
  readonly #machine: Machine;
  readonly #counts = new Map<Program, Float64Array>();

  /** Starts; while it goes on the reference interpreter runs all programs. */
  constructor(machine: Machine) {
    this.#machine = machine;
    machine.onStep = (program, instruction) => {
      const counts = this.of(program);
      counts[instruction] = (counts[instruction] ?? 0) + 1;
    };
  }

  /** Of one program so far, by instruction of the linked program. */
  of(program: Program): Float64Array {
    const known = this.#counts.get(program);
    if (known !== undefined) return known;
    const counts = new Float64Array(program.instructions.length);
    this.#counts.set(program, counts);
    return counts;
  }

  stop(): void {
    this.#machine.onStep = undefined;
  }
}
