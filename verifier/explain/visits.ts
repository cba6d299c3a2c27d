/** Where the steps of a walk went: what a program that is too complex spends them on. */
import type { Insn } from '../instruction.ts';
import type { Observer } from '../observer.ts';

export interface Hotspot {
  /** First and last slot of the stretch. */
  readonly from: number;
  readonly to: number;
  /** Steps walked there. */
  readonly steps: number;
  /** Of all steps. */
  readonly share: number;
}

export class VisitCounter implements Observer {
  readonly #visits: Uint32Array;
  #total = 0;

  constructor(insns: readonly Insn[]) {
    this.#visits = new Uint32Array(insns.length);
  }

  before(slot: number): void {
    this.#visits[slot]!++;
    this.#total++;
  }

  /** Stretches walked about equally often, the costliest first; those above a twentieth of all. */
  hotspots(): readonly Hotspot[] {
    const stretches: Hotspot[] = [];
    for (let from = 0; from < this.#visits.length; ) {
      let to = from;
      let steps = this.#visits[from]!;
      while (to + 1 < this.#visits.length && this.#alike(to, to + 1)) steps += this.#visits[++to]!;
      stretches.push({ from, to, steps, share: this.#total === 0 ? 0 : steps / this.#total });
      from = to + 1;
    }
    return stretches.filter(({ share }) => share > 0.05).sort((a, b) => b.steps - a.steps);
  }

  #alike(a: number, b: number): boolean {
    const left = this.#visits[a]!;
    const right = this.#visits[b]!;
    // The second half of a wide load is never walked.
    if (right === 0) return b + 1 < this.#visits.length && left > 0;
    return left === 0 || Math.max(left, right) <= 2 * Math.min(left, right);
  }
}
