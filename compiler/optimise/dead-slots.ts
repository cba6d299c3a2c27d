/** Removes what is only done to fill slots that nobody reads. */
import { argumentAccess, onlyFills } from '../ir/effects.ts';
import type { Block, IrFunction, IrInstruction, Slot } from '../ir/ir.ts';
import { isValue, operandsOf, terminatorOperands } from '../ir/operands.ts';
import { type SlotPlaces, slotPlaces } from './slot-places.ts';

/** `fn` must be in SSA form. */
export function removeDeadSlots(fn: IrFunction): IrFunction {
  if (fn.slots.length === 0) return fn;
  const places = slotPlaces(fn);
  const read = readSlots(fn, places);
  const wanted = wantedResults(fn);
  const isDead = (one: IrInstruction): boolean => {
    const slot = filledSlot(one, places);
    if (slot === undefined || !places.isFollowed(slot) || read[slot] === 1) return false;
    return one.kind !== 'call-helper' || one.dst === undefined || wanted[one.dst] === 0;
  };
  const blocks = fn.blocks.map((block): Block => {
    const instructions = block.instructions.filter((one) => !isDead(one));
    return instructions.length === block.instructions.length ? block : { ...block, instructions };
  });
  return { ...fn, blocks };
}

/** The slot an instruction does nothing but fill. */
function filledSlot(one: IrInstruction, places: SlotPlaces): Slot | undefined {
  switch (one.kind) {
    case 'store':
    case 'zero':
    case 'store-bytes':
      return places.placeOf(one.base)?.slot;
    case 'copy':
      return places.placeOf(one.to)?.slot;
    case 'call-helper':
      return onlyFills(one) ? places.placeOf(one.args[0]!)?.slot : undefined;
    default:
      return undefined;
  }
}

/** Slots that are read; one that is copied is read when the copy is. */
function readSlots(fn: IrFunction, places: SlotPlaces): Uint8Array {
  const read = new Uint8Array(fn.slots.length);
  const sources = new Map<Slot, Slot[]>();
  const work: Slot[] = [];
  const mark = (slot: Slot | undefined): void => {
    if (slot === undefined || read[slot] === 1) return;
    read[slot] = 1;
    work.push(slot);
  };
  for (const block of fn.blocks) {
    for (const one of block.instructions) {
      if (one.kind === 'copy') {
        const [from, to] = [places.placeOf(one.from)?.slot, places.placeOf(one.to)?.slot];
        if (from === undefined) continue;
        if (to === undefined) mark(from);
        else sources.set(to, [...(sources.get(to) ?? []), from]);
      } else readBy(one, places).forEach(mark);
    }
  }
  for (let slot = work.pop(); slot !== undefined; slot = work.pop()) sources.get(slot)?.forEach(mark);
  return read;
}

function readBy(one: IrInstruction, places: SlotPlaces): readonly (Slot | undefined)[] {
  switch (one.kind) {
    case 'load':
    case 'atomic':
      return [places.placeOf(one.base)?.slot];
    case 'call-helper':
      return one.args.map((arg, index) =>
        argumentAccess(one, index) === 'write' && filledSlot(one, places) !== undefined
          ? undefined
          : places.placeOf(arg)?.slot,
      );
    default:
      return [];
  }
}

function wantedResults(fn: IrFunction): Uint8Array {
  const wanted = new Uint8Array(fn.values.length);
  for (const block of fn.blocks) {
    for (const one of block.instructions)
      for (const operand of operandsOf(one)) if (isValue(operand)) wanted[operand] = 1;
    for (const operand of terminatorOperands(block.terminator)) if (isValue(operand)) wanted[operand] = 1;
  }
  return wanted;
}
