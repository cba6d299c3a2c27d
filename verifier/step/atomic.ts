/** `check_atomic`. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { unsupported } from '../rejection.ts';

/** @throws Rejection */
export function stepAtomic(_env: Environment, _insn: Insn): void {
  throw unsupported('an atomic operation');
}
