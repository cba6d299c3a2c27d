/** A state kept at a point where paths meet (`struct bpf_verifier_state_list`). */
import type { VerifierState } from '../state/state.ts';

export interface KeptState {
  readonly state: VerifierState;
  misses: number;
  hits: number;
}
