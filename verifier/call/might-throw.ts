/** May a function end the program by an exception, itself or through those that it calls? */
import type { Environment } from '../environment.ts';
import { isKfuncCall, isLocalCall } from '../instruction.ts';
import { findSubprogram } from '../structure/find-subprogram.ts';
import { findKfunc } from '../structure/kfunc-calls.ts';

export function mightThrow(env: Environment, number: number, seen: Set<number> = new Set()): boolean {
  if (seen.has(number)) return false;
  seen.add(number);
  const { start, end } = env.subprograms[number]!;
  for (let slot = start; slot < end; slot++) {
    const insn = env.insns[slot]!;
    if (isKfuncCall(insn) && findKfunc(env, slot)?.name === 'bpf_throw') return true;
    if (!isLocalCall(insn)) continue;
    const callee = findSubprogram(env.subprograms, slot + 1 + insn.imm);
    if (callee >= 0 && mightThrow(env, callee, seen)) return true;
  }
  return false;
}
