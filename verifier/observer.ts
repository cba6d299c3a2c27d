/**
 * Sees a verification step by step: the log, the states of an editor, the events that explain a rejection. Registers are
 * immutable, so what a step changed is what is another object afterwards.
 */
import type { VerifierState } from './state/state.ts';

export interface Observer {
  /** A function's verification begins: the program's own (0) or a global one's. */
  enter?(subprogram: number): void;
  /** Before the instruction at `slot` is walked, in the state as it is. */
  before?(slot: number, state: VerifierState): void;
  /** It was walked; the state goes on at `next`. */
  after?(slot: number, state: VerifierState, next: number): void;
  /** A second path was put aside at `slot`, to go on at `target` later. */
  branch?(slot: number, target: number, state: VerifierState): void;
  /** The path ended: at an exit, at a state known to be safe, or (speculative) at a rejection. */
  end?(reason: 'exit' | 'pruned' | 'speculative', slot: number): void;
  /** The path put aside last goes on: `slot` is where, `from` the branch. */
  resume?(slot: number, from: number, state: VerifierState): void;
  /** {@link walkBack} is to be called. */
  readonly wantsWalks?: boolean;
  /** A walk back for precision passed `slot` (`mark_precise` lines of level 2). */
  walkBack?(text: string): void;
  /** A line of the kernel's that belongs to no rejection. */
  remark?(line: string): void;
}
