/** Puts instructions before others of a function; jumps still go where they went, by way of what was put there. */
import { slotIndexes } from '../../bpf/fields.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { opcodeOf } from '../../bpf/opcodes.ts';

/** `before`: by index, one instruction of one slot, without a label. Distances must fit, as they do where functions are short. */
export function insertInstructions(
  instructions: readonly Instruction[],
  before: ReadonlyMap<number, Instruction>,
): readonly Instruction[] {
  if (before.size === 0) return instructions;
  const slots = slotIndexes(instructions);
  // Where each slot has gone: to what was put before it, if anything was.
  const moved = new Map<number, number>();
  let added = 0;
  for (const [index, slot] of slots.entries()) {
    moved.set(slot, slot + added);
    if (before.has(index)) added++;
  }
  return instructions.flatMap((one, index) => {
    const slot = slots[index]!;
    const inserted = before.get(index);
    const place = moved.get(slot)! + (inserted === undefined ? 0 : 1);
    const own = withDistance(one, slot, (target) => moved.get(target)! - place - 1);
    if (inserted === undefined) return [own];
    const { label, ...rest } = own;
    return [{ ...inserted, ...(label === undefined ? {} : { label }) }, rest];
  });
}

/** A jump whose target is told by distance gets a new one. */
function withDistance(one: Instruction, slot: number, distanceTo: (target: number) => number): Instruction {
  if (one.ref?.kind === 'label') return one;
  switch (opcodeOf(one.op).form) {
    case 'ja':
    case 'may_goto':
    case 'jmp_k':
    case 'jmp_x':
      return { ...one, off: distanceTo(slot + 1 + one.off) };
    case 'ja32':
      return { ...one, imm: distanceTo(slot + 1 + one.imm) };
    default:
      return one;
  }
}
