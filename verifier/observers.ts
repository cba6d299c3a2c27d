/** Several observers as one, and the one that keeps states. */
import type { Observer } from './observer.ts';
import type { VerifierState } from './state/state.ts';

/** Null when nobody watches: the walk is faster then. */
export function joinObservers(observers: readonly Observer[]): Observer | null {
  if (observers.length < 2) return observers[0] ?? null;
  return new ObserverGroup(observers);
}

class ObserverGroup implements Observer {
  readonly #all: readonly Observer[];
  readonly wantsWalks: boolean;

  constructor(all: readonly Observer[]) {
    this.#all = all;
    this.wantsWalks = all.some((one) => one.wantsWalks === true);
  }

  enter(subprogram: number): void {
    for (const one of this.#all) one.enter?.(subprogram);
  }

  before(slot: number, state: VerifierState): void {
    for (const one of this.#all) one.before?.(slot, state);
  }

  after(slot: number, state: VerifierState, next: number): void {
    for (const one of this.#all) one.after?.(slot, state, next);
  }

  branch(slot: number, target: number, state: VerifierState): void {
    for (const one of this.#all) one.branch?.(slot, target, state);
  }

  end(reason: 'exit' | 'pruned' | 'speculative', slot: number): void {
    for (const one of this.#all) one.end?.(reason, slot);
  }

  resume(slot: number, from: number, state: VerifierState): void {
    for (const one of this.#all) one.resume?.(slot, from, state);
  }

  walkBack(text: string): void {
    for (const one of this.#all) one.walkBack?.(text);
  }

  remark(line: string): void {
    for (const one of this.#all) one.remark?.(line);
  }
}

/** States kept of one instruction: loops come by far more often than a person looks. */
const STATES_PER_SLOT = 64;

/** Keeps what was known before each instruction. */
export class StateRecorder implements Observer {
  readonly states: Map<number, VerifierState[]> = new Map();

  before(slot: number, state: VerifierState): void {
    const list = this.states.get(slot);
    if (list === undefined) this.states.set(slot, [state.copy()]);
    else if (list.length < STATES_PER_SLOT) list.push(state.copy());
  }
}
