/** States kept at points where paths meet: is this one covered by one that was safe (`is_state_visited`)? */
import type { Environment } from '../environment.ts';
import { isMayGoto } from '../instruction.ts';
import { infiniteLoop } from '../messages.gen.ts';
import type { VerifierState } from '../state/state.ts';
import { cleanKept } from './clean.ts';
import { addBackEdge, enterComponent, exitComponent } from './component.ts';
import { areStatesEqual, didIterate, followsActiveIterator, mayLoop } from './equal.ts';
import { pushHistory } from './history.ts';
import { KeptState } from './kept-state.ts';
import { forgetPrecision, propagatePrecision } from './precision.ts';
import { Exactness } from './register-equal.ts';

/** A longer history makes a state be kept. */
const MAX_HISTORY = 40;
/** A state is kept after so many jumps and instructions since the last one. */
const KEEP_JUMPS = 2;
const KEEP_INSNS = 8;
/** In a loop after so many. */
const KEEP_LOOP_JUMPS = 20;
const KEEP_LOOP_INSNS = 100;
/** Misses before a kept state is thought useless, once and for each hit; more at a forced checkpoint still in use. */
const MISSES = 3;
const CHECKPOINT_MISSES = 64;
/** Kept states of one list without capabilities (`BPF_COMPLEXITY_LIMIT_STATES`). */
const MAX_STATES = 64;

/** What a comparison with one kept state says: the path may end, go on, or go on without being kept. */
type Verdict = 'hit' | 'miss' | 'looping';

/** One question: the same for all kept states it is asked of. */
interface Visit {
  readonly forced: boolean;
  /** The current state is worth keeping. */
  keep: boolean;
  /** The last comparison was of a state whose paths are not all walked. */
  loop: boolean;
}

/**
 * Compares the current state with those kept at `env.slot`, keeps it when it is worth it. True: the path may end here.
 * @throws Rejection when the program loops without end
 */
export function isStateVisited(env: Environment): boolean {
  const { state, slot } = env;
  const { explored } = env.search;
  const visit = beginVisit(env);
  const list = explored.list(slot, state.frame.callSite);
  cleanKept(env, explored.newest(list), state);
  let count = 0;
  let newer: KeptState | null = null;
  for (let kept = explored.newest(list); kept !== null; ) {
    count++;
    const { older } = kept;
    if (kept.state.slot === slot) {
      const verdict = compare(env, kept, visit);
      if (verdict === 'hit') return endAt(env, kept, visit.loop);
      if (verdict === 'looping' && isTooSoon(env, visit)) visit.keep = false;
      if (visit.keep) kept.misses++;
      if (isUseless(env, kept)) {
        explored.evict(list, kept, newer);
        kept = older;
        continue;
      }
    }
    newer = kept;
    kept = older;
  }
  env.maxStatesPerInstruction = Math.max(env.maxStatesPerInstruction, count);
  if (visit.keep && (env.privileged || count <= MAX_STATES)) keep(env, list);
  return false;
}

function beginVisit(env: Environment): Visit {
  const forced = env.keepsEveryState || env.aux[env.slot]!.forceCheckpoint || isHistoryLong(env);
  const enough =
    env.jumpsProcessed - env.previousJumpsProcessed >= KEEP_JUMPS &&
    env.processed - env.previousProcessed >= KEEP_INSNS;
  return { forced, keep: forced || enough, loop: false };
}

function isHistoryLong(env: Environment): boolean {
  return env.state.history.length > MAX_HISTORY && env.atLeast('6.12');
}

function compare(env: Environment, kept: KeptState, visit: Visit): Verdict {
  const { state } = env;
  if (kept.state.branches > 0) return compareUnfinished(env, kept.state, visit);
  visit.loop = kept.incomplete;
  const exactness = visit.loop ? Exactness.within : Exactness.none;
  return areStatesEqual(env, kept.state, state, exactness) ? 'hit' : 'miss';
}

/** A state that the current one came from, or whose other paths wait: it is not known to be safe yet. */
function compareUnfinished(env: Environment, kept: VerifierState, visit: Visit): Verdict {
  const { state, slot } = env;
  const { frame } = kept;
  // Another entry into an asynchronous callback is no round of a loop.
  if (frame.inAsyncCallback && frame.asyncEntries !== state.frame.asyncEntries) return 'looping';
  if (env.aux[slot]!.isIteratorNext) {
    if (!areStatesEqual(env, kept, state, Exactness.within) || !followsActiveIterator(state))
      return 'looping';
    visit.loop = true;
    return 'hit';
  }
  if (
    isMayGoto(env.insns[slot]!) &&
    kept.mayGotoDepth !== state.mayGotoDepth &&
    areStatesEqual(env, kept, state, Exactness.within)
  ) {
    visit.loop = true;
    return 'hit';
  }
  if (env.aux[slot]!.callsCallback) {
    return areStatesEqual(env, kept, state, Exactness.within) ? 'hit' : 'looping';
  }
  if (isEndless(env, kept, state)) throw infiniteLoop({ slot });
  return 'looping';
}

function isEndless(env: Environment, kept: VerifierState, state: VerifierState): boolean {
  return (
    mayLoop(kept, state) &&
    areStatesEqual(env, kept, state, exactnessOfLoops(env)) &&
    !didIterate(kept, state) &&
    kept.mayGotoDepth === state.mayGotoDepth &&
    kept.callbackUnrollDepth === state.callbackUnrollDepth
  );
}

/** Before 6.7 a loop was endless when nothing changed that had mattered so far. */
function exactnessOfLoops(env: Environment): Exactness {
  return env.atLeast('6.7') ? Exactness.exact : Exactness.none;
}

/** Rounds of a loop differ from one another: most of their states help nobody. */
function isTooSoon(env: Environment, visit: Visit): boolean {
  return (
    !visit.forced &&
    env.jumpsProcessed - env.previousJumpsProcessed < KEEP_LOOP_JUMPS &&
    env.processed - env.previousProcessed < KEEP_LOOP_INSNS
  );
}

function isUseless(env: Environment, kept: KeptState): boolean {
  const inUse = env.aux[env.slot]!.forceCheckpoint && kept.state.branches > 0;
  const misses = inUse ? CHECKPOINT_MISSES : MISSES;
  return kept.misses > kept.hits * misses + misses;
}

/** The path ends: what mattered from the kept state on matters on the way here too. */
function endAt(env: Environment, kept: KeptState, loop: boolean): boolean {
  kept.hits++;
  const { state } = env;
  if (env.aux[env.slot]!.jumpPoint) pushHistory(env, null, null);
  propagatePrecision(env, kept.state, state);
  if (loop && kept.visit !== null) addBackEdge(env, kept.visit, kept.state, state);
  return true;
}

/** Keeps what is known now, and goes on as its child. */
function keep(env: Environment, list: number): void {
  const { state } = env;
  const { explored } = env.search;
  env.totalStates++;
  env.previousJumpsProcessed = env.jumpsProcessed;
  env.previousProcessed = env.processed;
  if (env.privileged) forgetPrecision(state);
  const copy = state.fork();
  const kept = new KeptState(copy, enterComponent(env, copy));
  copy.kept = kept;
  explored.add(list, kept);
  explored.notePeak(env);
  state.parent = copy;
  state.firstSlot = env.slot;
  state.depth = copy.depth + 1;
}

/** A path ended: states that wait for no other path are complete now (`update_branch_counts`). */
export function updateBranchCounts(env: Environment, ended: VerifierState): void {
  for (let state: VerifierState | null = ended; state !== null; ) {
    if (--state.branches > 0) return;
    const { parent, kept }: VerifierState = state;
    if (kept !== null) {
      exitComponent(env, state, kept.visit);
      env.search.explored.release(kept);
    }
    state = parent;
  }
}
