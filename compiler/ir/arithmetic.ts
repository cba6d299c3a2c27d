/** The machine's arithmetic on constants, by the IR's names: what folding computes and what tests compare with. */
import { type AluOperation, computeAlu, isTaken, type JumpOperation } from '../../bpf/alu.ts';
import type { BinaryOp, CompareOp } from './ir.ts';

/** Decides a comparison of constants as the machine would. */
export function compareConstants(op: CompareOp, bits: 32 | 64, left: bigint, right: bigint): boolean {
  return isTaken(JUMPS[op], bits, left, right);
}

/** The opposite of each comparison; `test` has none. */
export const OPPOSITE: Readonly<Record<Exclude<CompareOp, 'test'>, CompareOp>> = {
  eq: 'ne',
  ne: 'eq',
  ult: 'uge',
  uge: 'ult',
  ule: 'ugt',
  ugt: 'ule',
  slt: 'sge',
  sge: 'slt',
  sle: 'sgt',
  sgt: 'sle',
};

/** Operations whose operands may change places. */
export const COMMUTES: ReadonlySet<BinaryOp> = new Set(['add', 'mul', 'and', 'or', 'xor']);

/** The jump that decides each comparison. */
export const JUMPS: Readonly<Record<CompareOp, JumpOperation>> = {
  eq: 'jeq',
  ne: 'jne',
  ult: 'jlt',
  ule: 'jle',
  ugt: 'jgt',
  uge: 'jge',
  slt: 'jslt',
  sle: 'jsle',
  sgt: 'jsgt',
  sge: 'jsge',
  test: 'jset',
};

/** The result as signed 64 bits; of 32-bit operations the upper half is zero. */
export function binaryConstants(op: BinaryOp, bits: 32 | 64, left: bigint, right: bigint): bigint {
  return BigInt.asIntN(64, computeAlu(OPERATIONS[op], bits, left, right));
}

/** The machine's name of each operation. */
export const OPERATIONS: Readonly<Record<BinaryOp, AluOperation>> = {
  add: 'add',
  sub: 'sub',
  mul: 'mul',
  udiv: 'div',
  umod: 'mod',
  sdiv: 'sdiv',
  smod: 'smod',
  and: 'and',
  or: 'or',
  xor: 'xor',
  shl: 'lsh',
  lshr: 'rsh',
  ashr: 'arsh',
};

export function extendConstant(value: bigint, width: 8 | 16 | 32, signed: boolean): bigint {
  return signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value);
}

export function swapConstant(value: bigint, width: 16 | 32 | 64): bigint {
  let swapped = 0n;
  for (let shift = 0n; shift < BigInt(width); shift += 8n)
    swapped = (swapped << 8n) | ((value >> shift) & 0xffn);
  return BigInt.asIntN(64, swapped);
}
