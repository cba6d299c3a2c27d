/**
 * Where the context goes in a program that no verifier has accepted: from r1 through moves, the stack and the arguments of
 * its own functions. Whatever may be the context at an instruction counts as it. Pointers to it in other memory are not
 * followed; a load through one is then a fault.
 */
import { CallKind, slotIndexes } from '../../bpf/fields.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { linkProgram } from '../../bpf/link.ts';
import type { BpfFunction } from '../../bpf/object.ts';
import { type OpForm, opcodeOf } from '../../bpf/opcodes.ts';

/** What may hold the context: bits of r0 ... r9, and stack places by their offset from r10. */
interface Holders {
  readonly registers: number;
  readonly stack: ReadonlySet<number>;
}

const FIRST_ARGUMENT = 1;
const ARGUMENTS = 0b11_1110;
const CALLER_SAVED = 0b11_1111;
const FRAME_POINTER = 10;

const JUMPS: ReadonlySet<OpForm> = new Set<OpForm>(['ja', 'may_goto', 'jmp_k', 'jmp_x']);
const LOADS: ReadonlySet<OpForm> = new Set<OpForm>(['ldx', 'ldsx', 'load_acquire']);
const STORES: ReadonlySet<OpForm> = new Set<OpForm>(['st', 'stx', 'store_release']);
/** Forms whose destination register stays what it was. */
const UNWRITTEN: ReadonlySet<OpForm> = new Set<OpForm>([...JUMPS, ...STORES, 'ja32', 'exit', 'atomic']);

/** Slots, in the linked program, of loads and stores through the context. */
export function flowAccesses(entry: BpfFunction, functions: readonly BpfFunction[]): ReadonlySet<number> {
  return new Flow(linkProgram(entry, functions).instructions).accesses();
}

class Flow {
  readonly #instructions: readonly Instruction[];
  readonly #slots: readonly number[];
  readonly #indexes: ReadonlyMap<number, number>;
  /** By instruction: what may hold it before it runs. */
  readonly #before = new Map<number, Holders>();
  readonly #work: number[] = [];

  constructor(instructions: readonly Instruction[]) {
    this.#instructions = instructions;
    this.#slots = slotIndexes(instructions);
    this.#indexes = new Map(instructions.map((_, index) => [this.#slots[index]!, index]));
  }

  accesses(): ReadonlySet<number> {
    this.#reach(this.#slots[0], { registers: 1 << FIRST_ARGUMENT, stack: new Set() });
    for (let index = this.#work.pop(); index !== undefined; index = this.#work.pop()) this.#walk(index);
    const found = new Set<number>();
    for (const [index, { registers }] of this.#before) {
      const base = baseRegister(this.#instructions[index]!);
      if (base !== undefined && ((registers >> base) & 1) !== 0) found.add(this.#slots[index]!);
    }
    return found;
  }

  /** The instruction at `slot` may run with these holders. */
  #reach(slot: number | undefined, holders: Holders): void {
    const index = slot === undefined ? undefined : this.#indexes.get(slot);
    if (index === undefined) return;
    const known = this.#before.get(index);
    if (known !== undefined && isWithin(holders, known)) return;
    this.#before.set(index, known === undefined ? holders : union(known, holders));
    this.#work.push(index);
  }

  #walk(index: number): void {
    const one = this.#instructions[index]!;
    const before = this.#before.get(index)!;
    const after = step(one, before);
    const slot = this.#slots[index]!;
    const { form } = opcodeOf(one.op);
    const target = targetOf(one, form, slot);
    if (target !== undefined) {
      const isCall = form === 'call';
      this.#reach(target, isCall ? { registers: before.registers & ARGUMENTS, stack: new Set() } : after);
    }
    if (form !== 'exit' && form !== 'ja' && form !== 'ja32') this.#reach(this.#slots[index + 1], after);
  }
}

/** Slot that a jump or a call of an own function goes to. */
function targetOf({ off, imm, src }: Instruction, form: OpForm, slot: number): number | undefined {
  if (JUMPS.has(form)) return slot + 1 + off;
  const isFar = form === 'ja32' || (form === 'call' && src === CallKind.local);
  return isFar ? slot + 1 + imm : undefined;
}

/** Holders after an instruction. */
function step(one: Instruction, before: Holders): Holders {
  const { registers, stack } = before;
  const holds = (register: number): boolean => ((registers >> register) & 1) !== 0;
  const { op, dst, src, off } = one;
  if (op === 'mov64_x') return { registers: set(registers, dst, holds(src)), stack };
  if (op === 'ldx64' && src === FRAME_POINTER)
    return { registers: set(registers, dst, stack.has(off)), stack };
  if (op === 'stx64' && dst === FRAME_POINTER) return { registers, stack: place(stack, off, holds(src)) };
  if (op === 'call' || op === 'callx') return { registers: registers & ~CALLER_SAVED, stack };
  // The context plus a number is still the context to whom goes through it.
  if (op === 'add64_k' || UNWRITTEN.has(opcodeOf(op).form)) return before;
  return { registers: set(registers, dst, false), stack };
}

function set(registers: number, register: number, holds: boolean): number {
  return holds ? registers | (1 << register) : registers & ~(1 << register);
}

function place(stack: ReadonlySet<number>, off: number, holds: boolean): ReadonlySet<number> {
  if (stack.has(off) === holds) return stack;
  const next = new Set(stack);
  if (holds) next.add(off);
  else next.delete(off);
  return next;
}

function isWithin(part: Holders, whole: Holders): boolean {
  if ((part.registers & ~whole.registers) !== 0) return false;
  for (const off of part.stack) if (!whole.stack.has(off)) return false;
  return true;
}

function union(a: Holders, b: Holders): Holders {
  return { registers: a.registers | b.registers, stack: new Set([...a.stack, ...b.stack]) };
}

/** The register that a load or store goes through. */
function baseRegister({ op, dst, src }: Instruction): number | undefined {
  const { form } = opcodeOf(op);
  if (LOADS.has(form)) return src;
  return STORES.has(form) ? dst : undefined;
}
