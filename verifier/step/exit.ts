/** `exit`: from the program, a function or a callback (`process_bpf_exit_full`). */
import { checkResourceLeak } from '../call/references.ts';
import { returnFromFunction } from '../call/subprogram.ts';
import type { Environment } from '../environment.ts';
import { checkReturnCode } from './return-code.ts';
import { EXIT } from './step.ts';

/** @param thrown the exit of an exception. @returns the next slot or EXIT. @throws Rejection */
export function stepExit(env: Environment, thrown: boolean): number {
  const nested = env.state.frames.length > 1;
  checkResourceLeak(env, thrown ? 'throw' : 'exit', !nested || thrown);
  // Whatever functions are left, their frames go with the path.
  if (thrown) return EXIT;
  if (nested) return returnFromFunction(env);
  checkReturnCode(env, 0, 'R0');
  return EXIT;
}
