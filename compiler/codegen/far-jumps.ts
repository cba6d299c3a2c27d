/**
 * Jumps that 16 bits do not reach become `gotol` where the instruction set has it. Invariant: only plain jumps are that
 * far, emission sees to it; where there is no `gotol` they stay, and the check against the target refuses them.
 */
import { slotIndexes, slotsOf } from '../../bpf/fields.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import type { CodegenTarget } from './target.ts';

const REACH = 0x7fff;

export function widenJumps(
  instructions: readonly Instruction[],
  { instructionSet }: CodegenTarget,
): readonly Instruction[] {
  if (instructionSet < 4 || instructions.length * slotsOf('lddw') <= REACH) return instructions;
  const slots = slotIndexes(instructions);
  const targets = new Map(instructions.map(({ label }, index) => [label, slots[index]!]));
  return instructions.map((one, index) => {
    if (one.op !== 'ja' || one.ref?.kind !== 'label') return one;
    const distance = targets.get(one.ref.name)! - slots[index]! - 1;
    return distance < -REACH - 1 || distance > REACH ? { ...one, op: 'ja32' } : one;
  });
}
