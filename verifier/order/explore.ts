/**
 * The walk over all paths (`do_check`): depth first, one instruction at a time, going back to the last branch put aside
 * when a path ends or comes to a state that is known to be safe.
 */
import type { Environment } from '../environment.ts';
import { programTooLarge } from '../messages.gen.ts';
import { Rejection } from '../rejection.ts';
import { EXIT, stepInstruction } from '../step/step.ts';
import { pushHistory } from './history.ts';
import { commitStackMarks, resetStackMarks, updateLiveStack } from './stack-liveness.ts';
import { isStateVisited, updateBranchCounts } from './visited.ts';

/** How often the walk asks whether it was cancelled. */
const CANCEL_EVERY = 1024;

/** The work was cancelled (`VerifierOptions.signal`). */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Walks every path from `env.slot` in `env.state`. @throws Rejection, Cancelled */
export function explore(env: Environment, signal?: AbortSignal): void {
  const limit = env.profile.limits.processed;
  env.previousSlot = -1;
  let previous = -1;
  for (;;) {
    env.previousSlot = previous;
    env.touched = 0;
    env.dropRemarks();
    if (++env.processed > limit) throw programTooLarge({ processed: env.processed, limit });
    if (env.processed % CANCEL_EVERY === 0 && signal?.aborted) throw new Cancelled();
    const slot = env.slot;
    const { state } = env;
    state.lastSlot = previous;
    state.slot = slot;
    const aux = env.aux[slot]!;
    env.historyEntry = null;
    if (aux.prunePoint && isStateVisited(env)) {
      if (!endPath(env, 'pruned')) return;
      previous = env.previousSlot;
      continue;
    }
    if (aux.jumpPoint) pushHistory(env, null, null);
    env.observer?.before?.(slot, state);
    aux.seen = true;
    previous = slot;
    const next = stepOrLeave(env);
    if (next === EXIT) {
      if (!endPath(env, 'exit')) return;
      previous = env.previousSlot;
      continue;
    }
    env.slot = next;
    env.observer?.after?.(slot, env.state, next);
  }
}

/** One instruction; a speculative path that would be refused ends there instead, behind a barrier. */
function stepOrLeave(env: Environment): number {
  const { state } = env;
  const aux = env.aux[env.slot]!;
  if (state.speculative && aux.nospec) return EXIT;
  const depth = state.frames.length;
  resetStackMarks(env);
  try {
    const next = stepInstruction(env);
    commitStackMarks(env, depth);
    return state.speculative && aux.nospecResult ? EXIT : next;
  } catch (error) {
    if (!(error instanceof Rejection) || !endsSpeculation(env, error)) throw error;
    commitStackMarks(env, depth);
    aux.nospec = true;
    aux.aluState = 0;
    env.remarks.length = 0;
    return EXIT;
  }
}

/** Before 6.17 what a processor may run ahead of was refused too. */
function endsSpeculation(env: Environment, { kind }: Rejection): boolean {
  return env.state.speculative && kind === 'refused' && env.atLeast('6.17');
}

/** Ends the path, and goes on with the last one put aside. False when there is none. */
function endPath(env: Environment, reason: 'exit' | 'pruned'): boolean {
  env.observer?.end?.(reason, env.slot);
  updateBranchCounts(env, env.state);
  updateLiveStack(env);
  const path = env.pending.pop();
  if (path === undefined) return false;
  env.state = path.state;
  env.slot = path.slot;
  env.previousSlot = path.previous;
  env.observer?.resume?.(path.slot, path.previous, path.state);
  return true;
}
