/** Locks held, and what a program may not do meanwhile. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { unsupported } from '../rejection.ts';

/** A call while a lock is held: only unlocking and a few kernel functions are allowed. @throws Rejection */
export function checkCallUnderLock(_env: Environment, _insn: Insn): void {
  throw unsupported('a call under a lock');
}
