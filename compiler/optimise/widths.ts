/** How many low bits of a value can be set, as far as its definition tells: the ground of removing extensions and tests. */
import type { IrFunction, IrInstruction, Operand, ValueInfo } from '../ir/ir.ts';
import { definedBy, edgesOf, isValue } from '../ir/operands.ts';

export interface Definitions {
  readonly values: readonly ValueInfo[];
  readonly definitions: readonly (IrInstruction | undefined)[];
  /** By value: as unsigned number it is below 2 to this power. See {@link valueBits}. */
  readonly bits: Uint8Array;
  /** Instruction set of the target; the least when absent. */
  readonly level?: number;
}

/** All values' bits. `fn` must be in SSA form with blocks in reverse postorder. */
export function valueBits(fn: IrFunction): Uint8Array {
  const bits = new Uint8Array(fn.values.length).fill(64);
  const known = { values: fn.values, bits };
  const arriving = new Uint8Array(fn.values.length);
  const edgesSeen = new Uint32Array(fn.blocks.length);
  const edges = new Uint32Array(fn.blocks.length);
  for (const { terminator } of fn.blocks) for (const { target } of edgesOf(terminator)) edges[target]! += 1;
  for (const block of fn.blocks) {
    // What comes back around a loop is not known yet.
    if (edgesSeen[block.id] === edges[block.id])
      for (const one of block.parameters) bits[one] = Math.min(toldBits(fn.values[one]!), arriving[one]!);
    for (const one of block.instructions) {
      const dst = definedBy(one);
      if (dst !== undefined) bits[dst] = Math.min(toldBits(fn.values[dst]!), definitionBits(one, known));
    }
    for (const { target, args } of edgesOf(block.terminator)) {
      edgesSeen[target]! += 1;
      const { parameters } = fn.blocks[target]!;
      for (const [index, arg] of args.entries()) {
        const parameter = parameters[index]!;
        arriving[parameter] = Math.max(arriving[parameter]!, unsignedBits(arg, known));
      }
    }
  }
  return bits;
}

/** The value is below 2 to this power as unsigned number; 64 when nothing is known. */
export function unsignedBits(operand: Operand, known: Pick<Definitions, 'bits'>): number {
  return isValue(operand) ? known.bits[operand]! : constantBits(operand.constant);
}

function toldBits({ width, signed }: ValueInfo): number {
  return width !== undefined && signed === false ? width : 64;
}

/** Of the value an instruction defines. */
export function definitionBits(one: IrInstruction, known: Pick<Definitions, 'bits'>): number {
  switch (one.kind) {
    case 'constant':
      return constantBits(one.value);
    case 'extend':
      return one.signed ? 64 : Math.min(one.width, unsignedBits(one.value, known));
    case 'load':
      return one.signed ? 64 : one.size * 8;
    case 'bswap':
      return one.width;
    case 'compare':
      return 1;
    case 'binary':
      return binaryBits(one, known);
    default:
      return 64;
  }
}

function binaryBits(
  { op, bits, left, right }: Extract<IrInstruction, { kind: 'binary' }>,
  known: Pick<Definitions, 'bits'>,
): number {
  const [a, b] = [unsignedBits(left, known), unsignedBits(right, known)];
  const constant = isValue(right) ? undefined : BigInt.asUintN(bits, right.constant);
  const within = (most: number): number => Math.min(bits, most);
  switch (op) {
    case 'and':
      return within(Math.min(a, constant === undefined ? b : constantBits(constant)));
    case 'or':
    case 'xor':
      return within(Math.max(a, b));
    case 'add':
      return within(Math.max(a, b) + 1);
    case 'mul':
      return within(a + b);
    case 'shl':
      return within(constant === undefined ? 64 : a + Number(constant & BigInt(bits - 1)));
    case 'lshr':
      return Math.max(0, within(a) - (constant === undefined ? 0 : Number(constant & BigInt(bits - 1))));
    case 'udiv':
      // x / c is below 2^a / 2^floor(log2 c); by zero it is zero.
      return constant === undefined || constant === 0n
        ? within(a)
        : Math.max(0, within(a) - constantBits(constant) + 1);
    case 'umod':
      return constant === undefined || constant === 0n
        ? within(a)
        : within(Math.min(a, constantBits(constant - 1n)));
    default:
      return bits;
  }
}

function constantBits(value: bigint): number {
  return value < 0n ? 64 : value === 0n ? 0 : value.toString(2).length;
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
