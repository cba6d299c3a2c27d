/** Memory of a size that the callee's types tell (`check_mem_reg`). */
import { checkHelperMemory } from '../access/helper-memory.ts';
import type { Environment } from '../environment.ts';
import { isZero } from '../state/numbers.ts';
import { Flag } from '../state/register-kind.ts';

/** Register `number` is null or points to `size` bytes that may be read and written. @throws Rejection */
export function checkFixedMemory(env: Environment, number: number, size: number): void {
  if (isZero(env.register(number))) return;
  withoutNull(env, number, () => {
    checkHelperMemory(env, number, size, { access: 'read', zeroAllowed: true, uninitialised: false });
    checkHelperMemory(env, number, size, { access: 'write', zeroAllowed: true, uninitialised: false });
  });
}

/** What is checked meanwhile is the pointer that register `number` is if it is one. */
export function withoutNull(env: Environment, number: number, check: () => void): void {
  const register = env.register(number);
  if (!register.maybeNull) {
    check();
    return;
  }
  env.setRegister(number, register.withFlags(register.flags & ~Flag.maybeNull));
  check();
  env.setRegister(number, register);
}
