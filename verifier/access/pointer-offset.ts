/** Pointers that must be as they were given, or moved by a constant only (`check_ptr_off_reg`). */
import type { Environment } from '../environment.ts';
import { pointerModified, pointerNegative, pointerVariable } from '../messages.gen.ts';
import type { Register } from '../state/register.ts';
import { typeText } from '../state/register-kind.ts';
import { offsetText } from './offset-text.ts';

/** @throws Rejection */
export function checkPointerOffset(
  env: Environment,
  register: Register,
  number: number,
  fixedAllowed: boolean,
): void {
  const { off } = register;
  if (off === 0 && isFixed(register)) return;
  const type = typeText(register.kind, register.flags);
  if (off < 0) throw pointerNegative({ type, register: number, off });
  if (!fixedAllowed && off !== 0) throw pointerModified({ type, register: number, off });
  if (!isFixed(register)) {
    throw pointerVariable({ type, variable: offsetText(env, register), register: number });
  }
}

/** Nothing was added but what `off` tells. */
export function isFixed(register: Register): boolean {
  const { bits } = register.scalar;
  return bits.mask.isZero() && bits.value.isZero();
}
