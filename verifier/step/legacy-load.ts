/** Loads of packet bytes by `BPF_LD | BPF_ABS` and `BPF_IND` (`check_ld_abs`). */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { unsupported } from '../rejection.ts';

/** @throws Rejection */
export function stepLegacyLoad(_env: Environment, _insn: Insn): void {
  throw unsupported('a legacy packet load');
}
