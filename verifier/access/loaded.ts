/** What a load leaves in its register. */
import type { Environment } from '../environment.ts';
import { unknownNumber } from '../state/numbers.ts';
import { Kind } from '../state/register-kind.ts';
import { Bounds } from '../value/bounds.ts';
import { signExtend64, truncate } from '../value/extend.ts';
import { Int64 } from '../value/int64.ts';
import { Scalar } from '../value/scalar.ts';
import type { MemoryAccess } from './access.ts';

/** A load from memory of which nothing is known; a store changes nothing. */
export function loadUnknown(env: Environment, access: MemoryAccess): void {
  if (access.kind === 'read' && access.value >= 0) env.setRegister(access.value, unknownNumber(env));
}

/** Fewer than eight bytes fill the register with zeros, or with their sign. */
export function narrowLoaded(env: Environment, number: number, size: 1 | 2 | 4, signExtend: boolean): void {
  const register = env.register(number);
  if (register.kind !== Kind.scalar) return;
  env.setRegister(number, register.withScalar(narrowed(register.scalar, size, signExtend)));
}

function narrowed(scalar: Scalar, size: 1 | 2 | 4, signExtend: boolean): Scalar {
  if (scalar === Scalar.UNKNOWN) return signExtend ? Scalar.signExtended(size) : Scalar.zeroExtended(size);
  return signExtend ? signExtend64(scalar, size) : truncate(scalar, size);
}

/** Any number of a range of small numbers (`__mark_reg_s32_range`). */
export function signedRange(min: number, max: number): Scalar {
  const bounds = new Bounds(Scalar.UNKNOWN);
  bounds.smin = Int64.fromNumber(min);
  bounds.smax = Int64.fromNumber(max);
  bounds.s32min = min;
  bounds.s32max = max;
  return bounds.synced();
}
