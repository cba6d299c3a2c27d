/** Registers that no call keeps (`clear_caller_saved_regs`). */
import type { Environment } from '../environment.ts';
import type { Frame } from '../state/frame.ts';
import { NOT_INIT } from '../state/register.ts';

/** A call leaves nothing in r0 ... r5; what it returns is put there afterwards. */
export function clearCallerSaved(env: Environment, frame: Frame): void {
  frame.registers.fill(NOT_INIT, 0, 6);
  env.touched |= 0x3f;
}
