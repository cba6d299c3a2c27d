/** Wide loads: a number of 64 bits, a map, a map value's address, a variable, a function (`check_ld_imm`). */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { unsupported } from '../rejection.ts';

/** @throws Rejection */
export function stepWideLoad(_env: Environment, _insn: Insn): void {
  throw unsupported('a wide load');
}
