/** One step of a path since its last kept state, for walking back (`struct bpf_jmp_history_entry`). */
import type { Environment } from '../environment.ts';

/** A register or a spilled slot that shares its unknown with another one (`struct linked_reg`). */
export interface Linked {
  readonly frame: number;
  /** Number of a register, or of a stack slot when `isSlot`. */
  readonly index: number;
  readonly isSlot: boolean;
}

/** A step that precision must know more of than its instruction says. */
export interface HistoryEntry {
  readonly slot: number;
  /** Slot of the instruction before. */
  readonly previous: number;
  /** The instruction read or wrote the stack through a register other than r10, or of another frame: which slot of which frame. */
  stackAccess: { readonly spi: number; readonly frame: number } | null;
  linked: readonly Linked[] | null;
}

/**
 * Notes a step of the path, or adds to the note of the instruction that is walked (`push_jmp_history`). `stackAccess` and
 * `linked` are what the instruction's own fields do not tell.
 */
export function pushHistory(
  env: Environment,
  stackAccess: HistoryEntry['stackAccess'],
  linked: readonly Linked[] | null,
): void {
  if (env.historyEntry !== null) {
    if (stackAccess !== null) env.historyEntry.stackAccess = stackAccess;
    if (linked !== null) env.historyEntry.linked = linked;
    return;
  }
  const entry: HistoryEntry = { slot: env.slot, previous: env.previousSlot, stackAccess, linked };
  env.state.history.push(entry);
  env.historyEntry = entry;
}
