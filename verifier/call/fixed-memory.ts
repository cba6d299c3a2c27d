/** Memory of a size that the callee's types tell (`check_mem_reg`). */
import { checkHelperMemory } from '../access/helper-memory.ts';
import type { Environment } from '../environment.ts';
import { Flag, Kind } from '../state/register-kind.ts';

/** Register `number` is null or points to `size` bytes that may be read and written. @throws Rejection */
export function checkFixedMemory(env: Environment, number: number, size: number): void {
  const register = env.register(number);
  if (register.kind === Kind.scalar && register.scalar.constantNumber === 0) return;
  // What is checked is the pointer that it is if it is one.
  if (register.maybeNull) env.setRegister(number, register.withFlags(register.flags & ~Flag.maybeNull));
  checkHelperMemory(env, number, size, { access: 'read', zeroAllowed: true, uninitialised: false });
  checkHelperMemory(env, number, size, { access: 'write', zeroAllowed: true, uninitialised: false });
  if (register.maybeNull) env.setRegister(number, register);
}
