/** `exit`: from the program, a function or a callback (`process_bpf_exit_full`). */
import type { Environment } from '../environment.ts';
import { unsupported } from '../rejection.ts';

/** @param thrown the exit of an exception. @returns the next slot or EXIT. @throws Rejection */
export function stepExit(_env: Environment, _thrown: boolean): number {
  throw unsupported('an exit');
}
