/** Conditional jumps (`check_cond_jmp_op`). */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { unsupported } from '../rejection.ts';

/** @returns the slot of the side that is walked now; the other one is put aside. @throws Rejection */
export function stepConditionalJump(_env: Environment, _insn: Insn): number {
  throw unsupported('a conditional jump');
}
