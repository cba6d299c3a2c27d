/** Calls of kernel functions. They leave r0 ... r5 as the kernel does. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { unsupported } from '../rejection.ts';

/** A kernel function (`check_kfunc_call`). @returns the next slot */
export function checkKfuncCall(_env: Environment, _insn: Insn): number {
  throw unsupported('kernel function call');
}
