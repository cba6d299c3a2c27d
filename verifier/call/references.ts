/** Objects a path holds and must give back (`acquire_reference`, `release_reference`, `check_resource_leak`). */
import type { Environment } from '../environment.ts';
import {
  insideIrqRegion,
  insideLockedRegion,
  insidePreemptRegion,
  insideRcuRegion,
  leaksReference,
  legacyLoadWithReferences,
  missingPreemptEnable,
  missingRcuUnlock,
  missingSpinUnlock,
  unreleasedReference,
} from '../messages.gen.ts';
import type { Reference } from '../state/reference.ts';
import { invalidateRegisters } from './invalidate.ts';

/** A new reference, acquired by the instruction at `env.slot`. @returns its id */
export function acquireReference(env: Environment): number {
  const id = env.nextId();
  const { frame } = env;
  const callback = frame.inCallback ? frame.number : 0;
  addReference(env, { kind: 'pointer', id, slot: env.slot, object: null, callback });
  return id;
}

/** Puts a reference at the end of those held: their order is that of acquisition. */
export function addReference(env: Environment, reference: Reference): void {
  env.state.references = [...env.state.references, reference];
}

/** Takes one out of those held. */
export function removeReference(env: Environment, reference: Reference): void {
  env.state.references = env.state.references.filter((held) => held !== reference);
}

/**
 * Gives the object back, without a word to the registers that point to it (`release_reference_nomark`).
 * @returns false when the path does not hold it
 */
export function forgetReference(env: Environment, id: number): boolean {
  const reference = env.state.references.find((held) => held.kind === 'pointer' && held.id === id);
  if (reference === undefined || isOfCaller(env, reference)) return false;
  removeReference(env, reference);
  return true;
}

/** Before 6.13 a callback could neither give back nor lose what was acquired outside of it. */
function isOfCaller(env: Environment, { callback = 0 }: Reference): boolean {
  return env.frame.inCallback && !env.atLeast('6.13') && callback !== env.frame.number;
}

/**
 * Gives the object back (`release_reference`): all registers that point to it, and slices of it, are lost.
 * @returns false when the path does not hold it
 */
export function releaseReference(env: Environment, id: number): boolean {
  if (!forgetReference(env, id)) return false;
  invalidateRegisters(env, (register) => register.ref === id);
  return true;
}

/** Where the path leaves what it holds behind. */
export type LeakPlace = 'tail-call' | 'legacy-load' | 'exit' | 'throw';

const PLACE_TEXT: Readonly<Record<LeakPlace, string>> = {
  'tail-call': 'tail_call',
  'legacy-load': 'BPF_LD_[ABS|IND]',
  exit: 'BPF_EXIT instruction in main prog',
  throw: 'bpf_throw',
};

/**
 * Nothing may be held here (`check_resource_leak`). `regions`: neither a lock, nor an RCU, preemption or interrupt region.
 * @throws Rejection
 */
export function checkResourceLeak(env: Environment, place: LeakPlace, regions = true): void {
  if (!env.atLeast('6.13')) {
    checkLeakBefore613(env, place, regions);
    return;
  }
  const { state } = env;
  const values = { place: PLACE_TEXT[place] };
  if (regions && state.activeLocks > 0) throw insideLockedRegion(values);
  if (remarkLeaks(env, place)) throw leaksReference(values);
  if (!regions) return;
  if (state.activeIrq !== 0) throw insideIrqRegion(values);
  if (state.activeRcuLocks > 0) throw insideRcuRegion(values);
  if (state.activePreemptLocks > 0) throw insidePreemptRegion(values);
}

/** References that linger, each as a line (`check_reference_leak`). True: there are some. */
function remarkLeaks(env: Environment, place: LeakPlace): boolean {
  const leaks = leakedReferences(env, place);
  for (const { id, slot } of leaks) env.remark(leakLine(id, slot));
  return leaks.length > 0;
}

function leakLine(id: number, slot: number): string {
  return `Unreleased reference id=${id} alloc_insn=${slot}`;
}

/** What the frame that ends does not pass on: functions that return leave their references to the caller. */
function leakedReferences(env: Environment, place: LeakPlace): readonly Reference[] {
  const { frame, state } = env;
  if (place !== 'throw' && frame.number > 0 && !passesNothingOn(env)) return NONE;
  // A struct_ops program may give an object back to the kernel as its result.
  const returned =
    env.type.name === 'struct_ops' && place !== 'throw' && env.atLeast('6.15') ? env.register(0).ref : 0;
  return state.references.filter(
    (held) =>
      held.kind === 'pointer' && (returned === 0 || held.id !== returned) && !mayLinger(env, place, held),
  );
}

const NONE: readonly Reference[] = [];

function mayLinger(env: Environment, place: LeakPlace, held: Reference): boolean {
  return place !== 'throw' && isOfCaller(env, held);
}

/** Before 6.13 a callback had to give back what it acquired itself. */
function passesNothingOn(env: Environment): boolean {
  return env.frame.inCallback && !env.atLeast('6.13');
}

/** The same questions, in the words and the order of the kernels before 6.13. */
function checkLeakBefore613(env: Environment, place: LeakPlace, regions: boolean): void {
  switch (place) {
    case 'tail-call':
      checkTailCallBefore613(env);
      return;
    case 'legacy-load':
      if (leakedReferences(env, place).length > 0) {
        remarkLeaks(env, place);
        throw legacyLoadWithReferences({});
      }
      checkRegions(env, PLACE_TEXT[place]);
      return;
    default:
      if (regions) checkExitRegions(env, place);
      throwLeak(env, place);
  }
}

function checkTailCallBefore613(env: Environment): void {
  const place = PLACE_TEXT['tail-call'];
  const checksRegions = env.atLeast('6.11');
  if (checksRegions && env.state.activeLocks > 0) throw insideLockedRegion({ place });
  if (remarkLeaks(env, 'tail-call')) throw leaksReference({ place });
  if (checksRegions) checkRegions(env, place);
}

function checkRegions(env: Environment, place: string): void {
  const { state } = env;
  if (state.activeLocks > 0) throw insideLockedRegion({ place });
  if (state.activeRcuLocks > 0) throw insideRcuRegion({ place });
  if (state.activePreemptLocks > 0) throw insidePreemptRegion({ place });
}

function checkExitRegions(env: Environment, place: LeakPlace): void {
  const { state } = env;
  if (place === 'throw') {
    checkRegions(env, PLACE_TEXT.throw);
    return;
  }
  if (state.activeLocks > 0) throw missingSpinUnlock({});
  if (state.activeRcuLocks > 0) throw missingRcuUnlock({});
  const count = state.activePreemptLocks;
  if (count > 0) throw missingPreemptEnable({ count, enable: count === 1 ? ' is' : '(s) are' });
}

/** The last of the lines was the whole message. */
function throwLeak(env: Environment, place: LeakPlace): void {
  const leaks = leakedReferences(env, place);
  const last = leaks[leaks.length - 1];
  if (last === undefined) return;
  for (const { id, slot } of leaks.slice(0, -1)) env.remark(leakLine(id, slot));
  throw unreleasedReference({ id: last.id, slot: last.slot });
}
