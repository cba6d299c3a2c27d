/** Loads and stores of the stack: bounds first, then by whether the offset is known (`check_stack_read`, `check_stack_write`). */
import type { Environment } from '../environment.ts';
import { stackVariableHelper } from '../messages.gen.ts';
import type { Register } from '../state/register.ts';
import type { MemoryAccess } from './access.ts';
import { offsetText } from './offset-text.ts';
import { checkStackBounds } from './stack-bounds.ts';
import { readStackAt, readStackWithin } from './stack-read.ts';
import { writeStackAt, writeStackWithin } from './stack-write.ts';

/** @param off with the register's fixed offset. @throws Rejection */
export function accessStack(env: Environment, access: MemoryAccess, register: Register, off: number): void {
  const { kind, base, size, value } = access;
  checkStackBounds(env, register, base, off, size, kind, false);
  const { bits } = register.scalar;
  const fixed = bits.mask.isZero();
  const frame = env.state.frames[register.extra]!;
  if (kind === 'write') {
    if (fixed) writeStackAt(env, frame, (off + bits.value.lo) | 0, size, value);
    else writeStackWithin(env, frame, register, off, size, value);
    return;
  }
  if (fixed) {
    readStackAt(env, frame, (off + bits.value.lo) | 0, size, value);
    return;
  }
  // Who does not take the value could not be told what it may be.
  if (value < 0) throw stackVariableHelper({ variable: offsetText(env, register), off, size });
  readStackWithin(env, frame, register, base, off, size, value);
}
