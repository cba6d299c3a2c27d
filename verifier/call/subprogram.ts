/** Calls of the program's own functions: static ones are walked into, global ones are held to their prototype. */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { callbackReturnNotScalar, callStackTooDeep, returnsStackPointer } from '../messages.gen.ts';
import { markPrecise } from '../order/precision.ts';
import { updateLiveStack } from '../order/stack-liveness.ts';
import { findPreviousEntry, widenImpreciseScalars } from '../order/widening.ts';
import { unsupported } from '../rejection.ts';
import { Frame, type ReturnRange } from '../state/frame.ts';
import { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import type { VerifierState } from '../state/state.ts';
import { findSubprogram } from '../structure/find-subprogram.ts';
import { clearCallerSaved } from './caller-saved.ts';
import { callGlobalFunction } from './global-function.ts';
import { matchArguments } from './match-arguments.ts';
import { checkReturnRange } from './return-range.ts';

/** A call to the program's functions (`check_func_call`). @returns the next slot. @throws Rejection */
export function checkFunctionCall(env: Environment, insn: Insn): number {
  const number = subprogramAt(env, env.slot + insn.imm + 1);
  const mismatch = matchArguments(env, number);
  if (env.subprograms[number]!.isGlobal) return callGlobalFunction(env, number, mismatch);
  const caller = env.frame;
  const callee = enterFunction(env.state, number, env.slot, env.profile.limits.frames);
  for (let i = 1; i <= 5; i++) callee.registers[i] = caller.registers[i]!;
  clearCallerSaved(env, caller);
  return env.subprograms[number]!.start;
}

/** Number of the function that starts at `slot`; structure found one for each call. */
function subprogramAt(env: Environment, slot: number): number {
  const number = findSubprogram(env.subprograms, slot);
  if (number < 0) throw unsupported('a call to no function');
  return number;
}

/**
 * Puts a fresh frame of function `number` on top of `state` (`setup_func_entry`); the caller fills r1 ... r5.
 * @param callSite slot of the call @throws Rejection
 */
export function enterFunction(state: VerifierState, number: number, callSite: number, limit: number): Frame {
  const depth = state.frames.length;
  if (depth >= limit) throw callStackTooDeep({ frames: depth + 1 });
  const frame = new Frame(callSite, depth, number);
  frame.registers[10] = Register.pointer(Kind.stack, 0, null, 0, 0, depth);
  state.frames.push(frame);
  return frame;
}

/**
 * `exit` in a function or a synchronous callback (`prepare_func_exit`): drops its frame.
 * @returns the slot after the call, or the call itself after a callback: it is walked again. @throws Rejection
 */
export function returnFromFunction(env: Environment): number {
  // What the function did to its callers' frames must be known before states in it are thought complete.
  updateLiveStack(env);
  const { state } = env;
  const callee = env.frame;
  const r0 = callee.registers[0]!;
  // A caller's own stack would be fine to return, but the kernel does not tell them apart.
  if (r0.kind === Kind.stack) throw returnsStackPointer({});
  const caller = state.frames[state.frames.length - 2]!;
  if (!callee.inCallback) {
    caller.registers[0] = r0;
    state.frames.pop();
    return callee.callSite + 1;
  }
  if (r0.kind !== Kind.scalar) throw callbackReturnNotScalar({});
  markPrecise(env, 0);
  checkReturnRange(env, r0.scalar, callee.callbackReturn ?? ZERO_ONLY, 'At callback return', 'R0');
  state.frames.pop();
  if (!env.atLeast('6.6')) return callee.callSite + 1;
  const previous = findPreviousEntry(env, state, callee.callSite);
  if (previous !== null) widenImpreciseScalars(env, previous, state);
  return callee.callSite;
}

const ZERO_ONLY: ReturnRange = { min: 0, max: 0 };
