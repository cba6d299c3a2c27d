/** What a program, or a function verified by itself, may return (`check_return_code`). */
import { returnRangeOf } from '../../bpf/return-ranges.ts';
import { checkReturnRange } from '../call/return-range.ts';
import type { Environment } from '../environment.ts';
import {
  returnLeaksAddress,
  returnNotKnown,
  returnNotSupported,
  subprogramReturnNotScalar,
  voidHookReturn,
} from '../messages.gen.ts';
import { markPrecise } from '../order/precision.ts';
import { Rejection } from '../rejection.ts';
import type { ReturnRange } from '../state/frame.ts';
import type { Register } from '../state/register.ts';
import { Kind, typeText } from '../state/register-kind.ts';
import { hookReturnRange } from '../structure/security-hooks.ts';
import { readRegister } from './register-argument.ts';

const ANY = null;

/** Attach types of tracing programs of which the kernel knows what they return. */
const TRACING_ATTACH_TYPES: ReadonlySet<string> = new Set([
  'trace_fentry',
  'trace_fexit',
  'trace_raw_tp',
  'modify_return',
  'trace_iter',
]);

/** @param number register that holds the value: r0, or r1 of a throw. @throws Rejection */
export function checkReturnCode(env: Environment, number: number, name: string): void {
  const outer = env.state.frames[0]!;
  const isProgram = outer.subprogram === 0 || outer.inExceptionCallback;
  if (isProgram && returnsNothing(env)) return;
  const value = readRegister(env, number);
  if (!env.privileged && value.kind !== Kind.scalar) throw returnLeaksAddress({ register: number });
  if (outer.inAsyncCallback) {
    const place = env.atLeast('6.8') ? 'At async callback return' : 'At async callback';
    enforce(env, number, value, outer.callbackReturn ?? { min: 0, max: 0 }, place, name);
    return;
  }
  if (!isProgram) {
    if (value.kind === Kind.scalar) return;
    throw subprogramReturnNotScalar({ register: number, type: typeText(value.kind, value.flags) });
  }
  const range = rangeOf(env);
  if (range !== ANY) enforce(env, number, value, range, 'At program exit', name);
}

/** The hook's own result is void. */
function returnsNothing(env: Environment): boolean {
  const { name } = env.type;
  if (name !== 'struct_ops' && (name !== 'lsm' || env.attachType === 'lsm_cgroup')) return false;
  return env.attachTarget?.prototype.returns === 0;
}

function rangeOf(env: Environment): ReturnRange | typeof ANY {
  if (env.type.name === 'lsm') return hookReturnRange(env);
  if (env.type.name === 'tracing' && !TRACING_ATTACH_TYPES.has(env.attachType)) throw returnNotSupported({});
  const range = returnRangeOf(env.type.name, env.attachType, (release) => env.atLeast(release));
  return range === null ? ANY : { min: range[0], max: range[1] };
}

function enforce(
  env: Environment,
  number: number,
  value: Register,
  range: ReturnRange,
  place: string,
  name: string,
): void {
  if (value.kind !== Kind.scalar) {
    const said = place === 'At async callback' ? 'In async callback' : place;
    throw returnNotKnown({ place: said, register: number, type: typeText(value.kind, value.flags) });
  }
  if (env.atLeast('6.8')) markPrecise(env, number);
  try {
    checkReturnRange(env, value.scalar, range, place, name);
  } catch (error) {
    if (error instanceof Rejection && isVoidHook(env)) throw voidHookReturn({ text: error.text });
    throw error;
  }
}

function isVoidHook(env: Environment): boolean {
  return (
    env.attachType === 'lsm_cgroup' && env.type.name === 'lsm' && env.attachTarget?.prototype.returns === 0
  );
}
