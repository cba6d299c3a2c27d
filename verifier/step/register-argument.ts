/** Operands of an instruction (`check_reg_arg`): a register that is read has been written, r10 is never written. */
import type { Environment } from '../environment.ts';
import { framePointerReadOnly, registerInvalid, registerNotReadable } from '../messages.gen.ts';
import { type Register, UNKNOWN_NUMBER } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';

/** A register that the instruction reads (`SRC_OP`). @throws Rejection */
export function readRegister(env: Environment, number: number): Register {
  if (number > 10) throw registerInvalid({ register: number });
  env.touched |= 1 << number;
  const register = env.frame.registers[number]!;
  if (register.kind === Kind.notInit) throw registerNotReadable({ register: number });
  return register;
}

/** A register that the instruction will write, checked only (`DST_OP_NO_MARK`). @throws Rejection */
export function checkWritable(env: Environment, number: number): void {
  if (number > 10) throw registerInvalid({ register: number });
  env.touched |= 1 << number;
  if (number === 10) throw framePointerReadOnly({});
}

/** A register that the instruction overwrites with what is not known yet (`DST_OP`). @throws Rejection */
export function overwriteRegister(env: Environment, number: number): void {
  checkWritable(env, number);
  env.frame.registers[number] = UNKNOWN_NUMBER;
}
