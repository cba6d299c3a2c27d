/** States kept at points where paths meet: is this one covered by one that was safe (`is_state_visited`)? */
import type { Environment } from '../environment.ts';
import type { VerifierState } from '../state/state.ts';

/**
 * Compares the current state with those kept at `env.slot`, keeps it when it is worth it. True: the path may end here.
 * @throws Rejection when the program loops without end
 */
export function isStateVisited(_env: Environment): boolean {
  return false;
}

/** A path ended: states that wait for no other path are complete now (`update_branch_counts`). */
export function updateBranchCounts(_env: Environment, _state: VerifierState): void {}
