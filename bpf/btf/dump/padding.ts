/**
 * Padding: the unnamed bitfields before a member that bring the compiler's cursor to where BTF says the member is. The
 * compiler's rule (System V ABI, the same in GCC and clang for BPF) is simulated, so that padding is written only where it
 * would place the member elsewhere.
 */
import { roundUp, type Slot } from './shapes.ts';

/** An unnamed bitfield; width 0 moves to the next boundary of its unit. */
export interface Pad {
  readonly unit: PadUnit;
  readonly bits: number;
}

export interface PadUnit {
  readonly word: 'long' | 'int' | 'short' | 'char';
  readonly bits: number;
}

const SMALL: readonly PadUnit[] = [
  { word: 'int', bits: 32 },
  { word: 'short', bits: 16 },
  { word: 'char', bits: 8 },
];

export interface PadRequest {
  /** Bits: the end of the member before. */
  readonly from: number;
  /** Bits: where the next begins. */
  readonly to: number;
  /** Where the compiler puts the next when its cursor stands there; {@link placed}, or the end of the struct. */
  readonly next: (cursor: number) => number;
  readonly packed: boolean;
  /** Between two bitfields: gaps are spelled out. */
  readonly inBitfield: boolean;
  /** Bits of `long`. */
  readonly word: number;
}

/** Where the compiler puts a member whose predecessor ends at `cursor` (bits). */
export function placed(cursor: number, slot: Slot, packed: boolean): number {
  if (slot.width === 0) return roundUp(cursor, packed ? 8 : slot.align);
  if (packed) return cursor;
  return (cursor % slot.align) + slot.width > slot.size ? roundUp(cursor, slot.align) : cursor;
}

/** The least padding that works; undefined when none does, as where members overlap. */
export function padding(request: PadRequest): readonly Pad[] | undefined {
  const { from, to, inBitfield } = request;
  if (!inBitfield && request.next(from) === to) return [];
  if (from > to) return undefined;
  if (from === to) return request.next(from) === to ? [] : undefined;
  const units: readonly PadUnit[] = [{ word: 'long', bits: request.word }, ...SMALL];
  const unit = units.find((one) => roundUp(from, one.bits) <= to) ?? units[units.length - 1]!;
  const boundary = roundUp(from, unit.bits);
  const body = fill(units, unit, boundary > to ? from : boundary, to);
  const head = boundary > from && boundary <= to ? [{ unit, bits: boundary - from }] : [];
  const choices = inBitfield
    ? [[...head, ...body]]
    : [body, [{ unit, bits: 0 }, ...body], [...head, ...body]];
  return choices.find((pads) => works(pads, request));
}

/** Whole units, then the smallest unit that has room for the rest. */
function fill(units: readonly PadUnit[], unit: PadUnit, start: number, to: number): readonly Pad[] {
  const whole = Math.floor((to - start) / unit.bits);
  const rest = to - start - whole * unit.bits;
  const pads: Pad[] = Array.from({ length: whole }, () => ({ unit, bits: unit.bits }));
  if (rest === 0) return pads;
  const last = [...units].reverse().find((one) => one.bits >= rest)!;
  return [...pads, { unit: last, bits: rest }];
}

function works(pads: readonly Pad[], request: PadRequest): boolean {
  let cursor = request.from;
  for (const { unit, bits } of pads) {
    const slot = { offset: 0, width: bits, size: unit.bits, align: unit.bits };
    cursor = bits === 0 ? roundUp(cursor, unit.bits) : placed(cursor, slot, request.packed) + bits;
  }
  return request.next(cursor) === request.to;
}
