/** What a call passes to a function of the program, against its prototype (`btf_check_subprog_call`). */
import type { Environment } from '../environment.ts';
import {
  argumentExpectsContext,
  argumentMustNotBeNull,
  argumentNotArena,
  argumentNotScalar,
} from '../messages.gen.ts';
import { Rejection } from '../rejection.ts';
import { isZero } from '../state/numbers.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import type { ArgumentInfo } from '../subprogram.ts';
import { checkDynptrArgument } from './dynptr-argument.ts';
import { checkFixedMemory } from './fixed-memory.ts';
import { ArgumentRule } from './helper-prototype.ts';
import { argumentsOf } from './prototype.ts';
import { checkArgumentOffset, checkRegisterType } from './register-types.ts';

/**
 * Only calls of global functions depend on the answer. Why it is no match is said in a line; of a static function, whose
 * prototype the compiler may have changed, it means nothing.
 * @throws Rejection of what cannot be judged
 */
export function matchArguments(env: Environment, number: number): boolean {
  const subprogram = env.subprograms[number]!;
  if (subprogram.unreliable || subprogram.type === 0) return false;
  try {
    const infos = argumentsOf(env, number);
    if (infos !== undefined) {
      for (let i = 0; i < infos.length; i++) matchArgument(env, i, infos[i]!);
      return true;
    }
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    if (error.kind === 'unsupported' && subprogram.isGlobal) throw error;
    env.remark(error.text);
  }
  subprogram.unreliable = true;
  return false;
}

/** @throws Rejection when the argument is not what the function takes */
function matchArgument(env: Environment, index: number, info: ArgumentInfo): void {
  const number = index + 1;
  const register = env.register(number);
  switch (info.kind) {
    case 'anything':
      if (register.kind !== Kind.scalar) throw argumentNotScalar({ register: number });
      return;
    case 'arena':
      if (register.kind !== Kind.arena && register.kind !== Kind.scalar) {
        throw argumentNotArena({ register: number });
      }
      return;
    case 'ctx':
      checkArgumentOffset(env, register, number, false, false);
      if (register.kind !== Kind.ctx) throw argumentExpectsContext({ index });
      return;
    case 'mem':
      // Untrusted memory is read by probes, which nothing can harm.
      if (info.untrusted) return;
      checkArgumentOffset(env, register, number, false, false);
      checkFixedMemory(env, number, info.size);
      if (!info.maybeNull && register.maybeNull) throw argumentMustNotBeNull({ index });
      return;
    case 'dynptr':
      checkArgumentOffset(env, register, number, false, true);
      checkDynptrArgument(env, number, { makes: false, constant: info.readOnly, type: undefined });
      return;
    case 'btf':
      if (!info.untrusted) checkKernelPointer(env, register, number, info);
      return;
  }
}

function checkKernelPointer(
  env: Environment,
  register: Register,
  number: number,
  info: Extract<ArgumentInfo, { kind: 'btf' }>,
): void {
  if (info.maybeNull && isZero(register)) return;
  const rule = new ArgumentRule({
    type: 'PTR_TO_BTF_ID',
    flags: info.maybeNull ? ['PTR_MAYBE_NULL'] : [],
    btf: info.btf.nameOf(info.type),
  });
  checkRegisterType(env, number, 'PTR_TO_BTF_ID', rule, null);
  checkArgumentOffset(env, register, number, false, false);
}
