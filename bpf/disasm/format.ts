/** One instruction -> its text. The inverse of `asm/statement.ts`. */
import type { Instruction, Register } from '../instruction.ts';
import { type Opcode, type Operation, opcodeOf } from '../opcodes.ts';
import { atomicText } from './atomic.ts';
import { callText } from './call.ts';
import { type DisasmStyle, KERNEL_NOTATION, LLVM_NOTATION, type Notation } from './notation.ts';
import { wideText } from './wide.ts';

export interface FormatOptions {
  readonly style?: DisasmStyle;
  /**
   * Not in kernel style: write loads and stores of 32 bits or less with sub-registers, as `llvm-objdump --mattr=+alu32` and newer
   * releases do. Default false.
   */
  readonly alu32?: boolean;
}

/** Text without the opcode prefix, e.g. `r1 = *(u32 *)(r10 -4)`. */
export function formatInstruction(instruction: Instruction, options: FormatOptions = {}): string {
  const style = options.style ?? 'kernel';
  const notation = style === 'kernel' ? KERNEL_NOTATION : LLVM_NOTATION;
  const row = opcodeOf(instruction.op);
  const wideRegisters = style === 'kernel' || options.alu32 !== true;
  return text(instruction, row, style, notation, wideRegisters);
}

function text(
  instruction: Instruction,
  row: Opcode,
  style: DisasmStyle,
  notation: Notation,
  wideRegisters: boolean,
): string {
  const { dst, src, off, imm } = instruction;
  const moved = (register: Register): string =>
    wideRegisters ? `r${register}` : narrow(register, row.bytes);
  switch (row.form) {
    case 'alu_k':
      return `${sized(dst, row.bits)} ${ALU_SIGNS[row.operation]} ${imm}`;
    case 'alu_x':
      return `${sized(dst, row.bits)} ${ALU_SIGNS[row.operation]} ${sized(src, row.bits)}`;
    case 'neg':
      return `${sized(dst, row.bits)} = -${sized(dst, row.bits)}`;
    case 'movsx':
      return `${sized(dst, row.bits)} = (s${row.bytes * 8})${sized(src, row.bits)}`;
    case 'end':
      return `r${dst} = ${row.name} r${dst}`;
    case 'cast':
      return `r${dst} = addr_space_cast(r${src}, ${notation.space(imm >>> 16)}, ${notation.space(imm & 0xffff)})`;
    case 'ja':
      return `goto ${target(instruction, off, notation)}`;
    case 'ja32':
      return `gotol ${target(instruction, imm, notation)}`;
    case 'may_goto':
      return `may_goto ${target(instruction, off, notation)}`;
    case 'jmp_k':
    case 'jmp_x': {
      const right = row.form === 'jmp_k' ? notation.condition(imm) : sized(src, row.bits);
      const sign = CONDITION_SIGNS[row.operation];
      return `if ${sized(dst, row.bits)} ${sign} ${right} goto ${target(instruction, off, notation)}`;
    }
    case 'call':
      return callText(instruction, style);
    case 'callx':
      return `callx r${dst}`;
    case 'gotox':
      return `gotox r${dst}`;
    case 'exit':
      return 'exit';
    case 'ldx':
      return `${moved(dst)} = *(u${row.bytes * 8} *)(r${src}${notation.offset(off)})`;
    case 'ldsx':
      return `r${dst} = *(s${row.bytes * 8} *)(r${src}${notation.offset(off)})`;
    case 'stx':
      return `*(u${row.bytes * 8} *)(r${dst}${notation.offset(off)}) = ${moved(src)}`;
    case 'st':
      return `*(u${row.bytes * 8} *)(r${dst}${notation.offset(off)}) = ${imm}`;
    case 'lddw':
      return `r${dst} = ${wideText(instruction, notation)}`;
    case 'ldabs':
      return `r0 = *(u${row.bytes * 8} *)skb[${imm}]`;
    case 'ldind':
      // llvm-objdump does not print the immediate.
      return `r0 = *(u${row.bytes * 8} *)skb[r${src}${style === 'llvm' ? '' : ` + ${imm}`}]`;
    case 'atomic':
    case 'atomic_fetch':
    case 'cmpxchg':
    case 'load_acquire':
    case 'store_release':
      return atomicText(instruction, row, style, notation, wideRegisters);
    default:
      return row.form satisfies never;
  }
}

/** The register at the width of the computation. */
function sized(register: Register, bits: Opcode['bits']): string {
  return bits === 32 ? `w${register}` : `r${register}`;
}

function narrow(register: Register, bytes: Opcode['bytes']): string {
  return bytes < 8 ? `w${register}` : `r${register}`;
}

function target({ ref }: Instruction, distance: number, notation: Notation): string {
  return ref?.kind === 'label' ? ref.name : notation.distance(distance);
}

/** Assignment operator of an ALU operation. */
export const ALU_SIGNS: Readonly<Partial<Record<Operation, string>>> = {
  add: '+=',
  sub: '-=',
  mul: '*=',
  div: '/=',
  or: '|=',
  and: '&=',
  lsh: '<<=',
  rsh: '>>=',
  mod: '%=',
  xor: '^=',
  mov: '=',
  arsh: 's>>=',
  sdiv: 's/=',
  smod: 's%=',
};

/** Comparison operator of a conditional jump. */
export const CONDITION_SIGNS: Readonly<Partial<Record<Operation, string>>> = {
  jeq: '==',
  jne: '!=',
  jgt: '>',
  jge: '>=',
  jlt: '<',
  jle: '<=',
  jset: '&',
  jsgt: 's>',
  jsge: 's>=',
  jslt: 's<',
  jsle: 's<=',
};
