/** Functions whose address is taken and that no path enters: they go as dead code, and the address may name nothing (`jit_subprogs`). */
import { WideKind } from '../../bpf/fields.ts';
import type { Environment } from '../environment.ts';
import { isWideLoad } from '../instruction.ts';
import { verifierBug } from '../messages.gen.ts';
import { findSubprogram } from './find-subprogram.ts';

/** @throws Rejection */
export function checkUnreachedFunctions(env: Environment): void {
  // Without privileges dead code stays and is made harmless. With one function left nobody looks at addresses.
  if (!env.privileged || countEntered(env) < 2) return;
  const { aux, insns } = env;
  for (let slot = 0; slot < insns.length; slot++) {
    const insn = insns[slot]!;
    if (!aux[slot]!.seen || !isWideLoad(insn) || insn.src !== WideKind.func) continue;
    const start = slot + insn.imm + 1;
    if (aux[start]?.seen === false && !fallsOnFunction(env, start)) {
      throw verifierBug({ what: `No program to jit at insn ${start} (subprog < 0)` });
    }
  }
}

/** Functions whose first instruction stays, the program's own among them. */
function countEntered({ aux, subprograms }: Environment): number {
  return subprograms.slice(0, -1).filter(({ start }) => aux[start]!.seen).length;
}

/** The address stays when the dead code around it goes: where that begins with the function, the next one moves to it. */
function fallsOnFunction({ aux, subprograms }: Environment, start: number): boolean {
  let first = start;
  while (first > 0 && !aux[first - 1]!.seen) first--;
  let next = start;
  while (aux[next]?.seen === false) next++;
  const moved = next + start - first;
  for (let slot = next; slot <= moved; slot++) if (aux[slot]?.seen !== true) return false;
  return findSubprogram(subprograms, moved) >= 0;
}
