/** `exit`: from the program, a function or a callback (`process_bpf_exit_full`). */
import { inTreeCallback } from '../call/locks.ts';
import { checkResourceLeak } from '../call/references.ts';
import { returnFromFunction } from '../call/subprogram.ts';
import type { Environment } from '../environment.ts';
import { checkReturnCode } from './return-code.ts';
import { EXIT } from './step.ts';

/** @param thrown the exit of an exception. @returns the next slot or EXIT. @throws Rejection */
export function stepExit(env: Environment, thrown: boolean): number {
  const nested = env.state.frames.length > 1;
  // Functions may return with a lock held since 6.9.
  const regions = !nested || thrown || (!env.atLeast('6.9') && !inTreeCallback(env));
  checkResourceLeak(env, thrown ? 'throw' : 'exit', regions);
  // Whatever functions are left, their frames go with the path.
  if (thrown) return EXIT;
  if (nested) return returnFromFunction(env);
  checkReturnCode(env, 0, 'R0');
  return EXIT;
}
