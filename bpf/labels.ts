/**
 * Jump labels of one function -> slot distances. A jump further than 16 bits becomes a `ja32` where that is allowed,
 * else a problem that says what to write.
 */
import { slotIndexes } from './fields.ts';
import type { Instruction } from './instruction.ts';
import { type InstructionSetLevel, opcodeOf } from './opcodes.ts';
import type { InstructionProblem } from './problem.ts';

export interface LabelOptions {
  /** From level 4 on a far `ja` is turned into `ja32`. Default 3. */
  readonly level?: InstructionSetLevel;
}

export interface LabelResult {
  /** As given, with every label reference replaced by its distance; same length. */
  readonly instructions: readonly Instruction[];
  readonly problems: readonly InstructionProblem[];
}

const OFF_MIN = -32768;
const OFF_MAX = 32767;

/** Resolves all label references of one function. Never throws. */
export function resolveLabels(instructions: readonly Instruction[], options: LabelOptions = {}): LabelResult {
  const slots = slotIndexes(instructions);
  const problems: InstructionProblem[] = [];
  const report = (kind: InstructionProblem['kind'], slot: number, message: string): void => {
    problems.push({ kind, slot, offset: slot * 8, message });
  };
  const targets = collect(instructions, slots);

  const resolved = instructions.map((instruction, index) => {
    const { ref } = instruction;
    if (ref?.kind !== 'label') return instruction;
    const slot = slots[index]!;
    const target = targets.get(ref.name);
    if (target === undefined) {
      report('reference', slot, `no label '${ref.name}' in this function`);
      return instruction;
    }
    if (target === 'twice') {
      report('reference', slot, `label '${ref.name}' is defined twice`);
      return instruction;
    }
    const distance = target - slot - 1;
    const { form } = opcodeOf(instruction.op);
    const { ref: _, ...rest } = instruction;
    if (form === 'ja32') return { ...rest, imm: distance };
    if (form !== 'ja' && form !== 'jmp_k' && form !== 'jmp_x' && form !== 'may_goto') {
      report('reference', slot, `${instruction.op} takes no label`);
      return instruction;
    }
    if (distance >= OFF_MIN && distance <= OFF_MAX) return { ...rest, off: distance };
    if (form === 'ja' && (options.level ?? 3) >= 4) return { ...rest, op: 'ja32' as const, imm: distance };
    report('range', slot, farMessage(form, ref.name, distance));
    return instruction;
  });
  return { instructions: resolved, problems };
}

function farMessage(form: 'ja' | 'jmp_k' | 'jmp_x' | 'may_goto', label: string, distance: number): string {
  const where = `'${label}' is ${distance} slots away, beyond 16 bits`;
  if (form === 'ja') return `${where}: use ja32 (gotol, instruction set v4)`;
  return `${where}: jump the other way around a ja32 (gotol, instruction set v4)`;
}

/** Slots of the labels. A name that stands twice is wrong only once a jump means it: linked programs hold many functions. */
function collect(
  instructions: readonly Instruction[],
  slots: readonly number[],
): ReadonlyMap<string, number | 'twice'> {
  const targets = new Map<string, number | 'twice'>();
  for (const [index, { label }] of instructions.entries()) {
    if (label !== undefined) targets.set(label, targets.has(label) ? 'twice' : slots[index]!);
  }
  return targets;
}
