/**
 * The path that failed, step by step: which instructions it walked and what was known before each. It is recorded only when a
 * refused program is walked again for its explanation; going back at a branch cuts it back.
 */
import type { Observer } from '../observer.ts';
import type { Register } from '../state/register.ts';
import type { StackSlot } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';

export interface Step {
  readonly slot: number;
  /** Depth of the call stack, 0 for the program. */
  readonly frame: number;
  /** Of that frame, before the instruction. */
  readonly registers: readonly Register[];
  readonly stack: readonly StackSlot[];
}

/** Steps kept: what decides is near the end; loops of a million rounds must not be kept whole. */
const STEPS_KEPT = 32_768;

export class PathRecorder implements Observer {
  #steps: Step[] = [];
  /** Steps that were dropped at the front. */
  #dropped = 0;
  readonly #marks = new WeakMap<VerifierState, number>();

  /** In order; the last is the instruction that failed. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  /** The path is longer than what is kept. */
  get isCut(): boolean {
    return this.#dropped > 0;
  }

  enter(): void {
    this.#steps = [];
    this.#dropped = 0;
  }

  before(slot: number, state: VerifierState): void {
    const { frame } = state;
    this.#steps.push({
      slot,
      frame: state.frames.length - 1,
      registers: frame.registers.slice(),
      stack: frame.stack.slice(),
    });
    if (this.#steps.length < 2 * STEPS_KEPT) return;
    this.#dropped += STEPS_KEPT;
    this.#steps = this.#steps.slice(STEPS_KEPT);
  }

  branch(_slot: number, _target: number, state: VerifierState): void {
    this.#marks.set(state, this.#dropped + this.#steps.length);
  }

  resume(_slot: number, _from: number, state: VerifierState): void {
    const mark = this.#marks.get(state);
    if (mark !== undefined) this.#steps.length = Math.max(0, mark - this.#dropped);
  }
}
