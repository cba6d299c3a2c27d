/** The state in which the program or one of its global functions starts (`do_check_common`). */
import type { Environment } from './environment.ts';
import { explore } from './order/explore.ts';
import { Frame } from './state/frame.ts';
import { Register } from './state/register.ts';
import { Kind } from './state/register-kind.ts';
import { VerifierState } from './state/state.ts';

/** Walks subprogram number `number` by itself. @throws Rejection, Cancelled */
export function exploreSubprogram(env: Environment, number: number, signal?: AbortSignal): void {
  const state = new VerifierState();
  const frame = new Frame(-1, 0, number);
  frame.registers[1] = Register.pointer(Kind.ctx, 0, null);
  frame.registers[10] = Register.pointer(Kind.stack, 0, null);
  state.frames.push(frame);
  state.inSleepable = env.input.sleepable ?? false;
  state.firstSlot = env.subprograms[number]!.start;
  state.branches = 1;
  env.state = state;
  env.slot = state.firstSlot;
  env.pending.length = 0;
  env.search.clear();
  env.observer?.enter?.(number);
  explore(env, signal);
}
