/**
 * What is known at one point of one path (`struct bpf_verifier_state`). The state that goes on is mutable and owned by the
 * exploration; kept states are changed only by precision marks.
 */

import type { HistoryEntry } from '../order/history.ts';
import type { KeptState } from '../order/kept-state.ts';
import type { Frame } from './frame.ts';
import type { Reference } from './reference.ts';

export class VerifierState {
  frames: Frame[] = [];
  references: readonly Reference[] = [];
  /** Locks held: of `references`, those of lock kinds. */
  activeLocks = 0;
  activePreemptLocks = 0;
  activeRcuLocks = 0;
  /** Id of the innermost saved interrupt flag, 0: interrupts are on. */
  activeIrq = 0;
  /** Id and object of the innermost lock. */
  activeLockId = 0;
  activeLockObject: unknown = null;
  speculative = false;
  inSleepable = false;

  /** The kept state this one went on from. */
  parent: VerifierState | null = null;
  /** Paths from here that are not finished yet. */
  branches = 0;
  /** Slot where the path goes on; for kept states where it stands. */
  slot = 0;
  firstSlot = 0;
  lastSlot = 0;
  /** Since `parent`. */
  history: HistoryEntry[] = [];
  depth = 0;
  callbackUnrollDepth = 0;
  mayGotoDepth = 0;
  /** Its place among the kept states; null: it is not kept. */
  kept: KeptState | null = null;
  /** Dead registers and slots were cleared (`clean_verifier_state`). */
  cleaned = false;
  /** For loops: the kept state that this one was found equal to. */
  equalState: VerifierState | null = null;

  get frame(): Frame {
    return this.frames[this.frames.length - 1]!;
  }

  /** Slot where frame `depth` stands: the call, or where the path is (`frame_insn_idx`). */
  slotOf(depth: number): number {
    return depth === this.frames.length - 1 ? this.slot : this.frames[depth + 1]!.callSite;
  }

  /** A copy to be kept, with the history; this one goes on without. Its caller makes it the parent. */
  fork(): VerifierState {
    const { history } = this;
    this.history = [];
    const kept = this.copy();
    kept.history = history;
    kept.branches = 1;
    return kept;
  }

  /** A copy of all but the bookkeeping of the search: `parent` stays, `branches` is 0, the history is copied. */
  copy(): VerifierState {
    const copy = new VerifierState();
    for (let i = 0; i < this.frames.length; i++) copy.frames.push(this.frames[i]!.copy());
    copy.references = this.references;
    copy.activeLocks = this.activeLocks;
    copy.activePreemptLocks = this.activePreemptLocks;
    copy.activeRcuLocks = this.activeRcuLocks;
    copy.activeIrq = this.activeIrq;
    copy.activeLockId = this.activeLockId;
    copy.activeLockObject = this.activeLockObject;
    copy.speculative = this.speculative;
    copy.inSleepable = this.inSleepable;
    copy.parent = this.parent;
    copy.slot = this.slot;
    copy.firstSlot = this.firstSlot;
    copy.lastSlot = this.lastSlot;
    copy.history = this.history.slice();
    copy.depth = this.depth;
    copy.callbackUnrollDepth = this.callbackUnrollDepth;
    copy.mayGotoDepth = this.mayGotoDepth;
    copy.equalState = this.equalState;
    return copy;
  }
}
