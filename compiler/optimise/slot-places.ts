/**
 * Slots that are only ever reached at places known now: by loads and stores at fixed offsets, and by helpers through their
 * arguments. What is in such a slot can be followed; all other slots may be written by anything.
 */
import { argumentAccess } from '../ir/effects.ts';
import type { IrFunction, IrInstruction, Operand, Slot, Value } from '../ir/ir.ts';
import { edgesOf, isValue, operandsOf } from '../ir/operands.ts';

export interface SlotPlace {
  readonly slot: Slot;
  readonly offset: number;
}

export interface SlotPlaces {
  /** Where in a slot the value points; undefined for what points elsewhere, or into a slot that cannot be followed. */
  placeOf(operand: Operand): SlotPlace | undefined;
  isFollowed(slot: Slot): boolean;
}

/** `fn` must be in SSA form. */
export function slotPlaces(fn: IrFunction): SlotPlaces {
  const places: (SlotPlace | undefined)[] = [];
  const unfollowed = new Uint8Array(fn.slots.length);
  const place = (operand: Operand): SlotPlace | undefined => (isValue(operand) ? places[operand] : undefined);
  const lose = (operand: Operand): void => {
    const known = place(operand);
    if (known !== undefined) unfollowed[known.slot] = 1;
  };
  // Definitions come before uses in an order of blocks that follows dominance; a second look finds what came late.
  for (const block of fn.blocks) for (const one of block.instructions) define(one, places);
  for (const block of fn.blocks) {
    for (const one of block.instructions) for (const operand of leaking(one, places)) lose(operand);
    for (const { args } of edgesOf(block.terminator)) args.forEach(lose);
    if (block.terminator.kind === 'return') lose(block.terminator.value);
  }
  return {
    placeOf: (operand) => {
      const known = place(operand);
      return known !== undefined && unfollowed[known.slot] === 0 ? known : undefined;
    },
    isFollowed: (slot) => unfollowed[slot] === 0,
  };
}

function define(one: IrInstruction, places: (SlotPlace | undefined)[]): void {
  if (one.kind === 'slot-address') places[one.dst] = { slot: one.slot, offset: 0 };
  const step = stepOf(one);
  if (step === undefined) return;
  const from = places[step.from];
  if (from !== undefined) places[step.dst] = { slot: from.slot, offset: from.offset + step.distance };
}

function stepOf(
  one: IrInstruction,
): { readonly dst: Value; readonly from: Value; readonly distance: number } | undefined {
  if (one.kind !== 'binary' || one.bits !== 64 || (one.op !== 'add' && one.op !== 'sub')) return undefined;
  if (!isValue(one.left) || isValue(one.right)) return undefined;
  const distance = Number(one.right.constant);
  return { dst: one.dst, from: one.left, distance: one.op === 'add' ? distance : -distance };
}

/** Operands whose slots are reached in ways that are not followed. */
function leaking(one: IrInstruction, places: readonly (SlotPlace | undefined)[]): readonly Operand[] {
  switch (one.kind) {
    case 'load':
    case 'zero':
    case 'store-bytes':
    case 'copy':
      return NONE;
    case 'store':
    case 'atomic':
      return [one.value];
    case 'call-helper':
      return one.args.filter((arg, index) => isKept(one, arg, index, places));
    case 'binary':
      return stepOf(one) === undefined || places[one.dst] === undefined ? operandsOf(one) : NONE;
    default:
      return operandsOf(one);
  }
}

const NONE: readonly Operand[] = [];

/** A callback's context, a dynptr, ... : the helper does more with it than reading or filling it. */
function isKept(
  call: Extract<IrInstruction, { kind: 'call-helper' }>,
  arg: Operand,
  index: number,
  places: readonly (SlotPlace | undefined)[],
): boolean {
  return isValue(arg) && places[arg] !== undefined && argumentAccess(call, index) === 'both';
}
