/** Functions whose address is taken and that no path enters: they go as dead code, and the address names nothing (`jit_subprogs`). */
import { WideKind } from '../../bpf/fields.ts';
import type { Environment } from '../environment.ts';
import { isWideLoad } from '../instruction.ts';
import { verifierBug } from '../messages.gen.ts';

/** Functions that keep an instruction; of a program with none beside its own, addresses are not looked at. */
function survivors({ aux, subprograms }: Environment): number {
  let count = 0;
  for (const { start, end } of subprograms.slice(0, -1)) {
    for (let slot = start; slot < end; slot++) {
      if (!aux[slot]!.seen) continue;
      count++;
      break;
    }
  }
  return count;
}

/** @throws Rejection */
export function checkUnreachedFunctions(env: Environment): void {
  // Without privileges dead code stays and is made harmless.
  if (!env.privileged || survivors(env) < 2) return;
  const { aux, insns } = env;
  // With no function left but the program itself nobody looks for one.
  const left = env.subprograms.slice(0, -1).filter(({ start }) => aux[start]?.seen === true);
  if (left.length <= 1) return;
  for (let slot = 0; slot < insns.length; slot++) {
    const insn = insns[slot]!;
    if (!aux[slot]!.seen || !isWideLoad(insn) || insn.src !== WideKind.func) continue;
    const start = slot + insn.imm + 1;
    // The address of what is removed is that of what follows it: only at the end there is nothing.
    if (!aux.slice(start).some(({ seen }) => seen))
      throw verifierBug({ what: `No program to jit at insn ${start} (subprog < 0)` });
  }
}
