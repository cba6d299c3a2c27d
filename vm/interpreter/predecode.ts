/** Linked instructions -> the words the interpreter runs. Everything a jump could do wrong is refused here. */
import { CallKind, slotIndexes } from '../../bpf/fields.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { opcodeOf } from '../../bpf/opcodes.ts';
import { LoadError } from '../fault.ts';
import { PAST_END } from '../program.ts';

export interface Predecoded {
  readonly code: Int32Array;
  readonly slots: Int32Array;
}

/** `instructions` have numbers for all references. Throws LoadError. */
export function predecode(name: string, instructions: readonly Instruction[]): Predecoded {
  const starts = slotIndexes(instructions);
  const slots = new Int32Array(starts.at(-1)!).fill(-1);
  for (let index = 0; index < instructions.length; index++) slots[starts[index]!] = index * 4;

  const code = new Int32Array((instructions.length + 1) * 4);
  for (const [index, one] of instructions.entries()) {
    const { code: number } = opcodeOf(one.op);
    if (one.dst > 10 || (one.src > 10 && one.op !== 'lddw')) {
      throw new LoadError(`${name}: instruction ${index}: no such register`);
    }
    code[index * 4] = number | (one.dst << 9) | (one.src << 17);
    code[index * 4 + 1] = targetOf(name, one, index, starts[index]!, slots);
    code[index * 4 + 2] = one.imm;
    code[index * 4 + 3] = one.immHigh ?? 0;
  }
  code[instructions.length * 4] = PAST_END;
  return { code, slots };
}

/** Word index a jump or local call goes to; the plain offset for all others. */
function targetOf(name: string, one: Instruction, index: number, slot: number, slots: Int32Array): number {
  const distance = distanceOf(one);
  if (distance === undefined) return one.off;
  const target = slots[slot + 1 + distance] ?? -1;
  if (target < 0) throw new LoadError(`${name}: instruction ${index}: ${one.op} leaves the program`);
  return target;
}

function distanceOf(one: Instruction): number | undefined {
  switch (opcodeOf(one.op).form) {
    case 'ja':
    case 'may_goto':
    case 'jmp_k':
    case 'jmp_x':
      return one.off;
    case 'ja32':
      return one.imm;
    case 'call':
      return one.src === CallKind.local ? one.imm : undefined;
    default:
      return undefined;
  }
}
