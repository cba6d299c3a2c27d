/** Calls of global functions: verified by themselves, their callers know no more than the prototype. */
import type { Environment } from '../environment.ts';
import {
  callerPassesInvalidArguments,
  callerPassesInvalidArgumentsUnnamed,
  globalCallInIrqRegion,
  globalCallInPreemptRegion,
  globalCallUnderLock,
  sleepingGlobalCall,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { UNKNOWN_NUMBER } from '../state/register.ts';
import { clearCallerSaved } from './caller-saved.ts';
import { invalidatePackets } from './invalidate.ts';
import { mightThrow } from './might-throw.ts';

/** @param matches its arguments are what the prototype takes. @returns the next slot. @throws Rejection */
export function callGlobalFunction(env: Environment, number: number, matches: boolean): number {
  const subprogram = env.subprograms[number]!;
  checkRegions(env, number);
  const name = functionName(env, number);
  if (!matches) {
    throw env.atLeast('6.8')
      ? callerPassesInvalidArguments({ number, name })
      : callerPassesInvalidArgumentsUnnamed({ number });
  }
  env.observer?.remark?.(
    env.atLeast('6.8')
      ? `Func#${number} ('${name}') is global and assumed valid.`
      : `Func#${number} is global and valid. Skipping.`,
  );
  checkException(env, number);
  if (subprogram.changesPacket) invalidatePackets(env);
  subprogram.called = true;
  clearCallerSaved(env, env.frame);
  env.frame.registers[0] = UNKNOWN_NUMBER;
  return env.slot + 1;
}

/** Kernels differ in whether they see that an exception out of the function leaves behind what is held here. */
function checkException(env: Environment, number: number): void {
  const { state } = env;
  const held = state.references.length > 0 || state.activeRcuLocks > 0 || state.activePreemptLocks > 0;
  if (held && env.supports('exceptions') && mightThrow(env, number)) {
    throw unsupported('an exception out of a global function while something is held');
  }
}

/** A global function may do anything its callers may not do in a locked or non-sleepable region. */
function checkRegions(env: Environment, number: number): void {
  const { state } = env;
  if (state.activeLocks > 0 && env.atLeast('6.8')) throw globalCallUnderLock({});
  if (env.atLeast('6.15')) {
    if (env.subprograms[number]!.mightSleep && !mayCallSleeping(env)) throw sleepingGlobalCall({});
    return;
  }
  if (state.activePreemptLocks > 0) throw globalCallInPreemptRegion({});
  if (state.activeIrq !== 0) throw globalCallInIrqRegion({});
}

/** Here a function may sleep (`in_sleepable_context`). */
function mayCallSleeping({ state }: Environment): boolean {
  return (
    state.inSleepable && state.activeRcuLocks === 0 && state.activePreemptLocks === 0 && state.activeIrq === 0
  );
}

/** Its name in the program's types; empty when it has none. */
export function functionName(env: Environment, number: number): string {
  const { type } = env.subprograms[number]!;
  return type === 0 || env.input.btf === undefined ? '' : env.input.btf.nameOf(type);
}
