/** Stores to the stack (`check_stack_write_fixed_off`, `check_stack_write_var_off`). */
import { destroyDynptr } from '../call/dynptr.ts';
import type { Environment } from '../environment.ts';
import {
  spilledInRange,
  spillSize,
  spillToCaller,
  stackCorrupted,
  uninitialisedInRange,
} from '../messages.gen.ts';
import { pushHistory } from '../order/history.ts';
import { markPrecise } from '../order/precision.ts';
import { markStackWrite } from '../order/stack-liveness.ts';
import type { Frame } from '../state/frame.ts';
import { isZero, linkForCopy, unlinked, widthOf } from '../state/numbers.ts';
import { NOT_INIT, Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { ByteKind, StackSlot, setByte } from '../state/slot.ts';
import { Scalar } from '../value/scalar.ts';
import {
  breakFastcall,
  byteIndex,
  isSpilledNumber,
  placeOf,
  saveRegister,
  scrubSlot,
  slotIndex,
} from './stack-slots.ts';

/** The instruction stores its immediate (`is_bpf_st_mem`). */
function storesImmediate(env: Environment): boolean {
  return (env.insns[env.slot]!.code & 0xe7) === 0x62;
}

/** To a known place: what is stored is remembered. @throws Rejection */
export function writeStackAt(env: Environment, frame: Frame, off: number, size: number, value: number): void {
  const spi = slotIndex(off);
  const aligned = (off & 7) === 0;
  if (!env.privileged) checkUnprivilegedStore(env, frame, spi, size, value);
  destroyDynptr(env, frame, spi);
  if (aligned && size === 8) markStackWrite(env, frame.number, spi);
  breakFastcall(env, frame, off);
  if (aligned && env.privileged && spillNumber(env, frame, spi, size, value)) {
    pushHistory(env, placeOf(frame, spi), null);
    return;
  }
  if (value >= 0 && isSpillable(env.register(value))) {
    spillPointer(env, frame, spi, size, value);
    pushHistory(env, placeOf(frame, spi), null);
    return;
  }
  writeBytes(env, frame, off, size, value);
}

function checkUnprivilegedStore(
  env: Environment,
  frame: Frame,
  spi: number,
  size: number,
  value: number,
): void {
  const slot = frame.stack[spi]!;
  const spilled = slot.isSpill && !(env.stackRules.spillsZero && isSpilledNumber(slot));
  if (size !== 8 && spilled) throw stackCorrupted({});
  // A later load may run ahead and see what was there before.
  let sanitise = value >= 0 && isSpillable(env.register(value));
  for (let b = 0; b < size && !sanitise; b++) {
    const kind = slot.kindAt(b);
    sanitise = kind !== ByteKind.misc && kind !== ByteKind.zero;
  }
  if (sanitise) env.aux[env.slot]!.nospecResult = true;
}

/** A number kept whole or by its low bytes. False: what is stored is no number, or one that is not remembered. */
function spillNumber(env: Environment, frame: Frame, spi: number, size: number, value: number): boolean {
  const rules = env.stackRules;
  const insn = env.insns[env.slot]!;
  if (value < 0) {
    if (!storesImmediate(env) || (insn.imm === 0 && !rules.spillsZero)) return false;
    saveRegister(env, frame, spi, Register.scalar(Scalar.constant(insn.imm)), size);
    return true;
  }
  const register = env.register(value);
  if (register.kind !== Kind.scalar) return false;
  if (!rules.spillsUnknown && register.scalar.isUnknown) return false;
  if (!rules.spillsZero && isZero(register)) return false;
  if (!rules.notesPlaces && insn.dst !== 10) markPrecise(env, value);
  saveRegister(env, frame, spi, copyFor(env, register, size, value), size);
  return true;
}

/** Cut off it has no link to the register. */
function copyFor(env: Environment, register: Register, size: number, value: number): Register {
  if (widthOf(register.scalar) > size * 8) return unlinked(register);
  return env.stackRules.linksSpills ? linkForCopy(env, value) : register;
}

function spillPointer(env: Environment, frame: Frame, spi: number, size: number, value: number): void {
  const register = env.register(value);
  if (size !== 8) throw spillSize({});
  if (frame !== env.frame && register.kind === Kind.stack && register.flags === 0) throw spillToCaller({});
  saveRegister(env, frame, spi, register, size);
}

/** Bytes that hold anything, or zeros. */
function writeBytes(env: Environment, frame: Frame, off: number, size: number, value: number): void {
  const spi = slotIndex(off);
  const zero =
    value >= 0 ? isZero(env.register(value)) : storesImmediate(env) && env.insns[env.slot]!.imm === 0;
  // What was stored as zeros stays so: the number must have been 0 on every path.
  if (zero && value >= 0) markPrecise(env, value);
  let { bytes } = scrubSlot(frame.stack[spi]!);
  for (let i = 0; i < size; i++)
    bytes = setByte(bytes, byteIndex(off + i), zero ? ByteKind.zero : ByteKind.misc);
  frame.stack[spi] = new StackSlot(bytes, NOT_INIT);
}

/** Kinds that keep what they are on the stack (`is_spillable_regtype`). */
function isSpillable(register: Register): boolean {
  switch (register.kind) {
    case Kind.notInit:
    case Kind.scalar:
    case Kind.tpBuffer:
    case Kind.dynptr:
      return false;
    default:
      return true;
  }
}

/** To one of several places: any of them may change. @throws Rejection */
export function writeStackWithin(
  env: Environment,
  frame: Frame,
  pointer: Register,
  off: number,
  size: number,
  value: number,
): void {
  const first = pointer.scalar.smin.lo + off;
  const end = pointer.scalar.smax.lo + off + size;
  const zero =
    value >= 0 ? isZero(env.register(value)) : storesImmediate(env) && env.insns[env.slot]!.imm === 0;
  for (let at = first; at < end; at++) destroyDynptr(env, frame, slotIndex(at));
  breakFastcall(env, frame, first);
  let zeroKept = false;
  for (let at = first; at < end; at++) zeroKept = writeMaybe(env, frame, at, zero) || zeroKept;
  if (zeroKept && value >= 0) markPrecise(env, value);
}

/** One byte that may be written. True when it stays zero since a zero is written. */
function writeMaybe(env: Environment, frame: Frame, at: number, zero: boolean): boolean {
  const spi = slotIndex(at);
  const b = byteIndex(at);
  const slot = frame.stack[spi]!;
  const kind = slot.kindAt(b);
  if (!env.privileged && kind !== ByteKind.misc && kind !== ByteKind.zero) {
    throw spilledInRange({ slot: env.slot, off: at });
  }
  if (zero && kind === ByteKind.spill && isSpilledNumber(slot) && isZero(slot.spilled)) return true;
  if (kind === ByteKind.invalid && !env.readsUninitialisedStack) {
    throw uninitialisedInRange({ slot: env.slot, off: at });
  }
  // Older kernels leave the other bytes of a spill marked as such, and refuse to read them.
  const left = env.stackRules.scrubsHits ? scrubSlot(slot) : slot;
  const staysZero = zero && left.kindAt(b) === ByteKind.zero;
  const bytes = setByte(left.bytes, b, staysZero ? ByteKind.zero : ByteKind.misc);
  frame.stack[spi] = new StackSlot(bytes, NOT_INIT);
  return staysZero;
}
