/**
 * The machine's arithmetic (RFC 9669 sections 4.1 and 4.3) on bigints, of which only the low bits count: what analyses and
 * constant folding compute. Engines have their own, on pairs of numbers; tests hold them against this.
 */
import type { Opcode } from './opcodes.ts';
import type { OPCODE_ROWS } from './tables/opcode-rows.ts';

type OperationOf<Form extends string> = Extract<
  (typeof OPCODE_ROWS)[number],
  readonly [unknown, unknown, Form, ...unknown[]]
>[3];

/** What has two operands and a result. */
export type AluOperation = OperationOf<'alu_k' | 'alu_x'>;
export type JumpOperation = OperationOf<'jmp_k' | 'jmp_x'>;

export function isAlu(
  row: Opcode,
): row is Opcode & { readonly operation: AluOperation; readonly bits: 32 | 64 } {
  return row.form === 'alu_k' || row.form === 'alu_x';
}

export function isConditionalJump(
  row: Opcode,
): row is Opcode & { readonly operation: JumpOperation; readonly bits: 32 | 64 } {
  return row.form === 'jmp_k' || row.form === 'jmp_x';
}

/** The destination's 64 bits, unsigned: those of 32 bits are extended with zeros. */
export function computeAlu(operation: AluOperation, bits: 32 | 64, left: bigint, right: bigint): bigint {
  return BigInt.asUintN(bits, compute(operation, bits, left, right));
}

function compute(operation: AluOperation, bits: 32 | 64, left: bigint, right: bigint): bigint {
  const a = BigInt.asUintN(bits, left);
  const b = BigInt.asUintN(bits, right);
  const amount = b & BigInt(bits - 1);
  switch (operation) {
    case 'mov':
      return b;
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'div':
      return b === 0n ? 0n : a / b;
    case 'mod':
      return b === 0n ? a : a % b;
    case 'sdiv':
      return b === 0n ? 0n : BigInt.asIntN(bits, a) / BigInt.asIntN(bits, b);
    case 'smod':
      return b === 0n ? a : BigInt.asIntN(bits, a) % BigInt.asIntN(bits, b);
    case 'and':
      return a & b;
    case 'or':
      return a | b;
    case 'xor':
      return a ^ b;
    case 'lsh':
      return a << amount;
    case 'rsh':
      return a >> amount;
    case 'arsh':
      return BigInt.asIntN(bits, a) >> amount;
  }
}

export function isTaken(operation: JumpOperation, bits: 32 | 64, left: bigint, right: bigint): boolean {
  const wrap = operation.startsWith('js') && operation !== 'jset' ? BigInt.asIntN : BigInt.asUintN;
  const a = wrap(bits, left);
  const b = wrap(bits, right);
  switch (operation) {
    case 'jeq':
      return a === b;
    case 'jne':
      return a !== b;
    case 'jgt':
    case 'jsgt':
      return a > b;
    case 'jge':
    case 'jsge':
      return a >= b;
    case 'jlt':
    case 'jslt':
      return a < b;
    case 'jle':
    case 'jsle':
      return a <= b;
    case 'jset':
      return (a & b) !== 0n;
  }
}
