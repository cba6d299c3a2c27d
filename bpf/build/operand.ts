/** Operands of the constructors: registers are objects, so that `mov64(r1, r2)` and `mov64(r1, 2)` read apart. */
import type { Instruction, Reference, Register } from '../instruction.ts';
import type { OpName } from '../opcodes.ts';
import type { Span } from '../span.ts';

/** A register as an operand. */
export interface Reg {
  readonly register: Register;
}

/** A register, or a signed 32-bit immediate. */
export type Operand = Reg | number;

/** What an instruction carries besides its fields. */
export interface Meta {
  readonly label?: string;
  readonly span?: Span;
}

export const r0: Reg = { register: 0 };
export const r1: Reg = { register: 1 };
export const r2: Reg = { register: 2 };
export const r3: Reg = { register: 3 };
export const r4: Reg = { register: 4 };
export const r5: Reg = { register: 5 };
export const r6: Reg = { register: 6 };
export const r7: Reg = { register: 7 };
export const r8: Reg = { register: 8 };
export const r9: Reg = { register: 9 };
/** The frame pointer: read only, the stack lies below it. */
export const r10: Reg = { register: 10 };
/** The frame pointer's other name. */
export const fp: Reg = r10;

const REGISTERS: readonly Reg[] = [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10];

/** The operand of a register number. */
export function reg(number: Register): Reg {
  return REGISTERS[number]!;
}

/** Fields of an instruction; what is absent is zero. */
export interface Fields {
  readonly dst?: Reg;
  readonly src?: Reg | Register;
  readonly off?: number;
  readonly imm?: number;
  readonly immHigh?: number;
  readonly ref?: Reference;
}

/** Any instruction: the constructors of this folder are made of it. */
export function instruction(op: OpName, fields: Fields, meta: Meta = {}): Instruction {
  const { src } = fields;
  return {
    op,
    dst: fields.dst?.register ?? 0,
    src: typeof src === 'object' ? src.register : (src ?? 0),
    off: fields.off ?? 0,
    imm: fields.imm ?? 0,
    ...(fields.immHigh === undefined ? {} : { immHigh: fields.immHigh }),
    ...(fields.ref === undefined ? {} : { ref: fields.ref }),
    ...(meta.label === undefined ? {} : { label: meta.label }),
    ...(meta.span === undefined ? {} : { span: meta.span }),
  };
}

/** The same instruction under a label. */
export function label(name: string, instruction: Instruction): Instruction {
  return { ...instruction, label: name };
}
