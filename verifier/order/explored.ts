/**
 * The kept states of one function's walk (`env->explored_states`), by the kernel's own hash: lists of different
 * instructions may be one, which shows in `max_states_per_insn`.
 */
import type { Environment } from '../environment.ts';
import type { KeptState } from './kept-state.ts';

export class Explored {
  readonly #heads = new Map<number, KeptState>();
  /** States that are compared. */
  size = 0;
  /** States evicted that others still come from. */
  waiting = 0;
  /** States kept for the back edges of loops. */
  backEdges = 0;

  clear(): void {
    this.#heads.clear();
    this.size = 0;
    this.waiting = 0;
    this.backEdges = 0;
  }

  /** Number of the list for states at `slot` in a function called at `callSite` (-1: not called), of `count` instructions. */
  static list(slot: number, callSite: number, count: number): number {
    return ((slot ^ callSite) >>> 0) % count;
  }

  /** Newest of a list. */
  newest(list: number): KeptState | null {
    return this.#heads.get(list) ?? null;
  }

  add(list: number, kept: KeptState): void {
    kept.older = this.newest(list);
    this.#heads.set(list, kept);
    this.size++;
  }

  /** Takes `kept` out; `newer` is the one before it in the list, null when it is the newest. */
  evict(list: number, kept: KeptState, newer: KeptState | null): void {
    if (newer !== null) newer.older = kept.older;
    else if (kept.older !== null) this.#heads.set(list, kept.older);
    else this.#heads.delete(list);
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
