/** Is the stack of the current state one that a kept state allows (`stacksafe`)? Slots are compared eight bytes at a time. */
import type { Frame } from '../state/frame.ts';
import { type Register, UNKNOWN_NUMBER } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { allBytes, ByteKind, type StackSlot } from '../state/slot.ts';
import { type Comparison, Exactness, isRegisterSafe } from './register-equal.ts';

const ALL_SPILLED = allBytes(ByteKind.spill);

/** What the current state has beyond the kept one's depth nobody read. */
export function isStackSafe(kept: Frame, current: Frame, how: Comparison): boolean {
  const { stack } = current;
  for (let i = 0; i < kept.stack.length; i++) {
    const old = kept.stack[i]!;
    if (i >= stack.length) {
      if (how.exactness !== Exactness.none || !isUnused(old, how)) return false;
    } else if (!isSlotSafe(old, stack[i]!, how)) return false;
  }
  return true;
}

/** No byte of the slot was used. */
function isUnused(slot: StackSlot, how: Comparison): boolean {
  for (let b = 0; b < 8; b++) if (!isIgnored(slot.kindAt(b), how)) return false;
  return true;
}

function isIgnored(kind: number, how: Comparison): boolean {
  return kind === ByteKind.invalid || (kind === ByteKind.misc && how.uninitialisedStack);
}

function isSlotSafe(kept: StackSlot, current: StackSlot, how: Comparison): boolean {
  if (how.exactness !== Exactness.none && kept.bytes !== current.bytes) return false;
  if (kept.bytes === 0) return true;
  if (kept.bytes === ALL_SPILLED && current.bytes === ALL_SPILLED) {
    return isRegisterSafe(kept.spilled, current.spilled, how);
  }
  if (!isIgnored(kept.kindAt(0), how)) {
    // Both may read as a number, however they came to be one.
    const old = asScalar(kept, how);
    const now = old === null ? null : asScalar(current, how);
    if (old !== null && now !== null) return isRegisterSafe(old, now, how);
  }
  return areBytesSafe(kept, current, how);
}

function areBytesSafe(kept: StackSlot, current: StackSlot, how: Comparison): boolean {
  for (let b = 0; b < 8; b++) {
    const kind = kept.kindAt(b);
    if (!isIgnored(kind, how) && !isByteSafe(kind, current.kindAt(b))) return false;
  }
  const kind = kept.kindAt(7);
  return kind !== current.kindAt(7) || isContentSafe(kind, kept.spilled, current.spilled, how);
}

function isByteSafe(kept: number, current: number): boolean {
  return kept === current || (kept === ByteKind.misc && current === ByteKind.zero);
}

/** What lies in a slot whose highest byte is of a kind in both. */
function isContentSafe(kind: number, kept: Register, current: Register, how: Comparison): boolean {
  switch (kind) {
    case ByteKind.spill:
      return isRegisterSafe(kept, current, how);
    case ByteKind.dynptr:
    case ByteKind.iterator:
    case ByteKind.irq:
      return hasSameObject(kept, current) && how.ids.match(kept.ref, current.ref);
    default:
      return true;
  }
}

/** How often an iterator was followed makes no difference. */
function hasSameObject({ detail: kept }: Register, { detail: current }: Register): boolean {
  if (kept === current) return true;
  if (kept === null || current === null) return false;
  if (kept.kind === 'dynptr' && current.kind === 'dynptr') {
    return kept.type === current.type && kept.first === current.first;
  }
  if (kept.kind === 'iterator' && current.kind === 'iterator') {
    return kept.btf === current.btf && kept.type === current.type && kept.state === current.state;
  }
  return kept.kind === 'irq' && current.kind === 'irq' && kept.source === current.source;
}

/** A slot that reads as a number: a scalar spilled whole, or bytes of which nothing is known (`scalar_reg_for_stack`). */
function asScalar(slot: StackSlot, how: Comparison): Register | null {
  if (slot.kindAt(0) === ByteKind.spill && slot.spilled.kind === Kind.scalar) return slot.spilled;
  for (let b = 0; b < 8; b++) {
    const kind = slot.kindAt(b);
    if (kind !== ByteKind.misc && !(kind === ByteKind.invalid && how.uninitialisedStack)) return null;
  }
  return UNKNOWN_NUMBER;
}
