/**
 * Visits of strongly connected components (`struct bpf_scc_visit`). A state in a loop can be found equal to one whose own
 * paths are not all walked: it may yet learn that a value matters. Such states are kept as back edges until everything
 * that began with the component's entry is walked; then precision goes along them until nothing changes.
 */
import type { Environment } from '../environment.ts';
import type { VerifierState } from '../state/state.ts';
import { forceAllPrecise, propagatePrecision } from './precision.ts';

/** Rounds over the back edges before everything is called precise. */
const MAX_ROUNDS = 64;

/** One component, entered through one chain of calls. */
export class ComponentVisit {
  /** Call sites of the frames outside of the component. */
  readonly callSites: readonly number[];
  /** First state kept in it; null: all that began there is walked. */
  entry: VerifierState | null = null;
  backEdges: VerifierState[] = [];

  constructor(callSites: readonly number[]) {
    this.callSites = callSites;
  }
}

/**
 * The visit that a state to be kept belongs to, begun with it where it is the first (`maybe_enter_scc`); null outside of
 * components.
 */
export function enterComponent(env: Environment, state: VerifierState): ComponentVisit | null {
  const depth = frameInComponent(env, state);
  if (depth < 0) return null;
  const visit = findVisit(env, state, depth);
  visit.entry ??= state;
  return visit;
}

/** All paths from `state` are walked: if it began the visit, its back edges learn what matters (`maybe_exit_scc`). */
export function exitComponent(env: Environment, state: VerifierState, visit: ComponentVisit | null): void {
  if (visit === null || visit.entry !== state) return;
  visit.entry = null;
  const { explored } = env.search;
  explored.backEdges -= visit.backEdges.length;
  explored.notePeak(env);
  propagateBackEdges(env, visit);
}

/** `current` is equal to `equal`, which may still learn (`add_scc_backedge`): notes a copy of it. */
export function addBackEdge(
  env: Environment,
  visit: ComponentVisit,
  equal: VerifierState,
  current: VerifierState,
): void {
  const copy = current.copy();
  copy.equalState = equal;
  visit.backEdges.push(copy);
  const { explored } = env.search;
  explored.backEdges++;
  explored.notePeak(env);
}

function propagateBackEdges(env: Environment, visit: ComponentVisit): void {
  const { backEdges } = visit;
  for (let round = 0, changed = true; changed; round++) {
    if (round > MAX_ROUNDS) {
      for (const edge of backEdges) forceAllPrecise(env, edge);
      break;
    }
    changed = false;
    // The newest first, as in the kernel.
    for (let i = backEdges.length - 1; i >= 0; i--) {
      const edge = backEdges[i]!;
      if (propagatePrecision(env, edge.equalState!, edge)) changed = true;
    }
  }
  visit.backEdges = [];
}

/** Number of the outermost frame that stands in a component; -1: none does. */
function frameInComponent(env: Environment, state: VerifierState): number {
  for (let depth = 0; depth < state.frames.length; depth++) {
    if (env.aux[state.slotOf(depth)]!.component !== 0) return depth;
  }
  return -1;
}

function findVisit(env: Environment, state: VerifierState, depth: number): ComponentVisit {
  const { component } = env.aux[state.slotOf(depth)]!;
  let visits = env.search.visits.get(component);
  if (visits === undefined) {
    visits = [];
    env.search.visits.set(component, visits);
  }
  for (const visit of visits) if (isCalledFrom(visit, state, depth)) return visit;
  const callSites: number[] = [];
  for (let outer = 0; outer < depth; outer++) callSites.push(state.slotOf(outer));
  const visit = new ComponentVisit(callSites);
  visits.push(visit);
  return visit;
}

function isCalledFrom(visit: ComponentVisit, state: VerifierState, depth: number): boolean {
  if (visit.callSites.length !== depth) return false;
  for (let outer = 0; outer < depth; outer++) {
    if (visit.callSites[outer] !== state.slotOf(outer)) return false;
  }
  return true;
}
