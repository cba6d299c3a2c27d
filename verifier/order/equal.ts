/** Is the current state one that a kept state allows (`states_equal`)? */
import type { Environment } from '../environment.ts';
import type { Frame } from '../state/frame.ts';
import type { Reference } from '../state/reference.ts';
import { Kind } from '../state/register-kind.ts';
import { ByteKind } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';
import type { IdMap } from './id-map.ts';
import { type Comparison, Exactness, isRegisterSafe, isSameRegister } from './register-equal.ts';
import { isStackSafe } from './stack-equal.ts';

/** If everything from `kept` on is safe, so is everything from `current` on. */
export function areStatesEqual(
  env: Environment,
  kept: VerifierState,
  current: VerifierState,
  exactness: Exactness,
): boolean {
  if (kept.frames.length !== current.frames.length) return false;
  // A misprediction may have cut the kept one's paths short.
  if (kept.speculative && !current.speculative) return false;
  if (kept.inSleepable !== current.inSleepable) return false;
  const { comparison } = env.search;
  comparison.ids.reset();
  comparison.exactness = exactness;
  comparison.exactRanges = env.exploreAluLimits;
  if (!areReferencesEqual(kept, current, comparison.ids)) return false;
  for (let i = 0; i < kept.frames.length; i++) {
    const old = kept.frames[i]!;
    const now = current.frames[i]!;
    if (old.callSite !== now.callSite) return false;
    if (!areFramesEqual(old, now, comparedRegisters(env, kept.slotOf(i), exactness), comparison))
      return false;
  }
  return true;
}

const ALL_REGISTERS = 0x7ff;

/** Those that may be read from `slot` on; before 6.15 of rounds of a loop all, for nobody had looked ahead. */
function comparedRegisters(env: Environment, slot: number, exactness: Exactness): number {
  if (exactness !== Exactness.none && !env.atLeast('6.15')) return ALL_REGISTERS;
  return env.aux[slot]!.liveRegisters;
}

function areFramesEqual(kept: Frame, current: Frame, live: number, how: Comparison): boolean {
  if (kept.callbackDepth > current.callbackDepth) return false;
  for (let i = 0; i <= 10; i++) {
    if (((live >>> i) & 1) === 0) continue;
    if (!isRegisterSafe(kept.registers[i]!, current.registers[i]!, how)) return false;
  }
  return isStackSafe(kept, current, how);
}

/** What both hold (`refsafe`). */
function areReferencesEqual(kept: VerifierState, current: VerifierState, ids: IdMap): boolean {
  if (
    kept.references.length !== current.references.length ||
    kept.activeLocks !== current.activeLocks ||
    kept.activePreemptLocks !== current.activePreemptLocks ||
    kept.activeRcuLocks !== current.activeRcuLocks ||
    !ids.match(kept.activeIrq, current.activeIrq) ||
    !ids.match(kept.activeLockId, current.activeLockId) ||
    kept.activeLockObject !== current.activeLockObject
  ) {
    return false;
  }
  for (let i = 0; i < kept.references.length; i++) {
    if (!isReferenceEqual(kept.references[i]!, current.references[i]!, ids)) return false;
  }
  return true;
}

function isReferenceEqual(kept: Reference, current: Reference, ids: IdMap): boolean {
  if (!ids.match(kept.id, current.id) || kept.kind !== current.kind) return false;
  return kept.kind === 'pointer' || kept.kind === 'irq' || kept.object === current.object;
}

/** The running frame's registers are the very same: a loop that changed none may be endless (`states_maybe_looping`). */
export function mayLoop(kept: VerifierState, current: VerifierState): boolean {
  if (kept.frames.length !== current.frames.length) return false;
  const old = kept.frame.registers;
  const now = current.frame.registers;
  for (let i = 0; i <= 10; i++) if (!isSameRegister(old[i]!, now[i]!)) return false;
  return true;
}

/** An active iterator was followed between the two (`iter_active_depths_differ`). */
export function didIterate(kept: VerifierState, current: VerifierState): boolean {
  for (let i = 0; i < kept.frames.length; i++) {
    const { stack } = kept.frames[i]!;
    for (let spi = 0; spi < stack.length; spi++) {
      const slot = stack[spi]!;
      if (slot.kindAt(0) !== ByteKind.iterator) continue;
      const { detail } = slot.spilled;
      if (detail?.kind !== 'iterator' || detail.state !== 'active') continue;
      const now = current.frames[i]!.stack[spi]?.spilled.detail;
      if (now?.kind !== 'iterator' || now.depth !== detail.depth) return true;
    }
  }
  return false;
}

/** The same chain of calls led to both (`same_callsites`). */
export function haveSameCallSites(a: VerifierState, b: VerifierState): boolean {
  if (a.frames.length !== b.frames.length) return false;
  for (let i = a.frames.length - 1; i >= 0; i--) {
    if (a.frames[i]!.callSite !== b.frames[i]!.callSite) return false;
  }
  return true;
}

/** The address of an active iterator in r1 of the running frame: `next` is called there. */
export function followsActiveIterator(state: VerifierState): boolean {
  const pointer = state.frame.registers[1]!;
  if (pointer.kind !== Kind.stack) return false;
  const off = pointer.off + (pointer.scalar.constantNumber ?? 0);
  const slot = state.frames[pointer.extra]?.stack[(-off - 1) >> 3];
  const detail = slot?.spilled.detail;
  return detail?.kind === 'iterator' && detail.state === 'active';
}
