/** What a call passes to a function of the program, against its prototype (`btf_check_subprog_call`). */
import type { Environment } from '../environment.ts';
import {
  argumentExpectsContext,
  argumentMustNotBeNull,
  argumentNotArena,
  argumentNotScalar,
} from '../messages.gen.ts';
import { Rejection, unsupported } from '../rejection.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import type { ArgumentInfo } from '../subprogram.ts';
import { checkFixedMemory } from './fixed-memory.ts';
import { argumentsOf } from './prototype.ts';

/**
 * Only calls of global functions depend on the answer; why it is no match is then a line before the refusal.
 * @throws Rejection of what cannot be judged
 */
export function matchArguments(env: Environment, number: number): boolean {
  const subprogram = env.subprograms[number]!;
  if (subprogram.unreliable || subprogram.type === 0) return false;
  const lines = env.remarks.length;
  try {
    const infos = argumentsOf(env, number);
    if (infos !== undefined) {
      for (let i = 0; i < infos.length; i++) matchArgument(env, i, infos[i]!);
      return true;
    }
  } catch (error) {
    if (!(error instanceof Rejection) || error.kind === 'unsupported') throw error;
    if (subprogram.isGlobal) env.remark(error.text);
    else env.remarks.length = lines;
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
      if (register.kind !== Kind.ctx) throw argumentExpectsContext({ index });
      if (register.off !== 0 || !register.scalar.isConstant) throw unsupported('a context at an offset');
      return;
    case 'mem':
      if (info.untrusted) return;
      checkFixedMemory(env, number, info.size);
      if (!info.maybeNull && register.maybeNull) throw argumentMustNotBeNull({ index });
      return;
    case 'dynptr':
      throw unsupported('a dynptr passed to a global function');
    case 'btf':
      if (info.untrusted || (info.maybeNull && isNull(register))) return;
      throw unsupported('a kernel pointer passed to a global function');
  }
}

/** `register_is_null` */
function isNull(register: Register): boolean {
  return register.kind === Kind.scalar && register.scalar.constantNumber === 0;
}
