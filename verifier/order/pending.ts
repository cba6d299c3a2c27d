/** Paths put aside at branches, last one first (`push_stack`, `pop_stack`). */
import type { Environment } from '../environment.ts';
import { jumpsTooComplex } from '../messages.gen.ts';
import type { VerifierState } from '../state/state.ts';

export interface PendingPath {
  readonly state: VerifierState;
  /** Where it goes on. */
  readonly slot: number;
  /** The branch it comes from. */
  readonly previous: number;
}

/**
 * Puts a copy of the current state aside, to go on at `slot` later, and gives it to the caller to refine.
 * @throws Rejection when too many wait
 */
export function pushPath(
  env: Environment,
  slot: number,
  previous: number,
  speculative: boolean,
): VerifierState {
  const state = env.state.copy();
  state.speculative ||= speculative;
  state.slot = slot;
  state.branches = 1;
  return pushState(env, state, slot, previous);
}

/** The same for a state that the caller made. */
function pushState(env: Environment, state: VerifierState, slot: number, previous: number): VerifierState {
  env.pending.push({ state, slot, previous });
  const limit = env.profile.limits.pendingBranches;
  if (env.pending.length > limit) throw jumpsTooComplex({ jumps: env.pending.length });
  if (state.parent !== null) state.parent.branches++;
  env.observer?.branch?.(previous, slot, state);
  return state;
}
