/** `may_goto`: a loop that the kernel ends when it ran for too long (`is_may_goto_insn`). */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { invalidMayGoto } from '../messages.gen.ts';
import { pushPath } from '../order/pending.ts';
import { findPreviousEntry, widenImpreciseScalars } from '../order/widening.ts';

/** `BPF_JMP | BPF_JCOND`. */
const MAY_GOTO = 0xe5;

/** It may jump at any round, so the jump is walked first; the next round is widened. @throws Rejection */
export function stepMayGoto(env: Environment, insn: Insn): number {
  if (insn.code !== MAY_GOTO || insn.src !== 0 || insn.dst !== 0 || insn.imm !== 0) {
    throw invalidMayGoto({ value: insn.imm });
  }
  const { state, slot } = env;
  const previous = state.parent === null ? null : findPreviousEntry(env, state.parent, slot);
  const next = pushPath(env, slot + 1, slot, false);
  next.mayGotoDepth++;
  if (previous !== null) widenImpreciseScalars(env, previous, next);
  return slot + 1 + insn.off;
}
