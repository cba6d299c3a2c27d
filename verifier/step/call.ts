/** Calls: fields, locks, and what kind of call it is. */
import { CallKind } from '../../bpf/fields.ts';
import { checkHelperCall } from '../call/helper.ts';
import { checkKfuncCall } from '../call/kfunc.ts';
import { checkCallUnderLock } from '../call/locks.ts';
import { checkFunctionCall } from '../call/subprogram.ts';
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { reservedFields } from '../messages.gen.ts';
import { stepExit } from './exit.ts';

/** @returns the next slot. @throws Rejection */
export function stepCall(env: Environment, insn: Insn): number {
  const { src } = insn;
  if (
    insn.usesSource ||
    (src !== CallKind.kfunc && insn.off !== 0) ||
    src > CallKind.kfunc ||
    insn.dst !== 0 ||
    insn.class === 6
  ) {
    throw reservedFields({ name: 'BPF_CALL' });
  }
  if (env.state.activeLocks > 0) checkCallUnderLock(env, insn);
  const next = call(env, insn);
  env.touched |= 1;
  return next;
}

function call(env: Environment, insn: Insn): number {
  switch (insn.src) {
    case CallKind.local:
      return checkFunctionCall(env, insn);
    case CallKind.kfunc: {
      const next = checkKfuncCall(env);
      return next === 'thrown' ? stepExit(env, true) : next;
    }
    default:
      return checkHelperCall(env, insn);
  }
}
