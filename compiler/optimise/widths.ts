/** How many low bits of a value can be set, as far as its definition tells: the ground of removing extensions. */
import type { IrInstruction, Operand, ValueInfo } from '../ir/ir.ts';
import { isValue } from '../ir/operands.ts';

export interface Definitions {
  readonly values: readonly ValueInfo[];
  readonly definitions: readonly (IrInstruction | undefined)[];
}

/** The value is below 2 to this power as unsigned number; 64 when nothing is known. */
export function unsignedBits(operand: Operand, known: Definitions): number {
  if (!isValue(operand)) return constantBits(operand.constant);
  const one = known.definitions[operand];
  const { width, signed } = known.values[operand]!;
  const told = width !== undefined && signed === false ? width : 64;
  return one === undefined ? told : Math.min(told, definitionBits(one));
}

function definitionBits(one: IrInstruction): number {
  switch (one.kind) {
    case 'constant':
      return constantBits(one.value);
    case 'extend':
      return one.signed ? 64 : one.width;
    case 'load':
      return one.signed ? 64 : one.size * 8;
    case 'bswap':
      return one.width;
    case 'compare':
      return 1;
    case 'binary':
      return binaryBits(one);
    default:
      return 64;
  }
}

function binaryBits({ op, bits, right }: Extract<IrInstruction, { kind: 'binary' }>): number {
  if (isValue(right)) return bits;
  const constant = BigInt.asUintN(bits, right.constant);
  if (op === 'and') return Math.min(bits, constantBits(constant));
  if (op === 'lshr') return bits - Number(constant & BigInt(bits - 1));
  if (op === 'umod' && constant !== 0n) return Math.min(bits, constantBits(constant - 1n));
  return bits;
}

function constantBits(value: bigint): number {
  return value < 0n ? 64 : value.toString(2).length;
}

/** Sign-extending from this many bits gives the value itself; 64 when nothing is known. */
export function signedBits(operand: Operand, known: Definitions): number {
  const unsigned = unsignedBits(operand, known);
  if (unsigned < 64) return unsigned + 1;
  if (!isValue(operand)) return signedConstantBits(operand.constant);
  const one = known.definitions[operand];
  const { width, signed } = known.values[operand]!;
  const told = width !== undefined && signed === true ? width : 64;
  if (one?.kind === 'extend' && one.signed) return Math.min(told, one.width);
  if (one?.kind === 'load' && one.signed) return Math.min(told, one.size * 8);
  return told;
}

function signedConstantBits(value: bigint): number {
  return (value < 0n ? ~value : value).toString(2).length + 1;
}
