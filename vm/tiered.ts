/**
 * Two engines in turn: one that starts at once runs a program's first times, one whose code is better, and takes
 * time to make, the rest.
 */
import type { LinearAddress } from './address.ts';
import type { Engine, EngineFactory, EngineName, Runnable, Unsupported } from './engine.ts';
import type { Machine } from './machine.ts';
import type { Program } from './program.ts';

export interface Tiers {
  readonly first: EngineFactory;
  readonly better: EngineFactory;
  /** Runs by the first. */
  readonly runs: number;
}

export function tiered(tiers: Tiers): EngineFactory {
  return (machine) => new TieredEngine(machine, tiers);
}

class TieredEngine implements Engine {
  readonly name: EngineName;
  readonly #machine: Machine;
  readonly #first: Engine;
  readonly #better: Engine;
  readonly #runs: number;

  constructor(machine: Machine, { first, better, runs }: Tiers) {
    this.#machine = machine;
    this.#first = first(machine);
    this.#better = better(machine);
    this.#runs = runs;
    this.name = this.#better.name;
  }

  prepare(program: Program): Runnable | Unsupported {
    const first = this.#first.prepare(program);
    if (first.kind === 'unsupported') return this.#better.prepare(program);
    return new TieredProgram(first, this.#runs, () => this.#promote(program));
  }

  /** Undefined where the better engine cannot run it. */
  #promote(program: Program): Runnable | undefined {
    const better = this.#better.prepare(program);
    if (better.kind === 'unsupported') return undefined;
    this.#machine.replace(program, better);
    return better;
  }
}

class TieredProgram implements Runnable {
  readonly kind = 'runnable';
  readonly entry: (context: LinearAddress) => number;
  readonly batch: (count: number, contexts: LinearAddress, stride: number) => number;
  #now: Runnable;
  #left: number;
  readonly #promote: () => Runnable | undefined;

  constructor(first: Runnable, runs: number, promote: () => Runnable | undefined) {
    this.#now = first;
    this.#left = runs;
    this.#promote = promote;
    this.entry = (context) => {
      if (--this.#left === 0) this.#now = this.#promote() ?? this.#now;
      return this.#now.entry(context);
    };
    this.batch = (count, contexts, stride) => {
      if (this.#left > 0) {
        this.#left -= count;
        if (this.#left <= 0) this.#now = this.#promote() ?? this.#now;
      }
      return this.#now.batch(count, contexts, stride);
    };
  }

  get engine(): EngineName {
    return this.#now.engine;
  }

  call(instruction: number): void {
    this.#now.call(instruction);
  }

  explain(error: unknown): unknown {
    return this.#now.explain(error);
  }
}
