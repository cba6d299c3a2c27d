/** Calls of helpers and kernel functions. Each leaves r0 ... r5 as the kernel does. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { unsupported } from '../rejection.ts';

/** A helper (`check_helper_call`). @returns the next slot */
export function checkHelperCall(_env: Environment, _insn: Insn): number {
  throw unsupported('helper call');
}

/** A kernel function (`check_kfunc_call`). @returns the next slot */
export function checkKfuncCall(_env: Environment, _insn: Insn): number {
  throw unsupported('kernel function call');
}
