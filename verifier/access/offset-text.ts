/** The variable part of an offset as messages print it (`tnum_strn`): from 6.8 on as a number where it is known. */
import type { Environment } from '../environment.ts';
import { tnumText } from '../log/scalar-text.ts';
import type { Register } from '../state/register.ts';

export function offsetText(env: Environment, { scalar: { bits } }: Register): string {
  if (env.atLeast('6.8')) return tnumText(bits);
  return `(0x${bits.value.toHex()}; 0x${bits.mask.toHex()})`;
}
