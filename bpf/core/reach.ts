/**
 * Which instructions of a function can run, once existence checks have become numbers: `if (0)` is how a program guards
 * what a kernel lacks. Constants in registers are followed along every path; memory is not, so that an unknown value
 * makes both ways of a jump possible and nothing is called dead that is not.
 */
import { computeAlu, isAlu, isConditionalJump, isTaken } from '../alu.ts';
import { slotIndexes, WideKind } from '../fields.ts';
import type { Instruction } from '../instruction.ts';
import { resolveLabels } from '../labels.ts';
import { opcodeOf } from '../opcodes.ts';

/** A value of each register, undefined when it is not one number. */
type Registers = readonly (bigint | undefined)[];

const REGISTERS = 11;
const UNKNOWN: Registers = new Array<undefined>(REGISTERS).fill(undefined);

/** One boolean an instruction. All are true where jumps cannot be followed. */
export function reachable(given: readonly Instruction[]): readonly boolean[] {
  if (given.length === 0) return [];
  const { instructions, problems } = resolveLabels(given);
  const everything = given.map(() => true);
  if (problems.length > 0) return everything;
  const slots = slotIndexes(instructions);
  const atSlot = new Map(slots.slice(0, -1).map((slot, index) => [slot, index]));

  const states: (Registers | undefined)[] = instructions.map(() => undefined);
  states[0] = UNKNOWN;
  const waiting = [0];
  for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
    const instruction = instructions[index]!;
    const before = states[index]!;
    const targets = successors(instruction, before);
    if (targets === undefined) return everything;
    const after = step(instruction, before);
    for (const distance of targets) {
      // A distance counts slots from the next; 0 is the next instruction.
      const next = distance === 0 ? index + 1 : atSlot.get(slots[index + 1]! + distance);
      if (next === undefined || next >= instructions.length) continue;
      const known = states[next];
      const joined = known === undefined ? after : join(known, after);
      if (joined === known) continue;
      states[next] = joined;
      waiting.push(next);
    }
  }
  return states.map((state) => state !== undefined);
}

/** Slot distances of what may run next; undefined when anything may. */
function successors(
  { op, off, imm, dst, src }: Instruction,
  registers: Registers,
): readonly number[] | undefined {
  const row = opcodeOf(op);
  if (isConditionalJump(row)) {
    const left = registers[dst];
    const right = row.form === 'jmp_k' ? BigInt(imm) : registers[src];
    if (left === undefined || right === undefined) return [0, off];
    return [isTaken(row.operation, row.bits, left, right) ? off : 0];
  }
  switch (row.form) {
    case 'exit':
      return [];
    case 'ja':
      return [off];
    case 'ja32':
      return [imm];
    case 'may_goto':
      return [0, off];
    case 'gotox':
    case 'callx':
      return undefined;
    default:
      return [0];
  }
}

/** The registers after an instruction. */
function step(instruction: Instruction, registers: Registers): Registers {
  const { op, dst, src, imm, immHigh = 0, ref } = instruction;
  const row = opcodeOf(op);
  if (isAlu(row)) {
    const right = row.form === 'alu_k' ? BigInt(imm) : registers[src];
    // What was in the register does not matter for a move.
    const left = row.operation === 'mov' ? 0n : registers[dst];
    const known = left !== undefined && right !== undefined;
    return set(registers, dst, known ? computeAlu(row.operation, row.bits, left, right) : undefined);
  }
  switch (row.form) {
    case 'lddw': {
      const value = (BigInt(immHigh) << 32n) | BigInt.asUintN(32, BigInt(imm));
      return set(registers, dst, src === WideKind.value && ref === undefined ? value : undefined);
    }
    case 'call':
      // The callee may write r0 to r5; a kernel function, too.
      return registers.map((value, register) => (register <= 5 ? undefined : value));
    case 'st':
    case 'stx':
    case 'atomic':
    case 'store_release':
    case 'exit':
    case 'ja':
    case 'ja32':
    case 'jmp_k':
    case 'jmp_x':
    case 'may_goto':
      return registers;
    case 'atomic_fetch':
      return set(registers, src, undefined);
    case 'cmpxchg':
    case 'ldabs':
    case 'ldind':
      return registers.map((value, register) => (register <= CALLER_SAVED ? undefined : value));
    default:
      return set(registers, dst, undefined);
  }
}

const CALLER_SAVED = 5;

function set(registers: Registers, register: number, value: bigint | undefined): Registers {
  if (registers[register] === value) return registers;
  return registers.map((old, index) => (index === register ? value : old));
}

/** What both paths agree on; `known` itself when the other adds nothing. A register can only lose its value: this ends. */
function join(known: Registers, other: Registers): Registers {
  if (known.every((value, index) => value === undefined || value === other[index])) return known;
  return known.map((value, index) => (value === other[index] ? value : undefined));
}
