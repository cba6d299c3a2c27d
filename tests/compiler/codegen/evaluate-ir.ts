/**
 * The reference meaning of IR, for tests: values are BigInt, memory is a map of bytes. Helpers are a function of
 * their scalar arguments. Ends with an error after too many steps.
 */
import {
  binaryConstants,
  compareConstants,
  extendConstant,
  swapConstant,
} from '../../../compiler/ir/arithmetic.ts';
import type { IrFunction, IrInstruction, Operand } from '../../../compiler/ir/ir.ts';
import { edgesOf, isValue } from '../../../compiler/ir/operands.ts';

export type HelperMock = (args: readonly bigint[]) => bigint;

const SLOT_SPACE = 0x1_0000n;
const MAX_STEPS = 200_000;

export function evaluateIr(fn: IrFunction, args: readonly bigint[], helper: HelperMock): bigint {
  return new Evaluator(fn, args, helper).run();
}

class Evaluator {
  private readonly fn: IrFunction;
  private readonly args: readonly bigint[];
  private readonly helper: HelperMock;
  private readonly values: bigint[];
  private readonly locals: bigint[];
  private readonly memory = new Map<bigint, number>();

  constructor(fn: IrFunction, args: readonly bigint[], helper: HelperMock) {
    this.fn = fn;
    this.args = args;
    this.helper = helper;
    this.values = fn.values.map(() => 0n);
    this.locals = fn.locals.map(() => 0n);
  }

  run(): bigint {
    let block = this.fn.blocks[0]!;
    for (let steps = 0; steps < MAX_STEPS; steps += 1) {
      for (const instruction of block.instructions) this.step(instruction);
      const { terminator } = block;
      if (terminator.kind === 'return') return BigInt.asIntN(64, this.get(terminator.value));
      const edges = edgesOf(terminator);
      const edge =
        terminator.kind === 'jump' ||
        compareConstants(
          terminator.op,
          terminator.bits,
          this.get(terminator.left),
          this.get(terminator.right),
        )
          ? edges[0]!
          : edges[1]!;
      const next = this.fn.blocks[edge.target]!;
      const passed = edge.args.map((arg) => this.get(arg));
      next.parameters.forEach((parameter, index) => {
        this.values[parameter] = passed[index]!;
      });
      block = next;
    }
    throw new Error('too many steps');
  }

  private get(operand: Operand): bigint {
    return isValue(operand) ? this.values[operand]! : operand.constant;
  }

  private read(address: bigint, size: number): bigint {
    let value = 0n;
    for (let index = size - 1; index >= 0; index -= 1) {
      const byte = this.memory.get(address + BigInt(index));
      if (byte === undefined) throw new Error(`uninitialised byte at ${address}+${index}`);
      value = (value << 8n) | BigInt(byte);
    }
    return value;
  }

  private write(address: bigint, size: number, value: bigint): void {
    for (let index = 0; index < size; index += 1) {
      this.memory.set(address + BigInt(index), Number((value >> BigInt(8 * index)) & 0xffn));
    }
  }

  private step(one: IrInstruction): void {
    switch (one.kind) {
      case 'set-local':
        this.locals[one.local] = this.get(one.value);
        return;
      case 'store':
        this.write(this.get(one.base) + BigInt(one.offset), one.size, this.get(one.value));
        return;
      case 'zero':
        this.write(this.get(one.base) + BigInt(one.offset), one.length, 0n);
        return;
      case 'store-bytes':
        one.bytes.forEach((byte, index) => {
          this.memory.set(this.get(one.base) + BigInt(one.offset + index), byte);
        });
        return;
      case 'copy':
        for (let index = 0n; index < BigInt(one.length); index += 1n) {
          const byte = this.read(this.get(one.from) + BigInt(one.fromOffset) + index, 1);
          this.write(this.get(one.to) + BigInt(one.toOffset) + index, 1, byte);
        }
        return;
      case 'atomic': {
        const address = this.get(one.base) + BigInt(one.offset);
        const bits = one.size === 4 ? 32 : 64;
        const sum = binaryConstants(one.op, bits, this.read(address, one.size), this.get(one.value));
        this.write(address, one.size, sum);
        return;
      }
      default:
        if (one.dst !== undefined) this.values[one.dst] = this.compute(one);
    }
  }

  private compute(
    one: Exclude<IrInstruction, { kind: 'set-local' | 'store' | 'zero' | 'store-bytes' | 'copy' | 'atomic' }>,
  ): bigint {
    switch (one.kind) {
      case 'constant':
        return one.value;
      case 'parameter':
        return this.args[one.index]!;
      case 'binary':
        return binaryConstants(one.op, one.bits, this.get(one.left), this.get(one.right));
      case 'extend':
        return extendConstant(this.get(one.value), one.width, one.signed);
      case 'bswap':
        return swapConstant(this.get(one.value), one.width);
      case 'compare':
        return compareConstants(one.op, one.bits, this.get(one.left), this.get(one.right)) ? 1n : 0n;
      case 'get-local':
        return this.locals[one.local]!;
      case 'load': {
        const value = this.read(this.get(one.base) + BigInt(one.offset), one.size);
        const bits = one.size * 8;
        return BigInt.asIntN(64, one.signed ? BigInt.asIntN(bits, value) : value);
      }
      case 'slot-address':
        return SLOT_SPACE * BigInt(one.slot + 1);
      case 'call-helper':
        return this.helper(one.args.map((arg) => this.get(arg)));
      default:
        throw new Error(`the reference does not know ${one.kind}`);
    }
  }
}
