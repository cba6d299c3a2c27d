/**
 * Rounds of an iterator, of a callback or of `may_goto` that no condition bounds: what changed from one to the next and did
 * not matter may be anything in the one after (`widen_imprecise_scalars`), so that the rounds come to an end.
 */
import type { Environment } from '../environment.ts';
import { type Register, UNKNOWN_NUMBER } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { StackSlot } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';
import { haveSameCallSites } from './equal.ts';
import type { IdMap } from './id-map.ts';
import { isExactlyEqual } from './register-equal.ts';

/** The last kept state on the way to `state` that stood at `slot` through the same calls (`find_prev_entry`). */
export function findPreviousEntry(
  env: Environment,
  state: VerifierState,
  slot: number,
): VerifierState | null {
  const { explored } = env.search;
  const list = explored.list(slot, env.frame.callSite);
  for (let kept = explored.newest(list); kept !== null; kept = kept.older) {
    const before = kept.state;
    // Unfinished and not as deep: the way to `state` leads through it.
    if (before.slot !== slot || before.branches === 0 || before.depth >= state.depth) continue;
    if (haveSameCallSites(before, state)) return before;
  }
  return null;
}

/** Widens scalars of `current` that differ from `previous` and mattered in neither. */
export function widenImpreciseScalars(
  env: Environment,
  previous: VerifierState,
  current: VerifierState,
): void {
  const { ids } = env.search.comparison;
  ids.reset();
  for (let number = previous.frames.length - 1; number >= 0; number--) {
    const old = previous.frames[number]!;
    const now = current.frames[number]!;
    for (let i = 0; i <= 10; i++) now.registers[i] = widened(old.registers[i]!, now.registers[i]!, ids);
    const slots = Math.min(old.stack.length, now.stack.length);
    for (let spi = 0; spi < slots; spi++) {
      const before = old.stack[spi]!;
      const slot = now.stack[spi]!;
      if (!before.isSpill || !slot.isSpill) continue;
      const spilled = widened(before.spilled, slot.spilled, ids);
      if (spilled !== slot.spilled) now.stack[spi] = new StackSlot(slot.bytes, spilled);
    }
  }
}

function widened(old: Register, now: Register, ids: IdMap): Register {
  if (old.kind !== Kind.scalar || now.kind !== Kind.scalar || old.precise || now.precise) return now;
  return isExactlyEqual(old, now, ids) ? now : UNKNOWN_NUMBER;
}
