/** Numbers that instructions leave in registers: what is unknown is precise when the program has no privileges. */
import type { Environment } from '../environment.ts';
import type { Scalar } from '../value/scalar.ts';
import { Register, UNKNOWN_NUMBER, ZERO_NUMBER } from './register.ts';
import { Flag, Kind } from './register-kind.ts';

/** Any number (`mark_reg_unknown`). */
export function unknownNumber(env: Environment): Register {
  return env.privileged ? UNKNOWN_NUMBER : UNKNOWN_NUMBER.withPrecise(true);
}

/** The number 0 (`__mark_reg_const_zero`). */
export function zeroNumber(env: Environment): Register {
  return env.privileged ? ZERO_NUMBER : ZERO_NUMBER.withPrecise(true);
}

/** The number 0, as a null pointer is one (`register_is_null`). */
export function isZero(register: Register): boolean {
  const { bits } = register.scalar;
  return register.kind === Kind.scalar && bits.mask.isZero() && bits.value.isZero();
}

/** The same number without a link to others. */
export function unlinked(register: Register): Register {
  if (register.id === 0 && register.flags === 0) return register;
  return new Register(
    Kind.scalar,
    register.flags & ~Flag.addConst,
    register.scalar,
    0,
    0,
    register.ref,
    register.detail,
    register.extra,
    register.precise,
  );
}

/**
 * The register about to be copied: an unknown number gets an id that its copies share, so that they learn from one
 * another's branches (`assign_scalar_id_before_mov`). The frame's register changes too.
 */
export function linkForCopy(env: Environment, number: number): Register {
  const { registers } = env.frame;
  let register = registers[number]!;
  if (register.kind !== Kind.scalar) return register;
  if ((register.flags & Flag.addConst) !== 0) register = unlinked(register);
  if (register.id === 0 && !register.scalar.isConstant) register = register.withId(env.nextId());
  registers[number] = register;
  return register;
}

/** Bits that the number needs, unsigned (`get_reg_width`). */
export function widthOf(scalar: Scalar): number {
  return scalar.umax.bitLength();
}
