/** One step of a path since its last kept state, for walking back (`struct bpf_jmp_history_entry`). */
import type { Environment } from '../environment.ts';

/** At most so many registers and slots are noted for one branch (`LINKED_REGS_MAX`). */
export const LINKED_MAX = 6;

/** A register or a spilled slot that shares its unknown with another one (`struct linked_reg`). */
export interface Linked {
  readonly frame: number;
  /** Number of a register, or of a stack slot when `isSlot`. */
  readonly index: number;
  readonly isSlot: boolean;
}

export interface StackAccess {
  readonly spi: number;
  readonly frame: number;
}

/** Operands of a conditional jump that are addresses of stack, as bits (`INSN_F_DST_REG_STACK`, `INSN_F_SRC_REG_STACK`). */
export const StackOperand = { dst: 1, src: 2 } as const;

/** A step that precision must know more of than its instruction says. Immutable: paths share their steps. */
export class HistoryEntry {
  readonly slot: number;
  /** Slot of the instruction before. */
  readonly previous: number;
  /** The instruction read or wrote a whole scalar of the stack: which slot of which frame. */
  readonly stackAccess: StackAccess | null;
  readonly linked: readonly Linked[] | null;
  /** {@link StackOperand} bits. */
  readonly stackOperands: number;

  constructor(
    slot: number,
    previous: number,
    stackAccess: StackAccess | null,
    linked: readonly Linked[] | null,
    stackOperands: number,
  ) {
    this.slot = slot;
    this.previous = previous;
    this.stackAccess = stackAccess;
    this.linked = linked;
    this.stackOperands = stackOperands;
  }
}

/**
 * Notes a step of the path, or adds to the note of the instruction that is walked (`push_jmp_history`). The arguments are
 * what the instruction's own fields do not tell.
 */
export function pushHistory(
  env: Environment,
  stackAccess: StackAccess | null,
  linked: readonly Linked[] | null,
  stackOperands = 0,
): void {
  const { history } = env.state;
  const noted = env.historyEntry;
  if (noted === null) {
    env.historyEntry = entryOf(env, stackAccess, linked, stackOperands);
    history.push(env.historyEntry);
    return;
  }
  if (stackAccess === null && linked === null && stackOperands === 0) return;
  env.historyEntry = entryOf(
    env,
    stackAccess ?? noted.stackAccess,
    linked ?? noted.linked,
    stackOperands | noted.stackOperands,
  );
  history[history.length - 1] = env.historyEntry;
}

/** The same step is one object however often a loop takes it. */
function entryOf(
  env: Environment,
  stackAccess: StackAccess | null,
  linked: readonly Linked[] | null,
  stackOperands: number,
): HistoryEntry {
  const { slot, previousSlot } = env;
  const aux = env.aux[slot]!;
  const last = aux.lastStep;
  if (
    last !== null &&
    last.previous === previousSlot &&
    last.linked === linked &&
    last.stackOperands === stackOperands &&
    isSameAccess(last.stackAccess, stackAccess)
  ) {
    return last;
  }
  const entry = new HistoryEntry(slot, previousSlot, stackAccess, linked, stackOperands);
  if (linked === null) aux.lastStep = entry;
  return entry;
}

function isSameAccess(a: StackAccess | null, b: StackAccess | null): boolean {
  if (a === null || b === null) return a === b;
  return a.spi === b.spi && a.frame === b.frame;
}
