/**
 * The kept states of one function's walk (`env->explored_states`), by the kernel's own hash: lists of different
 * instructions may be one, which shows in `max_states_per_insn`.
 */
import type { Environment } from '../environment.ts';
import type { KeptState } from './kept-state.ts';

export class Explored {
  readonly #heads: (KeptState | null)[];
  /** 2^32 by the number of lists, for the kernel's unsigned remainder. */
  readonly #wrap: number;
  /** States that are compared. */
  size = 0;
  /** States evicted that others still come from. */
  waiting = 0;
  /** States kept for the back edges of loops. */
  backEdges = 0;

  /** @param count slots of the program: as many lists */
  constructor(count: number) {
    this.#heads = new Array<KeptState | null>(count).fill(null);
    this.#wrap = 4294967296 % count;
  }

  clear(): void {
    this.#heads.fill(null);
    this.size = 0;
    this.waiting = 0;
    this.backEdges = 0;
  }

  /** Number of the list for states at `slot` in a function called at `callSite`, -1 where it is not called. */
  list(slot: number, callSite: number): number {
    const hash = slot ^ callSite;
    const count = this.#heads.length;
    if (hash >= 0) return hash % count;
    // The word is unsigned; remainders of small integers are fast, those of larger numbers are not.
    const list = (hash % count) + this.#wrap;
    return list < 0 ? list + count : list;
  }

  /** Newest of a list. */
  newest(list: number): KeptState | null {
    return this.#heads[list]!;
  }

  add(list: number, kept: KeptState): void {
    kept.older = this.newest(list);
    this.#heads[list] = kept;
    this.size++;
  }

  /** Takes `kept` out; `newer` is the one before it in the list, null when it is the newest. */
  evict(list: number, kept: KeptState, newer: KeptState | null): void {
    if (newer !== null) newer.older = kept.older;
    else this.#heads[list] = kept.older;
    kept.evicted = true;
    this.size--;
    this.waiting++;
    this.release(kept);
  }

  /** Forgets an evicted state that nothing will ask for again (`maybe_free_verifier_state`). */
  release(kept: KeptState): void {
    const { state } = kept;
    if (!kept.evicted || state.branches !== 0 || kept.incomplete) return;
    this.waiting--;
    // Children still point here; what it held may go.
    state.frames = [];
    state.history = [];
    state.parent = null;
  }

  /** `update_peak_states`. */
  notePeak(env: Environment): void {
    env.peakStates = Math.max(env.peakStates, this.size + this.waiting + this.backEdges);
  }
}
