/** Selection of arithmetic: two-address operations, extensions, byte swaps and comparisons kept as 0 or 1. */
import type { OpName } from '../../bpf/opcodes.ts';
import { COMMUTES, OPERATIONS } from '../ir/arithmetic.ts';
import type { BinaryOp, IrInstruction, Operand, Value } from '../ir/ir.ts';
import { isValue } from '../ir/operands.ts';
import type { Emitter } from './emitter.ts';
import { fitsSigned32 } from './immediates.ts';
import type { MachineRegister } from './machine.ts';
import { selectTest } from './select-test.ts';

type Binary = Extract<IrInstruction, { kind: 'binary' }>;
type Extend = Extract<IrInstruction, { kind: 'extend' }>;

const SHIFTS: ReadonlySet<BinaryOp> = new Set(['shl', 'lshr', 'ashr']);

/** What decides which operand of a commutative operation is overwritten. */
export interface OperandFacts {
  /** How often a value is used: one that ends here may be overwritten without a copy. */
  usesOf(operand: Operand): number;
  /** The block parameter that a value becomes at the end of an edge. */
  becomes(value: Value): Operand | undefined;
}

export function selectBinary(emitter: Emitter, binary: Binary, facts: OperandFacts): void {
  const { op, bits } = binary;
  const dst = emitter.registerOf(binary.dst);
  const [left, right] = order(emitter, binary, facts);
  const constant = emitter.constantOf(right);
  if (constant !== undefined) {
    emitter.into(dst, left);
    selectConstant(emitter, op, bits, dst, constant);
    return;
  }
  if (op === 'sub' && emitter.constantOf(left) === 0n) {
    emitter.into(dst, right);
    emitter.op(`neg${bits}`, { dst });
    return;
  }
  const src = emitter.use(right);
  emitter.into(dst, left);
  emitter.op(`${OPERATIONS[op]}${bits}_x`, { dst, src });
}

function order(emitter: Emitter, binary: Binary, facts: OperandFacts): readonly [Operand, Operand] {
  const { op, left, right } = binary;
  if (!COMMUTES.has(op)) return [left, right];
  if (emitter.constantOf(left) !== undefined) return [right, left];
  if (emitter.constantOf(right) !== undefined) return [left, right];
  const parameter = facts.becomes(binary.dst);
  if (parameter === left) return [left, right];
  if (parameter === right || facts.usesOf(right) < facts.usesOf(left)) return [right, left];
  return [left, right];
}

function selectConstant(
  emitter: Emitter,
  op: BinaryOp,
  bits: 32 | 64,
  dst: MachineRegister,
  constant: bigint,
): void {
  const value = BigInt.asIntN(bits, constant);
  if (SHIFTS.has(op)) {
    // The verifier refuses constant amounts beyond the width; the machine would take them modulo it.
    emitter.op(`${OPERATIONS[op]}${bits}_k`, { dst, imm: Number(constant & BigInt(bits - 1)) });
    return;
  }
  // It refuses constant divisors of zero too: x / 0 is 0 and x % 0 is x.
  if (value === 0n && (op === 'udiv' || op === 'sdiv')) {
    emitter.op('mov64_k', { dst, imm: 0 });
    return;
  }
  if (value === 0n && (op === 'umod' || op === 'smod')) {
    if (bits === 32) emitter.op('mov32_x', { dst, src: dst });
    return;
  }
  if (fitsSigned32(value)) {
    emitter.op(`${OPERATIONS[op]}${bits}_k`, { dst, imm: Number(value) });
    return;
  }
  const src = emitter.temporary();
  emitter.constant(src, value);
  emitter.op(`${OPERATIONS[op]}${bits}_x`, { dst, src });
}

const RELOCATED = {
  move: 'mov64_k',
  add: 'add64_k',
  shl: 'lsh64_k',
  lshr: 'rsh64_k',
  ashr: 'arsh64_k',
} as const;

/** The constant keeps an instruction of its own, whatever it is: a loader writes another one over it. */
export function selectRelocated(emitter: Emitter, one: Extract<IrInstruction, { kind: 'relocated' }>): void {
  const dst = emitter.registerOf(one.dst);
  if (one.left !== undefined) emitter.into(dst, one.left);
  emitter.op(RELOCATED[one.op], { dst, imm: Number(one.constant), core: one.core });
}

export function selectExtend(emitter: Emitter, { dst, value, width, signed }: Extend): void {
  const to = emitter.registerOf(dst);
  if (!signed && width === 32 && isValue(value) && emitter.recipeOf(value) === undefined) {
    emitter.op('mov32_x', { dst: to, src: emitter.use(value) });
    return;
  }
  if (signed && emitter.target.instructionSet >= 4) {
    emitter.op(`movsx${width}_64`, { dst: to, src: emitter.use(value) });
    return;
  }
  emitter.into(to, value);
  extendInPlace(emitter, to, width, signed);
}

/** Extends the low `width` bits of a register, without instructions above level 1. */
export function extendInPlace(
  emitter: Emitter,
  dst: MachineRegister,
  width: 8 | 16 | 32,
  signed: boolean,
): void {
  if (signed) {
    emitter.op('lsh64_k', { dst, imm: 64 - width });
    emitter.op('arsh64_k', { dst, imm: 64 - width });
  } else if (width === 32) emitter.op('mov32_x', { dst, src: dst });
  else emitter.op('and64_k', { dst, imm: 2 ** width - 1 });
}

const SWAPS = {
  little: { 16: 'be16', 32: 'be32', 64: 'be64' },
  big: { 16: 'le16', 32: 'le32', 64: 'le64' },
} as const satisfies Record<string, Record<number, OpName>>;

/** Conversions to the other byte order are swaps on every kernel, `bswap` itself is of level 4. */
export function selectSwap(emitter: Emitter, swap: Extract<IrInstruction, { kind: 'bswap' }>): void {
  const dst = emitter.registerOf(swap.dst);
  emitter.into(dst, swap.value);
  emitter.op(SWAPS[emitter.target.endian ?? 'little'][swap.width], { dst });
}

export function selectCompare(emitter: Emitter, compare: Extract<IrInstruction, { kind: 'compare' }>): void {
  const dst = emitter.registerOf(compare.dst);
  const test = selectTest(emitter, compare);
  if (test === true || test === false) {
    emitter.op('mov64_k', { dst, imm: test ? 1 : 0 });
    return;
  }
  emitter.op('mov64_k', { dst, imm: 1 });
  emitter.push({ kind: 'choose', dst, test, span: emitter.span });
}
