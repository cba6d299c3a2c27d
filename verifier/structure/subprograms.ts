/**
 * The program's functions: found by the calls and addresses that name their first slot, each closed in itself
 * (`add_subprog_and_kfunc`, `check_subprogs`).
 */
import type { Environment } from '../environment.ts';
import {
  type Insn,
  isFunctionAddress,
  isHelperCall,
  isJump,
  isKfuncCall,
  isLocalCall,
  jumpDistance,
} from '../instruction.ts';
import {
  callToInvalidDestination,
  functionCallsUnsupported,
  jumpOutOfRange,
  lastInstructionFallsThrough,
  tooManySubprograms,
  unprivilegedCalls,
} from '../messages.gen.ts';
import { Subprogram } from '../subprogram.ts';
import { findExceptionCallback } from './exception-callback.ts';
import { findSubprogram } from './find-subprogram.ts';
import { KfuncCalls } from './kfunc-calls.ts';
import { hasLongJumps } from './known-opcodes.ts';

const TAIL_CALL = 12;

/** Sets `env.subprograms`, the mark behind the last one with it. @throws Rejection */
export function findSubprograms(env: Environment): void {
  const { insns } = env;
  const starts = new Set<number>([0]);
  const kfuncs = new KfuncCalls(env);
  const addresses = env.supports('callbacks');
  const calls = env.supports('bpf_to_bpf_calls');
  for (let slot = 0; slot < insns.length; slot++) {
    const insn = insns[slot]!;
    const named = (isFunctionAddress(insn) && addresses) || (isLocalCall(insn) && calls);
    if (!named && !isKfuncCall(insn)) continue;
    if (!env.privileged)
      throw env.supports('capabilities') ? unprivilegedCalls({ slot }) : functionCallsUnsupported({ slot });
    if (named) addStart(env, starts, slot + insn.imm + 1, slot);
    else kfuncs.add(slot, insn);
  }
  const callback = findExceptionCallback(env);
  if (callback > 0) addStart(env, starts, callback, callback);
  env.subprograms = [...starts].sort((a, b) => a - b).map((start) => new Subprogram(start));
  env.subprograms.push(new Subprogram(insns.length));
  for (let number = 0; number + 1 < env.subprograms.length; number++) {
    env.subprograms[number]!.end = env.subprograms[number + 1]!.start;
  }
  if (callback > 0) markExceptionCallback(env, callback);
}

function addStart(env: Environment, starts: Set<number>, start: number, slot: number): void {
  if (start < 0 || start >= env.insns.length) throw callToInvalidDestination({ target: start, slot });
  if (starts.has(start)) return;
  const limit = env.profile.limits.functions;
  if (starts.size >= limit) throw tooManySubprograms({ limit, slot });
  starts.add(start);
}

function markExceptionCallback(env: Environment, start: number): void {
  const number = findSubprogram(env.subprograms, start);
  const subprogram = env.subprograms[number]!;
  // It runs on the stack of the program that was left, hence counts as an asynchronous one (`mark_subprog_exc_cb`).
  subprogram.isCallback = true;
  subprogram.isAsyncCallback = true;
  subprogram.isExceptionCallback = true;
  env.exceptionCallback = number;
}

/** Every jump stays in its function, and none of them runs on into the next one. @throws Rejection */
export function checkSubprograms(env: Environment): void {
  for (const subprogram of env.subprograms) {
    for (let slot = subprogram.start; slot < subprogram.end; slot++) {
      const insn = env.insns[slot]!;
      noteSpecial(subprogram, insn);
      if (isJump(insn)) {
        const target = slot + jumpDistance(insn) + 1;
        if (target < subprogram.start || target >= subprogram.end) throw jumpOutOfRange({ slot, target });
      }
    }
    if (subprogram.end > subprogram.start) checkLast(env, subprogram.end - 1);
  }
}

function noteSpecial(subprogram: Subprogram, insn: Insn): void {
  if (isHelperCall(insn) && insn.imm === TAIL_CALL) {
    subprogram.hasTailCall = true;
    subprogram.tailCallReachable = true;
  }
  if (insn.class === 0 && (insn.mode === 0x20 || insn.mode === 0x40)) subprogram.hasLegacyLoad = true;
}

function checkLast(env: Environment, slot: number): void {
  const { code } = env.insns[slot]!;
  if (code === 0x95 || code === 0x05 || (code === 0x06 && hasLongJumps(env))) return;
  throw lastInstructionFallsThrough({ slot });
}
