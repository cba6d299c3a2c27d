/** Loads from the stack (`check_stack_read_fixed_off`, `check_stack_read_var_off`). */
import type { Environment } from '../environment.ts';
import { fillSize, stackLeaks, stackUninitialised } from '../messages.gen.ts';
import { pushHistory } from '../order/history.ts';
import { markStackRead } from '../order/stack-liveness.ts';
import type { Frame } from '../state/frame.ts';
import { isZero, unknownNumber, unlinked, widthOf, zeroNumber } from '../state/numbers.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { ByteKind, type StackSlot } from '../state/slot.ts';
import { checkStackInitialised } from './stack-range.ts';
import { breakFastcall, byteIndex, placeOf, slotIndex } from './stack-slots.ts';

/** From a known place; `value` is the register that gets it, -1: none. @throws Rejection */
export function readStackAt(env: Environment, frame: Frame, off: number, size: number, value: number): void {
  const spi = slotIndex(off);
  const slot = frame.stack[spi]!;
  breakFastcall(env, env.frame, off);
  markStackRead(env, frame.number, spi);
  const filled = slot.isSpill
    ? fill(env, slot, off, size, value)
    : readBytes(env, frame, slot, off, size, value);
  if (filled) pushHistory(env, placeOf(frame, spi), null);
}

/** True when the register is what was spilled. */
function fill(env: Environment, slot: StackSlot, off: number, size: number, value: number): boolean {
  const { spilled } = slot;
  const spilledSize = sizeOfSpill(slot);
  if (size === 8 && spilledSize === 8) {
    if (value >= 0) env.setRegister(value, spilled);
    else if (!env.privileged && spilled.kind !== Kind.scalar) throw stackLeaks({ off });
    return true;
  }
  if (spilled.kind !== Kind.scalar) throw fillSize({});
  if (value < 0) return false;
  const narrow = env.stackRules.fillsParts && size < spilledSize;
  if ((narrow || size === spilledSize) && (off & 7) === 0) {
    env.setRegister(value, widthOf(spilled.scalar) > size * 8 ? unlinked(spilled) : spilled);
    return true;
  }
  return fillParts(env, slot, off, size, value);
}

/** `value` gets bytes that are not those of the spilled number alone. */
function fillParts(env: Environment, slot: StackSlot, off: number, size: number, value: number): boolean {
  let spilled = 0;
  let zeros = 0;
  for (let i = 0; i < size; i++) {
    const kind = slot.kindAt(byteIndex(off + i));
    if (kind === ByteKind.spill) spilled++;
    else if (kind === ByteKind.zero && env.stackRules.keepsZeros) zeros++;
    else checkReadable(env, kind, off, i, size);
  }
  const zero = env.stackRules.spillsZero && spilled === size && isZero(slot.spilled);
  env.setRegister(value, zero || zeros === size ? zeroNumber(env) : unknownNumber(env));
  return zero;
}

function sizeOfSpill(slot: StackSlot): number {
  let size = 1;
  while (size < 8 && slot.kindAt(7 - size) === ByteKind.spill) size++;
  return size;
}

function readBytes(
  env: Environment,
  frame: Frame,
  slot: StackSlot,
  off: number,
  size: number,
  value: number,
): false {
  for (let i = 0; i < size; i++) {
    const kind = slot.kindAt(byteIndex(off + i));
    if (kind !== ByteKind.zero) checkReadable(env, kind, off, i, size);
  }
  if (value >= 0) loadBytes(env, frame, off, off + size, value);
  return false;
}

function checkReadable(env: Environment, kind: number, off: number, at: number, size: number): void {
  if (kind === ByteKind.misc || (kind === ByteKind.invalid && env.readsUninitialisedStack)) return;
  throw stackUninitialised({ off, at, size });
}

/** Zeros give 0, anything else any number (`mark_reg_stack_read`). */
function loadBytes(env: Environment, frame: Frame, first: number, end: number, value: number): void {
  for (let at = first; at < end; at++) {
    if (frame.stack[slotIndex(at)]!.kindAt(byteIndex(at)) !== ByteKind.zero) {
      env.setRegister(value, unknownNumber(env));
      return;
    }
  }
  env.setRegister(value, zeroNumber(env));
}

/** From one of several places. @throws Rejection */
export function readStackWithin(
  env: Environment,
  frame: Frame,
  pointer: Register,
  number: number,
  off: number,
  size: number,
  value: number,
): void {
  checkStackInitialised(
    env,
    number,
    off,
    size,
    { access: 'read', zeroAllowed: false, uninitialised: false },
    false,
  );
  const first = pointer.scalar.smin.lo + off;
  loadBytes(env, frame, first, pointer.scalar.smax.lo + off + size, value);
  breakFastcall(env, frame, first);
}
