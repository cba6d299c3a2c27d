/** Kept states lose what nobody will read from there on (`clean_verifier_state`): less to compare, and more is equal. */
import type { Environment } from '../environment.ts';
import type { Frame } from '../state/frame.ts';
import { NOT_INIT } from '../state/register.ts';
import { EMPTY_SLOT } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';
import { haveSameCallSites } from './equal.ts';
import type { KeptState } from './kept-state.ts';
import { isStackLive } from './stack-liveness.ts';

/** Cleans the states of a list that stand where `current` does and whose paths are all walked (`clean_live_states`). */
export function cleanKept(env: Environment, newest: KeptState | null, current: VerifierState): void {
  for (let kept = newest; kept !== null; kept = kept.older) {
    const { state } = kept;
    if (state.branches > 0 || state.cleaned || state.slot !== current.slot) continue;
    if (!haveSameCallSites(state, current) || kept.incomplete) continue;
    clean(env, state);
  }
}

function clean(env: Environment, state: VerifierState): void {
  state.cleaned = true;
  for (const frame of state.frames) {
    cleanRegisters(frame, env.aux[state.slotOf(frame.number)]!.liveRegisters);
    const { stack } = frame;
    for (let spi = 0; spi < stack.length; spi++) {
      if (!isStackLive(env, state, frame.number, spi)) stack[spi] = EMPTY_SLOT;
    }
  }
}

function cleanRegisters({ registers }: Frame, live: number): void {
  for (let i = 0; i < 10; i++) if (((live >>> i) & 1) === 0) registers[i] = NOT_INIT;
}
