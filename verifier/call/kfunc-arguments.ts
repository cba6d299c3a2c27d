/** Arguments of a kernel function (`check_kfunc_args`). */
import { sizeForKernel } from '../../bpf/btf/verify-resolve.ts';
import { isTrusted } from '../access/btf-trust.ts';
import { checkSizedMemory } from '../access/helper-memory.ts';
import type { Environment } from '../environment.ts';
import {
  argumentNotScalar,
  argumentSizeUnknown,
  kfuncArgumentUnknown,
  kfuncConstantWanted,
  kfuncManyArguments,
  kfuncMapWanted,
  kfuncMayBeNull,
  kfuncMemoryPair,
  kfuncNeedsRcuPointer,
  kfuncNeedsTrusted,
  kfuncPointerKind,
  kfuncPointsToNoNumbers,
  kfuncReleasesNothing,
  kfuncResultSizeConstant,
  kfuncTwoResultSizes,
} from '../messages.gen.ts';
import { markPrecise } from '../order/precision.ts';
import { Rejection } from '../rejection.ts';
import { isZero } from '../state/numbers.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { checkFixedMemory, withoutNull } from './fixed-memory.ts';
import type { KfuncCall } from './kfunc-call.ts';
import type { KfuncParameter, PointerParameter, PointerRole } from './kfunc-parameter.ts';
import { checkPointerArgument, checkSameMap } from './kfunc-pointer.ts';
import { kindText } from './prototype.ts';
import { checkArgumentOffset } from './register-types.ts';
import { isRcu, kernelStructureOf } from './trust.ts';

const MOST_ARGUMENTS = 5;

/** What the argument turned out to be, register and parameter together. */
export type ArgumentRole =
  | Exclude<PointerRole, 'any'>
  | 'null'
  | 'object'
  | 'callback'
  | 'memory'
  | 'sized-memory';

/** @throws Rejection */
export function checkKfuncArguments(env: Environment, call: KfuncCall): void {
  const { parameters, name, release } = call.kfunc;
  const count = parameters.length;
  if (count > MOST_ARGUMENTS) throw kfuncManyArguments({ name, count });
  for (let index = 0; index < count; index++) {
    const parameter = parameters[index]!;
    switch (parameter.kind) {
      case 'ignored':
        break;
      case 'number':
        checkNumber(env, call, index, parameter);
        break;
      case 'other':
        throw kfuncArgumentUnknown({ index, kind: parameter.text });
      case 'pointer':
        // A buffer takes its size along.
        if (checkPointer(env, call, index, parameter) === 'sized-memory') index++;
        break;
    }
  }
  if (release && call.releases === 0) throw kfuncReleasesNothing({ name });
}

function checkNumber(
  env: Environment,
  call: KfuncCall,
  index: number,
  parameter: Extract<KfuncParameter, { kind: 'number' }>,
): void {
  const number = index + 1;
  const { kind, scalar } = env.register(number);
  if (kind !== Kind.scalar) throw argumentNotScalar({ register: number });
  if (parameter.constant) {
    if (!scalar.isConstant) throw kfuncConstantWanted({ register: number });
    markPrecise(env, number);
    call.constant = scalar;
    return;
  }
  if (parameter.resultSize === 'none') return;
  if (parameter.resultSize === 'read') call.resultReadOnly = true;
  if (call.resultSize !== 0) throw kfuncTwoResultSizes({});
  if (!scalar.isConstant) throw kfuncResultSizeConstant({ register: number });
  // The kernel keeps 32 bits of it.
  call.resultSize = scalar.constantValue.lo >>> 0;
  markPrecise(env, number);
}

function checkPointer(
  env: Environment,
  call: KfuncCall,
  index: number,
  parameter: PointerParameter,
): ArgumentRole {
  const { kfunc } = call;
  const number = index + 1;
  const register = env.register(number);
  const careful = kfunc.trusted || kfunc.rcu;
  if (careful && !parameter.nullable && (isZero(register) || register.maybeNull))
    throw kfuncMayBeNull({ index });
  if (register.ref !== 0) {
    call.ref = register.ref;
    if (kfunc.release) call.releases = number;
  }
  const role = roleFor(env, call, index, parameter, register);
  if (role === 'null') return role;
  if (role === 'map') noteMap(env, call, register, number);
  if (careful && isObject(role)) checkTrust(register, number, kfunc.rcu);
  checkArgumentOffset(env, register, number, kfunc.release && register.ref !== 0, false);
  switch (role) {
    case 'memory':
      checkMemory(env, call, index, parameter);
      break;
    case 'sized-memory':
      checkSized(env, call, index, parameter);
      break;
    default:
      checkPointerArgument(env, call, index, parameter, role);
  }
  return role;
}

function isObject(role: ArgumentRole): boolean {
  return role === 'map' || role === 'alloc' || role === 'object';
}

function checkTrust(register: Register, number: number, rcu: boolean): void {
  if (isTrusted(register)) return;
  if (!rcu) throw kfuncNeedsTrusted({ register: number });
  if (!isRcu(register)) throw kfuncNeedsRcuPointer({ register: number });
}

/** `get_kfunc_ptr_arg_type` */
function roleFor(
  env: Environment,
  call: KfuncCall,
  index: number,
  parameter: PointerParameter,
  register: Register,
): ArgumentRole {
  const { role } = parameter;
  if (role === 'ctx') return role;
  if (parameter.nullable && isZero(register)) return 'null';
  if (role !== 'any') return role;
  const { kfunc } = call;
  const { btf, name } = kfunc;
  const target = btf.type(parameter.target);
  const named = { index, kind: kindText(target), name: 'name' in target ? target.name : '' };
  if (register.kind === Kind.btfId || kernelStructureOf(register.kind) !== undefined) {
    if (target.kind !== 'struct' && target.kind !== 'union')
      throw kfuncPointerKind({ kfunc: name, ...named });
    return 'object';
  }
  if (parameter.isCallback) return 'callback';
  const sized = isSized(env, call, index);
  if (parameter.numbers !== 'yes' && !(sized && target.kind === 'void')) {
    if (parameter.numbers === 'too-deep') env.remark('max struct nesting depth exceeded');
    throw kfuncPointsToNoNumbers({ ...named, what: sized ? 'void, ' : '' });
  }
  return sized ? 'sized-memory' : 'memory';
}

/** The next argument is the size of this one. */
function isSized(env: Environment, call: KfuncCall, index: number): boolean {
  const next = call.kfunc.parameters[index + 1];
  return next?.kind === 'number' && next.size !== 'none' && env.register(index + 2).kind === Kind.scalar;
}

function noteMap(env: Environment, call: KfuncCall, register: Register, number: number): void {
  const { detail } = register;
  if (detail?.kind !== 'map') throw kfuncMapWanted({ register: number });
  checkSameMap(env, call, detail);
  call.map = detail;
}

function checkMemory(
  env: Environment,
  { kfunc }: KfuncCall,
  index: number,
  parameter: PointerParameter,
): void {
  const size = sizeForKernel(kfunc.btf, parameter.target);
  if (size === undefined) {
    const target = kfunc.btf.type(parameter.target);
    const name = 'name' in target ? target.name : '';
    throw argumentSizeUnknown({ index, kind: kindText(target), name, error: -22 });
  }
  checkFixedMemory(env, index + 1, size);
}

function checkSized(env: Environment, call: KfuncCall, index: number, parameter: PointerParameter): void {
  const number = index + 1;
  if (!isZero(env.register(number)) || !parameter.optional) checkBuffer(env, index);
  const next = call.kfunc.parameters[index + 1];
  if (next?.kind !== 'number' || next.size !== 'constant') return;
  const { scalar } = env.register(number + 1);
  if (!scalar.isConstant) throw kfuncConstantWanted({ register: number + 1 });
  call.constant = scalar;
}

/** `check_kfunc_mem_size_reg` */
function checkBuffer(env: Environment, index: number): void {
  const number = index + 1;
  try {
    withoutNull(env, number, () => {
      checkSizedMemory(env, number + 1, { access: 'read', zeroAllowed: true, uninitialised: false });
      checkSizedMemory(env, number + 1, { access: 'write', zeroAllowed: true, uninitialised: false });
    });
  } catch (error) {
    if (!(error instanceof Rejection) || error.kind === 'unsupported') throw error;
    env.remark(error.text);
    throw kfuncMemoryPair({ buffer: index, size: index + 1 });
  }
}
