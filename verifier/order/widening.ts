/**
 * Loops whose rounds are not counted (callbacks, iterators): what a round changed and nobody relied on is forgotten, so
 * that the next round looks the same (`find_prev_entry`, `widen_imprecise_scalars`).
 */
import type { Environment } from '../environment.ts';
import type { Frame } from '../state/frame.ts';
import { type Register, UNKNOWN_NUMBER } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { StackSlot } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';

/** The nearest state on the current path that stood at `slot` in the same calls, before `state`. */
export function findPreviousEntry(
  env: Environment,
  state: VerifierState,
  slot: number,
): VerifierState | null {
  let nearest: VerifierState | null = null;
  for (const kept of env.explored.get(slot) ?? []) {
    const candidate = kept.state;
    // A state that waits for other paths no more is not on this one.
    if (candidate.slot !== slot || candidate.branches === 0 || candidate.depth >= state.depth) continue;
    if (nearest !== null && nearest.depth >= candidate.depth) continue;
    if (sameCallSites(candidate, state)) nearest = candidate;
  }
  return nearest;
}

/** Both came through the same calls. */
export function sameCallSites(a: VerifierState, b: VerifierState): boolean {
  if (a.frames.length !== b.frames.length) return false;
  for (let i = 0; i < a.frames.length; i++) {
    if (a.frames[i]!.callSite !== b.frames[i]!.callSite) return false;
  }
  return true;
}

/** Forgets in `state` the scalars that differ from `previous` and are precise in neither. */
export function widenImpreciseScalars(previous: VerifierState, state: VerifierState): void {
  const ids = new Map<number, number>();
  for (let i = previous.frames.length - 1; i >= 0; i--)
    widenFrame(previous.frames[i]!, state.frames[i]!, ids);
}

function widenFrame(previous: Frame, frame: Frame, ids: Map<number, number>): void {
  for (let i = 0; i < frame.registers.length; i++) {
    if (differs(previous.registers[i]!, frame.registers[i]!, ids)) frame.registers[i] = UNKNOWN_NUMBER;
  }
  const slots = Math.min(previous.stack.length, frame.stack.length);
  for (let i = 0; i < slots; i++) {
    const slot = frame.stack[i]!;
    if (!previous.stack[i]!.isSpill || !slot.isSpill) continue;
    if (differs(previous.stack[i]!.spilled, slot.spilled, ids)) {
      frame.stack[i] = new StackSlot(slot.bytes, UNKNOWN_NUMBER);
    }
  }
}

/** An imprecise scalar in both that is not the same in both (`maybe_widen_reg`). */
function differs(previous: Register, register: Register, ids: Map<number, number>): boolean {
  if (previous.kind !== Kind.scalar || register.kind !== Kind.scalar) return false;
  if (previous.precise || register.precise) return false;
  return !(
    previous.scalar.equals(register.scalar) &&
    previous.off === register.off &&
    previous.flags === register.flags &&
    sameId(previous.id, register.id, ids)
  );
}

/** Ids of the two states correspond one way (`check_ids`). */
function sameId(previous: number, id: number, ids: Map<number, number>): boolean {
  if (previous === 0 || id === 0) return previous === id;
  const known = ids.get(previous);
  if (known !== undefined) return known === id;
  for (const other of ids.values()) if (other === id) return false;
  ids.set(previous, id);
  return true;
}
