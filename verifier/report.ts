/** What `verify` answers: one report for command line, editor, page and compiler. */
import type { MessageValues } from './rejection.ts';
import type { VerifierState } from './state/state.ts';

export interface VerifierStatistics {
  /** `processed N insns`. */
  readonly processed: number;
  readonly maxStatesPerInstruction: number;
  readonly totalStates: number;
  readonly peakStates: number;
  /** Of the program and each subprogram, in bytes. */
  readonly stackDepths: readonly number[];
}

/** A program refused, or not judged. */
export interface Refusal {
  /** Stable, as `bpfkit explain` takes it. */
  readonly code: string;
  /** The kernel's own lines. */
  readonly message: string;
  /** What filled the message's placeholders, and what else the explanation needs. */
  readonly values: MessageValues;
  /** Slot of the instruction it was found at; absent when it concerns none. */
  readonly slot?: number;
}

export interface Report {
  /** undefined: it uses what we do not model, or the work was cancelled: no verdict. */
  readonly accepted: boolean | undefined;
  readonly refusal?: Refusal;
  readonly statistics: VerifierStatistics;
  /** Kernel-format log; empty at level 0. */
  readonly log: string;
  /** By slot, what was known when it was reached, once for each visit that was walked; when asked for. */
  readonly states?: ReadonlyMap<number, readonly VerifierState[]>;
}
