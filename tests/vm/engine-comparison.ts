/**
 * Random computations on all engines at once: after each run r0, the contents of maps and the stack are compared with the
 * strict reference interpreter's. Machines live for some programs, so that code and maps of several lie side by side.
 */

import type { BpfObject } from '../../bpf/object.ts';
import { objectCases } from '../../verifier/case/from-object.ts';
import { caseInput } from '../../verifier/case/to-input.ts';
import { PERMISSIVE_CONFIG, verify } from '../../verifier/index.ts';
import type { LoadedImage, Machine } from '../../vm/index.ts';
import { FRAME_SIZE, FRAME_TOP, MAX_FRAMES } from '../../vm/layout.ts';
import { computation, fillInputs } from '../generators/computations/computation.ts';
import type { TestEngine } from './engines.ts';
import { outcomeOf } from './outcome.ts';

/** Runs of one program, with inputs of their own. */
const RUNS = 3;
const PROGRAMS_PER_MACHINE = 40;
/** How often the verifier looks whether it is to end. */
const CHECKS = 40;
const MEMORY: number = 4 << 20;

/** False also for what the verifier walks very long: a few programs in a thousand would take most of the time. */
export function isAccepted(object: BpfObject): boolean {
  const { case: one } = objectCases(object, {})[0]!;
  const options = {
    kernel: { release: '6.18' as const, config: PERMISSIVE_CONFIG },
    signal: patience(CHECKS),
  };
  return verify(caseInput(one!), options).accepted === true;
}

/** A signal that is given when it was asked for so often. */
function patience(checks: number): AbortSignal {
  let left = checks;
  return Object.defineProperty(new AbortController().signal, 'aborted', { get: () => left-- <= 0 });
}

export class EngineComparison {
  readonly #engines: readonly TestEngine[];
  readonly #size: number | undefined;
  #machines: readonly Machine[] = [];
  #programs = 0;

  /** The first engine is the judge. `size`: statements of a program, about. */
  constructor(engines: readonly TestEngine[], size?: number) {
    this.#engines = engines;
    this.#size = size;
  }

  /** False when the verifier refuses the program. Throws an error that tells the engine and the seed when one differs. */
  compare(seed: number): boolean {
    const object = computation(seed, this.#size);
    if (!isAccepted(object)) return false;
    if (this.#programs++ % PROGRAMS_PER_MACHINE === 0) {
      this.#machines = this.#engines.map((engine) => engine.machine({ memoryLimit: MEMORY }));
    }
    const images = this.#machines.map((machine) => machine.load(object));
    for (let run = 0; run < RUNS; run++) {
      const [expected, ...got] = images.map((image, index) =>
        after(this.#machines[index]!, image, seed * RUNS + run),
      );
      for (const [index, one] of got.entries()) {
        if (one === expected) continue;
        const { name } = this.#engines[index + 1]!;
        throw new Error(
          `computation ${seed}, run ${run}: ${name} gives\n${one}\nand the reference\n${expected}`,
        );
      }
    }
    return true;
  }
}

/** All there is to see after a run. */
function after(machine: Machine, image: LoadedImage, inputs: number): string {
  fillInputs(inputs, (key, value) => image.maps.get('a')!.update(key, value));
  let end = 'ended';
  try {
    machine.run(image.programs.get('main')!, 0, 0);
  } catch (error) {
    end = String(error);
  }
  const { registers, memory } = machine;
  const stack = memory.bytes(FRAME_TOP - FRAME_SIZE * MAX_FRAMES, FRAME_SIZE * MAX_FRAMES).toHex();
  return JSON.stringify({ end, high: registers[1], ...outcomeOf(machine, image), stack });
}
