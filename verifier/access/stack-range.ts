/** Stack that a call reads or writes, or that is read at an unknown offset (`check_stack_range_initialized`). */
import type { Environment } from '../environment.ts';
import {
  dynptrWritten,
  stackBufferUninitialised,
  stackBufferUninitialisedVariable,
  stackVariableUnprivileged,
  zeroSizedRead,
} from '../messages.gen.ts';
import { markStackRead } from '../order/stack-liveness.ts';
import type { Frame } from '../state/frame.ts';
import { unknownNumber } from '../state/numbers.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { ByteKind, StackSlot, setByte } from '../state/slot.ts';
import type { BufferUse } from './helper-memory.ts';
import { offsetText } from './offset-text.ts';
import { checkStackBounds } from './stack-bounds.ts';
import { byteIndex, scrubbedBytes, slotIndex } from './stack-slots.ts';

/**
 * @param off with the register's fixed offset
 * @returns bytes that the callee fills, which are not marked as written yet
 * @throws Rejection
 */
export function checkStackInitialised(
  env: Environment,
  number: number,
  off: number,
  size: number,
  use: BufferUse,
  byCall: boolean,
): number {
  if (size === 0 && !use.zeroAllowed) throw zeroSizedRead({});
  const register = env.register(number);
  // Older kernels take every call to write, and check what it reads below.
  const likeOld = byCall && !env.stackRules.tellsCallsApart;
  const access = likeOld ? 'write' : use.access;
  const indirect = likeOld ? ' indirect' : '';
  checkStackBounds(env, register, number, off, size, access, byCall);
  const { bits, smin, smax } = register.scalar;
  const fixed = bits.mask.isZero();
  if (!fixed && !env.privileged) {
    throw stackVariableUnprivileged({ register: number, indirect, variable: offsetText(env, register) });
  }
  const first = (fixed ? bits.value.lo : smin.lo) + off;
  const end = (fixed ? bits.value.lo : smax.lo) + off + size;
  const frame = env.state.frames[register.extra]!;
  if (use.uninitialised && fixed) {
    checkNoDynptr(frame, first, end);
    return size;
  }
  for (let at = first; at < end; at++) {
    if (!useByte(env, frame, at, access === 'write'))
      throw uninitialised(env, register, number, first, at, size, indirect);
    markStackRead(env, frame.number, slotIndex(at));
  }
  return 0;
}

/** The callee might write into a dynptr that it was handed too. */
function checkNoDynptr(frame: Frame, first: number, end: number): void {
  for (let at = first; at < end; at++) {
    const slot = frame.stack[slotIndex(at)];
    if (slot?.kindAt(byteIndex(at)) === ByteKind.dynptr) throw dynptrWritten({ off: at });
  }
}

/** False: the byte may not be used. */
function useByte(env: Environment, frame: Frame, at: number, written: boolean): boolean {
  const spi = slotIndex(at);
  const slot = frame.stack[spi]!;
  const kind = slot.kindAt(byteIndex(at));
  if (kind === ByteKind.misc) return true;
  if (kind === ByteKind.zero || (kind === ByteKind.invalid && env.readsUninitialisedStack)) {
    if (written) {
      frame.stack[spi] = new StackSlot(setByte(slot.bytes, byteIndex(at), ByteKind.misc), slot.spilled);
    }
    return true;
  }
  if (!slot.isSpill || !(env.privileged || slot.spilled.kind === Kind.scalar)) return false;
  if (written) frame.stack[spi] = new StackSlot(scrubbedBytes(slot.bytes), unknownNumber(env));
  return true;
}

function uninitialised(
  env: Environment,
  register: Register,
  number: number,
  first: number,
  at: number,
  size: number,
  indirect: string,
) {
  const { bits } = register.scalar;
  if (bits.mask.isZero())
    return stackBufferUninitialised({ register: number, indirect, off: first, at: at - first, size });
  const variable = offsetText(env, register);
  return stackBufferUninitialisedVariable({ register: number, indirect, variable, at: at - first, size });
}
