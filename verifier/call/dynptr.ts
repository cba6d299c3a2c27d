/**
 * Dynptrs on the stack: two slots, the first at the lower address. Making one, giving one back, and what overwriting one
 * does (`mark_stack_slots_dynptr`, `unmark_stack_slots_dynptr`, `destroy_if_dynptr_stack_slot`).
 */
import type { Environment } from '../environment.ts';
import { overwritesDynptr } from '../messages.gen.ts';
import { markStackRead, markStackWrite } from '../order/stack-liveness.ts';
import type { Frame } from '../state/frame.ts';
import { type DynptrDetail, NOT_INIT, Register } from '../state/register.ts';
import { DYNPTR_FLAGS, Flag, Kind } from '../state/register-kind.ts';
import { allBytes, ByteKind, EMPTY_SLOT, StackSlot } from '../state/slot.ts';
import { invalidateRegisters } from './invalidate.ts';
import { acquireReference, releaseReference } from './references.ts';
import { frameOf, stackPlace, stackSlotOf } from './stack-object.ts';

export type DynptrType = DynptrDetail['type'];

const DYNPTR_SLOTS = 2;

const FLAG_OF: Readonly<Record<DynptrType, number>> = {
  local: Flag.dynptrLocal,
  ringbuf: Flag.dynptrRingbuf,
  skb: Flag.dynptrSkb,
  xdp: Flag.dynptrXdp,
  skb_meta: Flag.dynptrSkbMeta,
  file: Flag.dynptrFile,
};

/** The flag that slices of such a dynptr carry (`get_dynptr_type_flag`). */
export function dynptrFlag(type: DynptrType): number {
  return FLAG_OF[type];
}

/** Such a dynptr holds a reference (`dynptr_type_refcounted`). */
function isReferencedDynptr(type: DynptrType): boolean {
  return type === 'ringbuf' || type === 'file';
}

/** What the slot says of the dynptr that it is a part of; undefined when it is of none. */
export function dynptrIn(slot: StackSlot | undefined): DynptrDetail | undefined {
  if (slot === undefined || slot.kindAt(0) !== ByteKind.dynptr) return undefined;
  const { detail } = slot.spilled;
  return detail?.kind === 'dynptr' ? detail : undefined;
}

/** The dynptr on the stack that `register` points to the start of; undefined when there is none. Remarks why. */
export function initialisedDynptr(env: Environment, register: Register): StackSlot | undefined {
  const spi = stackSlotOf(env, register, 'dynptr', DYNPTR_SLOTS);
  if (spi === undefined) return undefined;
  const { stack } = frameOf(env, register);
  const detail = dynptrIn(stack[spi]);
  return detail?.first === true && isWhole(stack[spi]!) && isWhole(stack[spi - 1]!) ? stack[spi] : undefined;
}

/** All of the slot is still of a dynptr: before 6.3 parts of one could be overwritten. */
function isWhole(slot: StackSlot): boolean {
  return slot.bytes === allBytes(ByteKind.dynptr);
}

/** Overwriting a part of a dynptr ends all of it, and with it its slices; before, it ended what was overwritten. */
function tracksOverwriting(env: Environment): boolean {
  return env.atLeast('6.3');
}

/** A dynptr may be made where the register points to (`is_dynptr_reg_valid_uninit`). Remarks why not. */
export function mayHoldDynptr(env: Environment, register: Register): boolean {
  if (register.kind === Kind.dynptr) return false;
  const place = stackPlace(env, register, 'dynptr', DYNPTR_SLOTS);
  if (place.kind === 'invalid') env.remark(place.why.text);
  if (place.kind !== 'slot' || tracksOverwriting(env)) return place.kind !== 'invalid';
  const { stack } = frameOf(env, register);
  return dynptrIn(stack[place.spi]) === undefined && dynptrIn(stack[place.spi - 1]) === undefined;
}

/**
 * Makes a dynptr where `register` points to; the bytes have been written already.
 * @param clonedRef reference that it shares with the dynptr it is a copy of; 0: it acquires its own
 * @throws Rejection
 */
export function makeDynptr(env: Environment, register: Register, type: DynptrType, clonedRef = 0): void {
  const frame = frameOf(env, register);
  const spi = stackSlotOf(env, register, 'dynptr', DYNPTR_SLOTS)!;
  // The two slots may belong to two dynptrs.
  destroyDynptr(env, frame, spi);
  destroyDynptr(env, frame, spi - 1);
  const id = env.nextId();
  const ref = isReferencedDynptr(type) ? clonedRef || acquireReference(env) : 0;
  frame.stack[spi] = dynptrSlot(type, true, id, ref);
  frame.stack[spi - 1] = dynptrSlot(type, false, id, ref);
  markStackWrite(env, frame.number, spi);
  markStackWrite(env, frame.number, spi - 1);
}

function dynptrSlot(type: DynptrType, first: boolean, id: number, ref: number): StackSlot {
  return new StackSlot(allBytes(ByteKind.dynptr), dynptrRegister(type, first, id, ref));
}

/** The description of a dynptr: in a slot, or as a pointer to one that the program did not make itself. */
export function dynptrRegister(type: DynptrType, first: boolean, id: number, ref: number): Register {
  return Register.pointer(Kind.dynptr, 0, { kind: 'dynptr', type, first }, id, ref);
}

/** Gives the dynptr back that `register` points to, with its copies and slices (`unmark_stack_slots_dynptr`). */
export function releaseDynptr(env: Environment, register: Register): boolean {
  const spi = stackSlotOf(env, register, 'dynptr', DYNPTR_SLOTS);
  if (spi === undefined) return false;
  const frame = frameOf(env, register);
  const slot = frame.stack[spi]!;
  const detail = dynptrIn(slot);
  if (detail === undefined || !isReferencedDynptr(detail.type)) {
    invalidateDynptr(env, frame, spi);
    return true;
  }
  const { ref } = slot.spilled;
  releaseReference(env, ref);
  for (let other = 1; other < frame.stack.length; other++) {
    const found = frame.stack[other]!;
    if (dynptrIn(found)?.first === true && found.spilled.ref === ref) invalidateDynptr(env, frame, other);
  }
  return true;
}

function invalidateDynptr(env: Environment, frame: Frame, spi: number): void {
  frame.stack[spi] = EMPTY_SLOT;
  frame.stack[spi - 1] = EMPTY_SLOT;
  markStackWrite(env, frame.number, spi);
  markStackWrite(env, frame.number, spi - 1);
}

/**
 * Slot `spi` is about to be overwritten: the dynptr that it is a part of, if it is, is one no more, nor are its slices
 * (`destroy_if_dynptr_stack_slot`). @throws Rejection when the dynptr holds a reference
 */
export function destroyDynptr(env: Environment, frame: Frame, spi: number): void {
  const detail = dynptrIn(frame.stack[spi]);
  if (detail === undefined || !tracksOverwriting(env)) return;
  const first = detail.first ? spi : spi + 1;
  if (isReferencedDynptr(detail.type)) checkOverwrite(env, frame, frame.stack[first]!.spilled.ref);
  const { id } = frame.stack[first]!.spilled;
  frame.stack[first] = EMPTY_SLOT;
  frame.stack[first - 1] = EMPTY_SLOT;
  invalidateRegisters(env, (register) => isSliceOf(register, id));
  markStackWrite(env, frame.number, first);
  markStackWrite(env, frame.number, first - 1);
}

function checkOverwrite(env: Environment, frame: Frame, ref: number): void {
  // From 7.0 on one may go as long as another copy of it is left.
  if (!env.atLeast('7.0') || !hasCopy(frame, ref)) throw overwritesDynptr({});
}

function hasCopy(frame: Frame, ref: number): boolean {
  let count = 0;
  for (const slot of frame.stack) if (dynptrIn(slot)?.first === true && slot.spilled.ref === ref) count++;
  return count > 1;
}

function isSliceOf(register: Register, id: number): boolean {
  if (register.kind !== Kind.mem || (register.flags & ~Flag.maybeNull) !== 0) return false;
  return register.detail?.kind === 'mem' && register.detail.dynptr === id;
}

/** A call uses the dynptr: its slots have been read (`mark_dynptr_read`). */
export function markDynptrRead(env: Environment, register: Register): void {
  if (register.kind === Kind.dynptr) return;
  const spi = stackSlotOf(env, register, 'dynptr', DYNPTR_SLOTS)!;
  markStackRead(env, register.extra, spi);
  markStackRead(env, register.extra, spi - 1);
}

/** The dynptr behind a pointer to the stack or behind a pointer to a dynptr itself; NOT_INIT: none. */
export function dynptrBehind(env: Environment, register: Register): Register {
  if (register.kind === Kind.dynptr) return register;
  return initialisedDynptr(env, register)?.spilled ?? NOT_INIT;
}

/** Type of a dynptr that a call's prototype asks for, from its flags; undefined: any. */
export function dynptrTypeOf(flags: number): DynptrType | undefined {
  const wanted = flags & DYNPTR_FLAGS;
  for (const type of Object.keys(FLAG_OF) as DynptrType[]) if (FLAG_OF[type] === wanted) return type;
  return undefined;
}
