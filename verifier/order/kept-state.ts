/** A state kept at a point where paths meet (`struct bpf_verifier_state_list`), in a list of which the newest is first. */
import type { VerifierState } from '../state/state.ts';
import type { ComponentVisit } from './component.ts';

export class KeptState {
  readonly state: VerifierState;
  /** Visit of the strongly connected component that it stands in; null: in none. */
  readonly visit: ComponentVisit | null;
  misses = 0;
  hits = 0;
  /** Found useless: no longer compared, there only for the states that came from it. */
  evicted = false;
  /** The next older one of its list. */
  older: KeptState | null = null;

  constructor(state: VerifierState, visit: ComponentVisit | null) {
    this.state = state;
    this.visit = visit;
  }

  /** Paths through its component are still to be walked, so that it may get more precision marks (`incomplete_read_marks`). */
  get incomplete(): boolean {
    return this.visit !== null && this.visit.backEdges.length > 0;
  }
}
