/**
 * Eight bytes of stack (`struct bpf_stack_state`), immutable. Each byte has a kind, packed as nibbles into one number; byte
 * index `b` of offset `off` is `(-off - 1) & 7`, as the kernel numbers `slot_type`: 7 is the lowest address.
 */
import { NOT_INIT, type Register } from './register.ts';

/** What a byte of stack holds: `enum bpf_stack_slot_type`; the comment is the letter of the logs. */
export const ByteKind = {
  invalid: 0, // ?
  spill: 1, // r
  misc: 2, // m
  zero: 3, // 0
  dynptr: 4, // d
  iterator: 5, // i
  irq: 6, // f
} as const;

export type StackByte = (typeof ByteKind)[keyof typeof ByteKind];

export class StackSlot {
  /** Nibble `b` (bits 4b...4b+3, int32) is the {@link ByteKind} of byte index `b`. */
  readonly bytes: number;
  /** What was spilled (bytes of kind spill), or the description of a dynptr, iterator or irq flag; NOT_INIT otherwise. */
  readonly spilled: Register;

  constructor(bytes: number, spilled: Register) {
    this.bytes = bytes | 0;
    this.spilled = spilled;
  }

  /** Kind of byte index `b`. */
  kindAt(b: number): StackByte {
    return ((this.bytes >>> (b * 4)) & 15) as StackByte;
  }

  /** Byte index 7 is the marker of a spilled register (`is_spilled_reg`). */
  get isSpill(): boolean {
    return this.bytes >>> 28 === ByteKind.spill;
  }
}

/** All eight bytes of one kind, in the packing of {@link StackSlot.bytes}. */
export function allBytes(kind: StackByte): number {
  return Math.imul(kind, 0x1111_1111);
}

/** `bytes` with byte index `b` of another kind. */
export function setByte(bytes: number, b: number, kind: StackByte): number {
  const shift = b * 4;
  return (bytes & ~(15 << shift)) | (kind << shift);
}

/** Never written. */
export const EMPTY_SLOT: StackSlot = new StackSlot(0, NOT_INIT);
