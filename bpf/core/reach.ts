/**
 * Which instructions of a function can run, once existence checks have become numbers: `if (0)` is how a program guards
 * what a kernel lacks. Constants in registers are followed along every path; memory is not, so that an unknown value
 * makes both ways of a jump possible and nothing is called dead that is not.
 */
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
function successors(instruction: Instruction, registers: Registers): readonly number[] | undefined {
  const { op, off, imm, dst, src } = instruction;
  const { form, operation, bits } = opcodeOf(op);
  switch (form) {
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
    case 'jmp_k':
    case 'jmp_x': {
      const right = form === 'jmp_k' ? BigInt(imm) : registers[src];
      const taken = compare(operation, registers[dst], right, bits === 32 ? 32 : 64);
      if (taken === undefined) return [0, off];
      return [taken ? off : 0];
    }
    default:
      return [0];
  }
}

function compare(
  operation: string,
  left: bigint | undefined,
  right: bigint | undefined,
  bits: 32 | 64,
): boolean | undefined {
  if (left === undefined || right === undefined) return undefined;
  const a = BigInt.asUintN(bits, left);
  const b = BigInt.asUintN(bits, right);
  const signedA = BigInt.asIntN(bits, left);
  const signedB = BigInt.asIntN(bits, right);
  switch (operation) {
    case 'jeq':
      return a === b;
    case 'jne':
      return a !== b;
    case 'jgt':
      return a > b;
    case 'jge':
      return a >= b;
    case 'jlt':
      return a < b;
    case 'jle':
      return a <= b;
    case 'jset':
      return (a & b) !== 0n;
    case 'jsgt':
      return signedA > signedB;
    case 'jsge':
      return signedA >= signedB;
    case 'jslt':
      return signedA < signedB;
    case 'jsle':
      return signedA <= signedB;
    default:
      return undefined;
  }
}

/** The registers after an instruction. */
function step(instruction: Instruction, registers: Registers): Registers {
  const { op, dst, src, imm, immHigh = 0, ref } = instruction;
  const { form, operation, bits } = opcodeOf(op);
  switch (form) {
    case 'alu_k':
      return set(registers, dst, compute(operation, registers[dst], BigInt(imm), bits === 32 ? 32 : 64));
    case 'alu_x':
      return set(registers, dst, compute(operation, registers[dst], registers[src], bits === 32 ? 32 : 64));
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

/** 64 bits of result, unsigned; those of 32 bits are extended with zeros. */
function compute(
  operation: string,
  left: bigint | undefined,
  right: bigint | undefined,
  bits: 32 | 64,
): bigint | undefined {
  if (right === undefined) return undefined;
  if (operation === 'mov') return BigInt.asUintN(bits, right);
  if (left === undefined) return undefined;
  const a = BigInt.asUintN(bits, left);
  const b = BigInt.asUintN(bits, right);
  const amount = b & BigInt(bits - 1);
  switch (operation) {
    case 'add':
      return BigInt.asUintN(bits, a + b);
    case 'sub':
      return BigInt.asUintN(bits, a - b);
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'xor':
      return a ^ b;
    case 'lsh':
      return BigInt.asUintN(bits, a << amount);
    case 'rsh':
      return a >> amount;
    case 'arsh':
      return BigInt.asUintN(bits, BigInt.asIntN(bits, a) >> amount);
    default:
      return undefined;
  }
}

function set(registers: Registers, register: number, value: bigint | undefined): Registers {
  if (registers[register] === value) return registers;
  return registers.map((old, index) => (index === register ? value : old));
}

/** What both paths agree on; `known` itself when the other adds nothing. A register can only lose its value: this ends. */
function join(known: Registers, other: Registers): Registers {
  if (known.every((value, index) => value === undefined || value === other[index])) return known;
  return known.map((value, index) => (value === other[index] ? value : undefined));
}
