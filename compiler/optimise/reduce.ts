/**
 * One step of simplification for each kind of instruction: constants fold with the machine's wrapping, identities
 * vanish, multiplication and division by powers of two become shifts and masks.
 */
import { binaryConstants, COMMUTES, extendConstant, swapConstant } from '../ir/arithmetic.ts';
import type { BinaryOp, IrInstruction, Operand } from '../ir/ir.ts';
import { isValue } from '../ir/operands.ts';
import { settleComparison } from './comparisons.ts';
import { type Definitions, signedBits, unsignedBits } from './widths.ts';

type Kind<K extends IrInstruction['kind']> = Extract<IrInstruction, { kind: K }>;

/** Either another instruction for the same result, or an operand that is the result. */
export type Reduction = { readonly instruction: IrInstruction } | { readonly operand: Operand };

export function reduce(one: IrInstruction, known: Definitions): Reduction {
  switch (one.kind) {
    case 'constant':
      return { operand: { constant: one.value } };
    case 'binary':
      return reduceBinary(one, known);
    case 'extend':
      return reduceExtend(one, known);
    case 'bswap':
      if (isValue(one.value)) return { instruction: one };
      return { operand: { constant: swapConstant(one.value.constant, one.width) } };
    case 'compare':
      return reduceCompare(one, known);
    case 'load':
    case 'store':
    case 'zero':
    case 'store-bytes':
    case 'atomic':
      return { instruction: foldBase(one, known) };
    default:
      return { instruction: one };
  }
}

function reduceBinary(one: Kind<'binary'>, known: Definitions): Reduction {
  const { op, bits, left, right } = one;
  if (!isValue(left) && !isValue(right)) {
    return { operand: { constant: binaryConstants(op, bits, left.constant, right.constant) } };
  }
  if (!isValue(left) && COMMUTES.has(op)) return reduceBinary({ ...one, left: right, right: left }, known);
  if (!isValue(right)) return reduceByConstant(one, BigInt.asIntN(bits, right.constant), known);
  if (left !== right || known.values[right]!.kind !== 'scalar') return { instruction: one };
  if (op === 'sub' || op === 'xor') return { operand: { constant: 0n } };
  if (op === 'and' || op === 'or') return truncated(one, known);
  return { instruction: one };
}

/** The left operand itself, as the operation's width makes it. */
function truncated(one: Kind<'binary'>, known: Definitions): Reduction {
  const { left, bits, dst, span } = one;
  if (bits === 64 || unsignedBits(left, known) <= 32) return { operand: left };
  const spanned = span === undefined ? {} : { span };
  return { instruction: { kind: 'extend', dst, value: left, width: 32, signed: false, ...spanned } };
}

function reduceByConstant(one: Kind<'binary'>, constant: bigint, known: Definitions): Reduction {
  const { op, bits, left } = one;
  const withRight = (next: BinaryOp, value: bigint): Reduction => ({
    instruction: { ...one, op: next, right: { constant: value } },
  });
  switch (op) {
    case 'add':
    case 'or':
    case 'xor':
      if (constant === 0n) return truncated(one, known);
      return op === 'add' ? { instruction: mergeAdditions(one, constant, known) } : { instruction: one };
    case 'sub':
      if (constant === 0n) return truncated(one, known);
      return reduceBinary({ ...one, op: 'add', right: { constant: BigInt.asIntN(bits, -constant) } }, known);
    case 'shl':
    case 'lshr':
    case 'ashr': {
      const amount = constant & BigInt(bits - 1);
      return amount === 0n ? truncated(one, known) : withRight(op, amount);
    }
    case 'and': {
      if (constant === 0n) return { operand: { constant: 0n } };
      const mask = BigInt.asUintN(bits, constant);
      const covered = unsignedBits(left, known);
      if ((mask & (mask + 1n)) === 0n && covered <= mask.toString(2).length) return { operand: left };
      return { instruction: one };
    }
    case 'mul': {
      if (constant === 0n) return { operand: { constant: 0n } };
      if (constant === 1n) return truncated(one, known);
      const power = powerOfTwo(BigInt.asUintN(bits, constant));
      return power === undefined ? { instruction: one } : withRight('shl', power);
    }
    case 'udiv':
    case 'umod':
      return reduceDivision(one, BigInt.asUintN(bits, constant), known);
    case 'sdiv':
      if (constant === 0n) return { operand: { constant: 0n } };
      return constant === 1n ? truncated(one, known) : { instruction: one };
    case 'smod':
      if (constant === 0n) return truncated(one, known);
      if (constant === 1n || constant === -1n) return { operand: { constant: 0n } };
      return { instruction: one };
  }
}

function reduceDivision(one: Kind<'binary'>, divisor: bigint, known: Definitions): Reduction {
  if (one.op === 'udiv' && divisor === 0n) return { operand: { constant: 0n } };
  if (one.op === 'umod' && divisor === 0n) return truncated(one, known);
  const power = powerOfTwo(divisor);
  if (power === undefined) return { instruction: one };
  const op = one.op === 'udiv' ? 'lshr' : 'and';
  const constant = op === 'lshr' ? power : BigInt.asIntN(64, divisor - 1n);
  return reduceBinary({ ...one, op, right: { constant } }, known);
}

/** (x + a) + b is x + (a + b). */
function mergeAdditions(one: Kind<'binary'>, constant: bigint, known: Definitions): IrInstruction {
  const inner = isValue(one.left) ? known.definitions[one.left] : undefined;
  if (inner?.kind !== 'binary' || inner.op !== 'add' || inner.bits !== 64 || one.bits !== 64) return one;
  if (isValue(inner.right) || !isValue(inner.left)) return one;
  const sum = BigInt.asIntN(64, inner.right.constant + constant);
  return { ...one, left: inner.left, right: { constant: sum } };
}

function reduceExtend(one: Kind<'extend'>, known: Definitions): Reduction {
  const { value, width, signed } = one;
  if (!isValue(value)) return { operand: { constant: extendConstant(value.constant, width, signed) } };
  if (signed ? signedBits(value, known) <= width : unsignedBits(value, known) <= width)
    return { operand: value };
  const inner = known.definitions[value];
  // An extension from more bits changes nothing below them.
  if (inner?.kind === 'extend' && inner.width >= width)
    return { instruction: { ...one, value: inner.value } };
  return { instruction: one };
}

function reduceCompare(one: Kind<'compare'>, known: Definitions): Reduction {
  const settled = settleComparison(one, known);
  if (typeof settled === 'boolean') return { operand: { constant: settled ? 1n : 0n } };
  const { op, bits, left, right } = settled;
  if (op === 'ne' && !isValue(right) && right.constant === 0n && unsignedBits(left, known) <= 1) {
    return { operand: left };
  }
  return { instruction: { ...one, op, bits, left, right } };
}

const INT16_MAX = 0x7fffn;

type Access = Kind<'load'> | Kind<'store'> | Kind<'zero'> | Kind<'store-bytes'> | Kind<'atomic'>;

/** Constant steps from a pointer go into the access's offset, where 16 bits hold them. */
function foldBase(one: Access, known: Definitions): IrInstruction {
  const inner = known.definitions[one.base];
  if (inner?.kind !== 'binary' || inner.op !== 'add' || inner.bits !== 64) return one;
  if (!isValue(inner.left) || isValue(inner.right)) return one;
  if (known.values[inner.left]!.kind === 'scalar') return one;
  const offset = BigInt(one.offset) + inner.right.constant;
  if (offset < -INT16_MAX || offset > INT16_MAX) return one;
  return { ...one, base: inner.left, offset: Number(offset) };
}

function powerOfTwo(value: bigint): bigint | undefined {
  if (value <= 0n || (value & (value - 1n)) !== 0n) return undefined;
  return BigInt(value.toString(2).length - 1);
}
