/** RCU sections and sections without preemption, and what may not be called in them. */
import { inRcuSection } from '../access/rcu.ts';
import type { Environment } from '../environment.ts';
import {
  kfuncNeedsRcuSection,
  kfuncSleepsInIrq,
  kfuncSleepsInPreempt,
  kfuncSleepsInRcu,
  nestedRcuLock,
  rcuInTreeCallback,
  unmatchedPreemptEnable,
  unmatchedRcuUnlock,
} from '../messages.gen.ts';
import type { Register } from '../state/register.ts';
import { Flag } from '../state/register-kind.ts';
import { ByteKind, StackSlot } from '../state/slot.ts';
import { changeRegisters } from './invalidate.ts';
import type { PreparedKfunc } from './kfunc-target.ts';
import { inTreeCallback } from './locks.ts';

/** @throws Rejection */
export function enterOrLeaveRegions(env: Environment, kfunc: PreparedKfunc): void {
  changeRcu(env, kfunc);
  changePreemption(env, kfunc);
  const { name } = kfunc;
  if (env.state.activeIrq !== 0 && kfunc.sleepable) throw kfuncSleepsInIrq({ kfunc: name });
  // Before 6.18 the iterator that was made outside was refused when it was used.
  if (kfunc.rcuProtected && env.atLeast('6.18') && !inRcuSection(env))
    throw kfuncNeedsRcuSection({ kfunc: name });
}

function changeRcu(env: Environment, { name, sleepable }: PreparedKfunc): void {
  const { state } = env;
  const locks = name === 'bpf_rcu_read_lock';
  const unlocks = name === 'bpf_rcu_read_unlock';
  if (state.activeRcuLocks === 0) {
    if (unlocks) throw unmatchedRcuUnlock({ kfunc: name });
    if (locks) state.activeRcuLocks = 1;
    return;
  }
  if ((locks || unlocks) && inTreeCallback(env)) throw rcuInTreeCallback({});
  if (locks) {
    // Before 6.19 sections did not nest.
    if (!env.atLeast('6.19')) throw nestedRcuLock({ kfunc: name });
    state.activeRcuLocks++;
  } else if (unlocks) {
    state.activeRcuLocks--;
    if (state.activeRcuLocks === 0) distrustRcuPointers(env);
  } else if (sleepable) throw kfuncSleepsInRcu({ kfunc: name });
}

/** What was good only in the section may be gone from here on. */
function distrustRcuPointers(env: Environment): void {
  changeRegisters(env, distrusted);
  for (const { stack } of env.state.frames) {
    for (let spi = 0; spi < stack.length; spi++) {
      const slot = stack[spi]!;
      if (slot.kindAt(7) !== ByteKind.iterator) continue;
      const spilled = distrusted(slot.spilled);
      if (spilled !== slot.spilled) stack[spi] = new StackSlot(slot.bytes, spilled);
    }
  }
}

function distrusted(register: Register): Register {
  if ((register.flags & Flag.rcu) === 0) return register;
  return register.withFlags((register.flags & ~(Flag.rcu | Flag.maybeNull)) | Flag.untrusted);
}

function changePreemption(env: Environment, { name, sleepable }: PreparedKfunc): void {
  const { state } = env;
  if (name === 'bpf_preempt_disable') state.activePreemptLocks++;
  else if (name === 'bpf_preempt_enable') {
    if (state.activePreemptLocks === 0) throw unmatchedPreemptEnable({ kfunc: name });
    state.activePreemptLocks--;
  } else if (sleepable && state.activePreemptLocks > 0) throw kfuncSleepsInPreempt({ kfunc: name });
}
