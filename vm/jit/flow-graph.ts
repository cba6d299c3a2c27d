/**
 * The basic blocks of one function and what follows each. Blocks and instructions are numbers; arrays instead of objects,
 * since programs have up to a million instructions.
 */
import { CallKind } from '../../bpf/fields.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { opcodeOf } from '../../bpf/opcodes.ts';
import type { Program } from '../program.ts';

export const NO_BLOCK = -1;

export interface FlowGraph {
  /** First instruction of each block, and behind the last one's end. */
  readonly starts: Int32Array;
  /** The block reached by going on or by a jump without a condition, or {@link NO_BLOCK}. */
  readonly next: Int32Array;
  /** The block a condition's jump goes to, or {@link NO_BLOCK}. */
  readonly taken: Int32Array;
}

/** Why there is no code: an instruction that goes where it likes. */
export interface NotCompiled {
  readonly instruction: number;
  readonly reason: string;
}

type Ending = 'goes-on' | 'jump' | 'condition' | 'exit';

export function endingOf({ op }: Instruction): Ending {
  switch (opcodeOf(op).form) {
    case 'ja':
    case 'ja32':
      return 'jump';
    case 'jmp_k':
    case 'jmp_x':
    case 'may_goto':
      return 'condition';
    case 'exit':
      return 'exit';
    default:
      return 'goes-on';
  }
}

/** Of the instructions from `start` up to `end`. */
export function flowGraph(program: Program, start: number, end: number): FlowGraph | NotCompiled {
  const { instructions, code } = program;
  const leaders = new Uint8Array(end - start + 1);
  leaders[0] = 1;
  leaders[end - start] = 1;
  for (let index = start; index < end; index++) {
    const instruction = instructions[index]!;
    const { form } = opcodeOf(instruction.op);
    if (form === 'gotox' || form === 'callx')
      return { instruction: index, reason: `${instruction.op} goes to an address in a register` };
    const ending = endingOf(instruction);
    if (ending === 'goes-on') continue;
    leaders[index + 1 - start] = 1;
    if (ending === 'exit') continue;
    const target = code[index * 4 + 1]! >> 2;
    if (target < start || target >= end)
      return { instruction: index, reason: 'it jumps out of its function' };
    leaders[target - start] = 1;
  }
  return connect(program, start, end, leaders);
}

function connect(
  { instructions, code }: Program,
  start: number,
  end: number,
  leaders: Uint8Array,
): FlowGraph {
  const blockOf = new Int32Array(end - start + 1).fill(NO_BLOCK);
  const starts: number[] = [];
  for (let at = 0; at < end - start; at++) {
    if (leaders[at] !== 0) starts.push(start + at);
    blockOf[at] = starts.length - 1;
  }
  const count = starts.length;
  const next = new Int32Array(count).fill(NO_BLOCK);
  const taken = new Int32Array(count).fill(NO_BLOCK);
  starts.push(end);
  for (let block = 0; block < count; block++) {
    const last = starts[block + 1]! - 1;
    const ending = endingOf(instructions[last]!);
    const target = blockOf[(code[last * 4 + 1]! >> 2) - start]!;
    const following = last + 1 < end ? blockOf[last + 1 - start]! : NO_BLOCK;
    if (ending === 'jump') next[block] = target;
    else if (ending !== 'exit') next[block] = following;
    if (ending === 'condition') taken[block] = target;
  }
  return { starts: Int32Array.from(starts), next, taken };
}

/** A call of a function of the program: its first instruction's index; undefined for other calls. */
export function localTarget({ instructions, code }: Program, index: number): number | undefined {
  const { op, src } = instructions[index]!;
  return op === 'call' && src === CallKind.local ? code[index * 4 + 1]! >> 2 : undefined;
}
