/**
 * How far a program reads into its context. Where it only loads at fixed distances, and hands the address to nobody who
 * looks behind it, a record can be its context where it lies: what comes after it is never seen.
 */
import { CallKind, slotIndexes } from '../../bpf/fields.ts';
import { helper, helperById } from '../../bpf/helpers/lookup.ts';
import type { Instruction } from '../../bpf/instruction.ts';
import { OPCODES, type Opcode } from '../../bpf/opcodes.ts';

/** They take the context and do not look into it. */
const INDIFFERENT: ReadonlySet<number> = new Set([
  helper('perf_event_output').id,
  helper('get_stackid').id,
  helper('get_stack').id,
]);

const BY_NAME: ReadonlyMap<string, Opcode> = new Map(OPCODES.map((row) => [row.name, row]));
const ENTRY = 1 << 1;
/** r0 ... r5: what a call leaves nothing of. */
const CLOBBERED = 0b111111;
const ESCAPES = -1;

/** The bytes it reads, or undefined when the address may go further. `instructions`: linked, the entry function first. */
export function contextReach(instructions: readonly Instruction[]): number | undefined {
  const slots = slotIndexes(instructions);
  const indexes = new Map(slots.map((slot, index) => [slot, index]));
  // By instruction: the registers that may hold the context before it.
  const before = new Int32Array(instructions.length).fill(ESCAPES);
  before[0] = ENTRY;
  const work = [0];
  let reach = 0;
  while (work.length > 0) {
    const index = work.pop()!;
    const one = instructions[index]!;
    const row = BY_NAME.get(one.op)!;
    const held = before[index]!;
    const bytes = bytesRead(one, row, held);
    if (bytes === undefined) return undefined;
    reach = Math.max(reach, bytes);
    const after = heldAfter(one, row, held);
    for (const slot of nextSlots(one, row, slots[index]!)) {
      const next = indexes.get(slot);
      // Code that leaves its program faults.
      if (next === undefined || next >= instructions.length) continue;
      const known = before[next]!;
      const joined = known === ESCAPES ? after : known | after;
      if (joined === known) continue;
      before[next] = joined;
      work.push(next);
    }
  }
  return reach;
}

/** Bytes of the context up to the last one this instruction reads; undefined when it does anything else with its address. */
function bytesRead(one: Instruction, row: Opcode, held: number): number | undefined {
  const holds = (register: number): boolean => (held & (1 << register)) !== 0;
  const refused = (escapes: boolean): number | undefined => (escapes ? undefined : 0);
  switch (row.form) {
    case 'ldx':
    case 'ldsx':
      if (!holds(one.src)) return 0;
      return one.off < 0 ? undefined : one.off + row.bytes;
    case 'alu_x':
      if (one.op === 'mov64_x') return 0;
      return refused(holds(one.src) || (row.operation !== 'mov' && holds(one.dst)));
    case 'alu_k':
    case 'neg':
    case 'end':
      return refused(row.operation !== 'mov' && holds(one.dst));
    case 'jmp_k':
    case 'callx':
    case 'gotox':
    case 'st':
      return refused(holds(one.dst));
    case 'call':
      return refused(callTakes(one, held));
    case 'lddw':
    case 'ja':
    case 'ja32':
    case 'may_goto':
    case 'exit':
      return 0;
    case 'ldabs':
    case 'ldind':
      return undefined;
    default:
      return refused(holds(one.dst) || holds(one.src));
  }
}

/** The context goes into a call that may look behind it. */
function callTakes({ src, imm }: Instruction, held: number): boolean {
  const callee = src === CallKind.helper ? helperById(imm) : undefined;
  const count = callee?.args.length ?? 5;
  const skipped = INDIFFERENT.has(imm) && callee !== undefined ? ENTRY : 0;
  const taken = ((1 << (count + 1)) - 1) & ~1 & ~skipped;
  return (held & taken) !== 0;
}

function heldAfter(one: Instruction, row: Opcode, held: number): number {
  const dst = 1 << one.dst;
  if (one.op === 'mov64_x') return (held & (1 << one.src)) === 0 ? held & ~dst : held | dst;
  switch (row.form) {
    case 'call':
      return held & ~CLOBBERED;
    case 'ldx':
    case 'ldsx':
    case 'lddw':
    case 'alu_k':
    case 'alu_x':
      return held & ~dst;
    default:
      return held;
  }
}

function nextSlots(one: Instruction, row: Opcode, slot: number): readonly number[] {
  switch (row.form) {
    case 'exit':
    case 'gotox':
      return [];
    case 'ja':
      return [slot + 1 + one.off];
    case 'ja32':
      return [slot + 1 + one.imm];
    case 'may_goto':
    case 'jmp_k':
    case 'jmp_x':
      return [slot + 1, slot + 1 + one.off];
    case 'lddw':
      return [slot + 2];
    default:
      return [slot + 1];
  }
}
