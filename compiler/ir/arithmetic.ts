/** The machine's arithmetic on constants (RFC 9669 section 4.1): what folding computes and what tests compare with. */
import type { BinaryOp, CompareOp } from './ir.ts';

/** Decides a comparison of constants as the machine would. */
export function compareConstants(op: CompareOp, bits: 32 | 64, left: bigint, right: bigint): boolean {
  const unsigned = op.startsWith('u') || op === 'test';
  const wrap = unsigned ? BigInt.asUintN : BigInt.asIntN;
  const a = wrap(bits, left);
  const b = wrap(bits, right);
  switch (op) {
    case 'eq':
      return a === b;
    case 'ne':
      return a !== b;
    case 'ult':
    case 'slt':
      return a < b;
    case 'ule':
    case 'sle':
      return a <= b;
    case 'ugt':
    case 'sgt':
      return a > b;
    case 'uge':
    case 'sge':
      return a >= b;
    case 'test':
      return (a & b) !== 0n;
  }
}

/** The result as signed 64 bits; of 32-bit operations the upper half is zero. */
export function binaryConstants(op: BinaryOp, bits: 32 | 64, left: bigint, right: bigint): bigint {
  const result = compute(op, bits, left, right);
  return BigInt.asIntN(64, BigInt.asUintN(bits, result));
}

function compute(op: BinaryOp, bits: 32 | 64, left: bigint, right: bigint): bigint {
  const a = BigInt.asUintN(bits, left);
  const b = BigInt.asUintN(bits, right);
  const amount = b & BigInt(bits - 1);
  switch (op) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'udiv':
      return b === 0n ? 0n : a / b;
    case 'umod':
      return b === 0n ? a : a % b;
    case 'sdiv':
      return b === 0n ? 0n : BigInt.asIntN(bits, left) / BigInt.asIntN(bits, right);
    case 'smod':
      return b === 0n ? a : BigInt.asIntN(bits, left) % BigInt.asIntN(bits, right);
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'xor':
      return a ^ b;
    case 'shl':
      return a << amount;
    case 'lshr':
      return a >> amount;
    case 'ashr':
      return BigInt.asIntN(bits, left) >> amount;
  }
}

export function extendConstant(value: bigint, width: 8 | 16 | 32, signed: boolean): bigint {
  return signed ? BigInt.asIntN(width, value) : BigInt.asUintN(width, value);
}

export function swapConstant(value: bigint, width: 16 | 32 | 64): bigint {
  let swapped = 0n;
  for (let shift = 0n; shift < BigInt(width); shift += 8n)
    swapped = (swapped << 8n) | ((value >> shift) & 0xffn);
  return BigInt.asIntN(64, swapped);
}
