/** `check_alu_op`. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { unsupported } from '../rejection.ts';

/** @throws Rejection */
export function stepAlu(_env: Environment, _insn: Insn): void {
  throw unsupported('arithmetic');
}
