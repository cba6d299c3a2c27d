/** Calls by kind: helper, function of the program, kernel function. Each leaves r0 ... r5 as the kernel does. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { unsupported } from '../rejection.ts';

/** A helper (`check_helper_call`). @returns the next slot */
export function checkHelperCall(_env: Environment, _insn: Insn): number {
  throw unsupported('helper call');
}

/** A function of the program, static or global (`check_func_call`). @returns the next slot */
export function checkFunctionCall(_env: Environment, _insn: Insn): number {
  throw unsupported('function call');
}

/** A kernel function (`check_kfunc_call`). @returns the next slot */
export function checkKfuncCall(_env: Environment, _insn: Insn): number {
  throw unsupported('kernel function call');
}
