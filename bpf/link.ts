/**
 * One program with the functions it calls -> the single instruction stream that `BPF_PROG_LOAD` takes: entry first,
 * then every reachable function once, in the order of first mention; calls and callback addresses become distances.
 */
import { callClosure } from './call-graph.ts';
import { CallKind, slotIndexes, slotsOf, WideKind } from './fields.ts';
import type { Instruction } from './instruction.ts';
import { type LabelOptions, resolveLabels } from './labels.ts';
import type { BpfFunction } from './object.ts';
import type { InstructionProblem } from './problem.ts';

/** Where a function lies in the linked stream. */
export interface LinkedFunction {
  readonly name: string;
  /** Index of its first instruction. */
  readonly start: number;
  /** Index after its last instruction. */
  readonly end: number;
  /** Slot of its first instruction. */
  readonly slot: number;
}

export interface LinkResult {
  /** Jumps, local calls and callback addresses are numbers; maps, kernel functions and variables are still references. */
  readonly instructions: readonly Instruction[];
  /** The entry is the first. */
  readonly functions: readonly LinkedFunction[];
  /** Slots count in the linked stream. */
  readonly problems: readonly InstructionProblem[];
}

/** Links `entry` with those of `functions` it reaches. Never throws. */
export function linkProgram(
  entry: BpfFunction,
  functions: readonly BpfFunction[],
  options: LabelOptions = {},
): LinkResult {
  const instructions: Instruction[] = [];
  const placed: LinkedFunction[] = [];
  const problems: InstructionProblem[] = [];
  let slot = 0;
  for (const one of callClosure([entry], functions)) {
    const resolved = resolveLabels(one.instructions, options);
    placed.push({
      name: one.name,
      start: instructions.length,
      end: instructions.length + resolved.instructions.length,
      slot,
    });
    for (const problem of resolved.problems) {
      problems.push({ ...problem, slot: slot + problem.slot, offset: (slot + problem.slot) * 8 });
    }
    for (const instruction of resolved.instructions) {
      instructions.push(instruction);
      slot += slotsOf(instruction.op);
    }
  }
  return { instructions: resolveCalls(instructions, placed, problems), functions: placed, problems };
}

function resolveCalls(
  instructions: readonly Instruction[],
  placed: readonly LinkedFunction[],
  problems: InstructionProblem[],
): readonly Instruction[] {
  const starts = new Map(placed.map((one) => [one.name, one.slot]));
  const slots = slotIndexes(instructions);
  return instructions.map((instruction, index): Instruction => {
    const { ref, ...rest } = instruction;
    if (ref?.kind !== 'function') return instruction;
    const slot = slots[index]!;
    const target = starts.get(ref.name);
    if (target === undefined) {
      problems.push({ kind: 'reference', slot, offset: slot * 8, message: `no function '${ref.name}'` });
      return instruction;
    }
    const imm = target - slot - 1;
    if (instruction.op === 'call') return { ...rest, src: CallKind.local, imm };
    return { ...rest, src: WideKind.func, imm, immHigh: 0 };
  });
}
