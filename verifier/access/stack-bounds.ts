/** Does an access lie in the frame (`check_stack_access_within_bounds`)? Then the frame is made as deep as it asks. */
import type { Environment } from '../environment.ts';
import {
  stackOutside,
  stackUnbounded,
  stackVariableOutside,
  stackVariableOutsideOld,
} from '../messages.gen.ts';
import type { Frame } from '../state/frame.ts';
import type { Register } from '../state/register.ts';
import { Int64 } from '../value/int64.ts';
import type { AccessKind } from './access.ts';
import { offsetText } from './offset-text.ts';
import { MAX_VARIABLE_OFFSET } from './region.ts';

const MAX_OFFSET: Int64 = Int64.fromNumber(MAX_VARIABLE_OFFSET);
const MIN_OFFSET: Int64 = Int64.fromNumber(-MAX_VARIABLE_OFFSET);

/**
 * @param off with the register's fixed offset
 * @param byCall the memory is a call's argument
 * @throws Rejection
 */
export function checkStackBounds(
  env: Environment,
  register: Register,
  number: number,
  off: number,
  size: number,
  kind: AccessKind,
  byCall: boolean,
): void {
  const { bits, smin, smax } = register.scalar;
  const frame = env.state.frames[register.extra]!;
  const fixed = bits.mask.isZero();
  const direction = directionText(env, kind, byCall);
  if (!fixed && !(smax.slt(MAX_OFFSET) && MIN_OFFSET.slt(smin))) {
    throw stackUnbounded({ direction, register: number });
  }
  const least = (fixed ? approximate(bits.value) : smin.lo) + off;
  const most = (fixed ? least : smax.lo + off) + size;
  if (least >= deepest(env, frame, kind) && least <= -1 && most <= 0 && size >= 0) {
    growStack(env, frame, -least);
    return;
  }
  if (fixed) throw stackOutside({ direction, register: number, off, size });
  if (!env.atLeast('6.8')) {
    throw stackVariableOutsideOld({ direction, register: number, variable: offsetText(env, register), size });
  }
  throw stackVariableOutside({ direction, register: number, variable: offsetText(env, register), off, size });
}

/** Before 6.14 calls did not say what they want of the memory. */
function directionText(env: Environment, kind: AccessKind, byCall: boolean): string {
  if (byCall && !env.stackRules.tellsCallsApart) return 'indirect access to';
  return kind === 'read' ? 'read from' : 'write to';
}

/** Bytes that were never written may be read in programs with privileges: they are written by reading. */
function deepest(env: Environment, frame: Frame, kind: AccessKind): number {
  if (kind === 'write' || env.readsUninitialisedStack) return -env.profile.limits.stack;
  return -frame.stack.length * 8;
}

/** Far outside it need not be exact. */
function approximate(value: Int64): number {
  return value.hi * 4294967296 + (value.lo >>> 0);
}

/** `grow_stack_state`: the function needs so many bytes of stack. */
function growStack(env: Environment, frame: Frame, size: number): void {
  if (size <= frame.stack.length * 8) return;
  frame.grow(size);
  const subprogram = env.subprograms[frame.subprogram]!;
  subprogram.stackDepth = Math.max(subprogram.stackDepth, frame.stack.length * 8);
}
