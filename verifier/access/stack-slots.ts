/** What happens to the bytes of a stack slot that is written over. */
import type { Environment } from '../environment.ts';
import type { StackAccess } from '../order/history.ts';
import type { Frame } from '../state/frame.ts';
import { NOT_INIT, type Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { allBytes, ByteKind, StackSlot, setByte } from '../state/slot.ts';

const ALL_SPILLED: number = allBytes(ByteKind.spill);

/** Slot that holds the byte at `off`, which is negative (`__get_spi`). */
export function slotIndex(off: number): number {
  return (-off - 1) >> 3;
}

/** Byte index of `off` in its slot. */
export function byteIndex(off: number): number {
  return (-off - 1) & 7;
}

/** Deepest frame and slot there are. */
const FRAMES = 8;
const SLOTS = 64;

const PLACES: readonly StackAccess[] = Array.from({ length: FRAMES * SLOTS }, (_, i) => ({
  spi: i % SLOTS,
  frame: Math.floor(i / SLOTS),
}));

/** A place on the stack, as the history of a path notes it; shared, since every spill is noted. */
export function placeOf(frame: Frame, spi: number): StackAccess {
  return PLACES[frame.number * SLOTS + spi]!;
}

/** A number was spilled here (`is_spilled_scalar_reg`). */
export function isSpilledNumber(slot: StackSlot): boolean {
  return slot.isSpill && slot.spilled.kind === Kind.scalar;
}

/** A dynptr, iterator, interrupt flag or spilled register (`is_stack_slot_special`). */
export function isSpecial(slot: StackSlot): boolean {
  switch (slot.kindAt(7)) {
    case ByteKind.spill:
    case ByteKind.dynptr:
    case ByteKind.iterator:
    case ByteKind.irq:
      return true;
    default:
      return false;
  }
}

/** The low `size` bytes of a register are kept at the slot's lowest addresses (`save_register_state`). */
export function saveRegister(
  env: Environment,
  frame: Frame,
  spi: number,
  register: Register,
  size: number,
): void {
  const keepsZeros = env.stackRules.keepsZeros;
  const bytes = size === 8 ? ALL_SPILLED : spilledBytes(frame.stack[spi]!.bytes, size, keepsZeros);
  const slot = frame.stack[spi]!;
  if (slot.spilled !== register || slot.bytes !== bytes) frame.stack[spi] = new StackSlot(bytes, register);
}

/** Bytes above a narrow spill keep only that they are zero or were never written (`mark_stack_slot_misc`). */
function spilledBytes(old: number, size: number, keepsZeros: boolean): number {
  let bytes = old;
  for (let b = 7; b >= 8 - size; b--) bytes = setByte(bytes, b, ByteKind.spill);
  for (let b = 7 - size; b >= 0; b--) {
    const kind = (old >>> (b * 4)) & 15;
    const stays = kind === ByteKind.invalid || (kind === ByteKind.zero && keepsZeros);
    if (!stays) bytes = setByte(bytes, b, ByteKind.misc);
  }
  return bytes;
}

/** All bytes but those never written hold anything now (`scrub_spilled_slot` over the slot). */
export function scrubbedBytes(bytes: number): number {
  let result = 0;
  for (let b = 0; b < 8; b++) {
    if (((bytes >>> (b * 4)) & 15) !== ByteKind.invalid) result = setByte(result, b, ByteKind.misc);
  }
  return result;
}

/** What was spilled is gone; when something special was in the slot, its bytes hold anything now (`scrub_special_slot`). */
export function scrubSlot(slot: StackSlot): StackSlot {
  if (isSpecial(slot)) return new StackSlot(scrubbedBytes(slot.bytes), NOT_INIT);
  return slot.spilled === NOT_INIT ? slot : new StackSlot(slot.bytes, NOT_INIT);
}

/**
 * An access that is no part of the pattern of a call that keeps its registers touches the bytes the pattern would save them
 * in: the function keeps its pattern no more (`check_fastcall_stack_contract`).
 */
export function breakFastcall(env: Environment, frame: Frame, off: number): void {
  const subprogram = env.subprograms[frame.subprogram]!;
  const { fastcallStackOff } = subprogram;
  if (fastcallStackOff === 0 || fastcallStackOff <= off || env.aux[env.slot]!.fastcallPattern) return;
  subprogram.fastcallStackOff = 0;
  for (let slot = subprogram.start; slot < subprogram.end; slot++) {
    const aux = env.aux[slot]!;
    aux.fastcallSpills = 0;
    aux.fastcallPattern = false;
  }
}
