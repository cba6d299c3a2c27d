/** Arithmetic, moves, byte swaps: `add64(r1, 5)`, `mov32(r1, r2)`, `be16(r3)` (RFC 9669 section 4.1, 4.2). */
import type { Instruction } from '../instruction.ts';
import type { OpName } from '../opcodes.ts';
import { instruction, type Meta, type Operand, type Reg } from './operand.ts';

/** `dst = dst op operand`. */
export type AluBuilder = (dst: Reg, operand: Operand, meta?: Meta) => Instruction;
/** `dst = op dst`. */
export type UnaryBuilder = (dst: Reg, meta?: Meta) => Instruction;
/** `dst = (sN) src`. */
export type ExtendBuilder = (dst: Reg, src: Reg, meta?: Meta) => Instruction;

function alu(byImmediate: OpName, byRegister: OpName): AluBuilder {
  return (dst, operand, meta) =>
    typeof operand === 'number'
      ? instruction(byImmediate, { dst, imm: operand }, meta)
      : instruction(byRegister, { dst, src: operand }, meta);
}

function unary(op: OpName): UnaryBuilder {
  return (dst, meta) => instruction(op, { dst }, meta);
}

function extend(op: OpName): ExtendBuilder {
  return (dst, src, meta) => instruction(op, { dst, src }, meta);
}

export const add64: AluBuilder = alu('add64_k', 'add64_x');
export const sub64: AluBuilder = alu('sub64_k', 'sub64_x');
export const mul64: AluBuilder = alu('mul64_k', 'mul64_x');
export const div64: AluBuilder = alu('div64_k', 'div64_x');
export const sdiv64: AluBuilder = alu('sdiv64_k', 'sdiv64_x');
export const or64: AluBuilder = alu('or64_k', 'or64_x');
export const and64: AluBuilder = alu('and64_k', 'and64_x');
export const lsh64: AluBuilder = alu('lsh64_k', 'lsh64_x');
export const rsh64: AluBuilder = alu('rsh64_k', 'rsh64_x');
export const mod64: AluBuilder = alu('mod64_k', 'mod64_x');
export const smod64: AluBuilder = alu('smod64_k', 'smod64_x');
export const xor64: AluBuilder = alu('xor64_k', 'xor64_x');
export const mov64: AluBuilder = alu('mov64_k', 'mov64_x');
export const arsh64: AluBuilder = alu('arsh64_k', 'arsh64_x');

export const add32: AluBuilder = alu('add32_k', 'add32_x');
export const sub32: AluBuilder = alu('sub32_k', 'sub32_x');
export const mul32: AluBuilder = alu('mul32_k', 'mul32_x');
export const div32: AluBuilder = alu('div32_k', 'div32_x');
export const sdiv32: AluBuilder = alu('sdiv32_k', 'sdiv32_x');
export const or32: AluBuilder = alu('or32_k', 'or32_x');
export const and32: AluBuilder = alu('and32_k', 'and32_x');
export const lsh32: AluBuilder = alu('lsh32_k', 'lsh32_x');
export const rsh32: AluBuilder = alu('rsh32_k', 'rsh32_x');
export const mod32: AluBuilder = alu('mod32_k', 'mod32_x');
export const smod32: AluBuilder = alu('smod32_k', 'smod32_x');
export const xor32: AluBuilder = alu('xor32_k', 'xor32_x');
export const mov32: AluBuilder = alu('mov32_k', 'mov32_x');
export const arsh32: AluBuilder = alu('arsh32_k', 'arsh32_x');

export const neg64: UnaryBuilder = unary('neg64');
export const neg32: UnaryBuilder = unary('neg32');
export const le16: UnaryBuilder = unary('le16');
export const le32: UnaryBuilder = unary('le32');
export const le64: UnaryBuilder = unary('le64');
export const be16: UnaryBuilder = unary('be16');
export const be32: UnaryBuilder = unary('be32');
export const be64: UnaryBuilder = unary('be64');
export const bswap16: UnaryBuilder = unary('bswap16');
export const bswap32: UnaryBuilder = unary('bswap32');
export const bswap64: UnaryBuilder = unary('bswap64');

export const movsx8_64: ExtendBuilder = extend('movsx8_64');
export const movsx16_64: ExtendBuilder = extend('movsx16_64');
export const movsx32_64: ExtendBuilder = extend('movsx32_64');
export const movsx8_32: ExtendBuilder = extend('movsx8_32');
export const movsx16_32: ExtendBuilder = extend('movsx16_32');

/** A pointer of one address space as one of another; space 1 is an arena's. */
export function addrSpaceCast(dst: Reg, src: Reg, to: number, from: number, meta?: Meta): Instruction {
  return instruction('addr_space_cast', { dst, src, imm: (to << 16) | from }, meta);
}
