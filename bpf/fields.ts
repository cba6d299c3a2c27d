/**
 * Which wire fields are operands, by form: what encode and decode must check. Every other field is reserved and zero
 * (RFC 9669 section 3.1), save where the opcode row fixes its value.
 *
 *   | imm:32 | off:16 | src:4 | dst:4 | opcode:8 |      `lddw` takes a second slot: | imm high:32 | 0:32 |
 */
import type { Instruction } from './instruction.ts';
import type { OpForm, OpName } from './opcodes.ts';

export interface OperandFields {
  readonly dst: boolean;
  readonly src: boolean;
  readonly off: boolean;
  readonly imm: boolean;
}

const fields = (text: string): OperandFields => ({
  dst: text.includes('d'),
  src: text.includes('s'),
  off: text.includes('o'),
  imm: text.includes('i'),
});

/** Operands of each form. */
export const OPERAND_FIELDS: Readonly<Record<OpForm, OperandFields>> = {
  alu_k: fields('d i'),
  alu_x: fields('d s'),
  neg: fields('d'),
  movsx: fields('d s'),
  end: fields('d'),
  cast: fields('d s i'),
  ja: fields('o'),
  ja32: fields('i'),
  may_goto: fields('o'),
  jmp_k: fields('d o i'),
  jmp_x: fields('d s o'),
  // `off` names the BTF file of a kernel function call; helper and local calls keep it zero.
  call: fields('s o i'),
  callx: fields('d'),
  gotox: fields('d'),
  exit: fields(''),
  ldx: fields('d s o'),
  ldsx: fields('d s o'),
  stx: fields('d s o'),
  st: fields('d o i'),
  lddw: fields('d s i'),
  ldabs: fields('i'),
  ldind: fields('s i'),
  atomic: fields('d s o'),
  atomic_fetch: fields('d s o'),
  cmpxchg: fields('d s o'),
  load_acquire: fields('d s o'),
  store_release: fields('d s o'),
};

/** `src` of `call`: what `imm` is. */
export const CallKind = { helper: 0, local: 1, kfunc: 2 } as const;

/** `src` of `lddw`: what the immediate is (BPF_PSEUDO_*). */
export const WideKind = {
  value: 0,
  mapFd: 1,
  mapValue: 2,
  btfId: 3,
  func: 4,
  mapIdx: 5,
  mapIdxValue: 6,
} as const;

/** Eight-byte slots an instruction takes. */
export function slotsOf(op: OpName): 1 | 2 {
  return op === 'lddw' ? 2 : 1;
}

/** Slot index of each instruction, then the total. */
export function slotIndexes(instructions: readonly Instruction[]): readonly number[] {
  const indexes = [0];
  let slot = 0;
  for (const { op } of instructions) {
    slot += slotsOf(op);
    indexes.push(slot);
  }
  return indexes;
}
