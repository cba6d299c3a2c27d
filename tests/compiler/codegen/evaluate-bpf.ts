/**
 * A plain evaluator of decoded instructions, for tests of code generation: registers hold BigInt or "nothing yet", so
 * reading what was never written, or a register that a call destroyed, is an error, as it is to the verifier.
 */

import type { Instruction } from '../../../bpf/instruction.ts';
import { OPCODE_BY_NAME } from '../../../bpf/opcodes.ts';
import {
  binaryConstants,
  compareConstants,
  extendConstant,
  swapConstant,
} from '../../../compiler/ir/arithmetic.ts';
import type { BinaryOp, CompareOp } from '../../../compiler/ir/ir.ts';
import type { HelperMock } from './evaluate-ir.ts';

const MAX_STEPS = 400_000;
const FRAME_TOP = 0x7fff_0000n;
const FRAME_SIZE = 512n;

const BINARY: Readonly<Record<string, BinaryOp>> = {
  add: 'add',
  sub: 'sub',
  mul: 'mul',
  div: 'udiv',
  mod: 'umod',
  sdiv: 'sdiv',
  smod: 'smod',
  and: 'and',
  or: 'or',
  xor: 'xor',
  lsh: 'shl',
  rsh: 'lshr',
  arsh: 'ashr',
};
const COMPARE: Readonly<Record<string, CompareOp>> = {
  jeq: 'eq',
  jne: 'ne',
  jgt: 'ugt',
  jge: 'uge',
  jlt: 'ult',
  jle: 'ule',
  jset: 'test',
  jsgt: 'sgt',
  jsge: 'sge',
  jslt: 'slt',
  jsle: 'sle',
};

export interface BpfOutcome {
  readonly result: bigint;
  /** Instructions executed. */
  readonly steps: number;
}

export function evaluateBpf(
  code: readonly Instruction[],
  args: readonly bigint[],
  helper: HelperMock,
): BpfOutcome {
  const labels = new Map(
    code.flatMap((one, index) => (one.label === undefined ? [] : [[one.label, index] as const])),
  );
  const registers: (bigint | undefined)[] = Array.from({ length: 11 }, () => undefined);
  args.forEach((arg, index) => {
    registers[index + 1] = arg;
  });
  registers[10] = FRAME_TOP;
  const memory = new Map<bigint, number>();
  const get = (register: number): bigint => {
    const value = registers[register];
    if (value === undefined) throw new Error(`r${register} is not readable`);
    return value;
  };
  const set = (register: number, value: bigint): void => {
    if (register === 10) throw new Error('r10 is read-only');
    registers[register] = BigInt.asIntN(64, value);
  };
  const check = (address: bigint, size: number): void => {
    if (address < FRAME_TOP - FRAME_SIZE || address + BigInt(size) > FRAME_TOP)
      throw new Error('outside the frame');
    if (address % BigInt(size) !== 0n) throw new Error('misaligned');
  };
  const read = (address: bigint, size: number): bigint => {
    check(address, size);
    let value = 0n;
    for (let index = size - 1; index >= 0; index -= 1) {
      const byte = memory.get(address + BigInt(index));
      if (byte === undefined) throw new Error('uninitialised stack');
      value = (value << 8n) | BigInt(byte);
    }
    return value;
  };
  const write = (address: bigint, size: number, value: bigint): void => {
    check(address, size);
    for (let index = 0; index < size; index += 1) {
      memory.set(address + BigInt(index), Number((value >> BigInt(8 * index)) & 0xffn));
    }
  };
  let at = 0;
  for (let steps = 1; steps < MAX_STEPS; steps += 1) {
    const one = code[at++];
    if (one === undefined) throw new Error('ran off the end');
    const { form, operation, bits, bytes } = OPCODE_BY_NAME[one.op];
    const right = (): bigint => (form.endsWith('_k') ? BigInt(one.imm) : get(one.src));
    const target = (): number => (one.ref?.kind === 'label' ? labels.get(one.ref.name)! : at + one.off);
    switch (form) {
      case 'alu_k':
      case 'alu_x':
        if (operation === 'mov') set(one.dst, BigInt.asUintN(bits, right()));
        else {
          if (form === 'alu_k' && one.imm === 0 && BINARY[operation]!.endsWith('div'))
            throw new Error('div by 0');
          set(one.dst, binaryConstants(BINARY[operation]!, bits as 32 | 64, get(one.dst), right()));
        }
        break;
      case 'neg':
        set(one.dst, BigInt.asUintN(bits, -get(one.dst)));
        break;
      case 'movsx':
        set(one.dst, extendConstant(get(one.src), (bytes * 8) as 8, true));
        break;
      case 'end':
        set(one.dst, swapConstant(get(one.dst), (bytes * 8) as 16));
        break;
      case 'lddw':
        set(one.dst, (BigInt(one.immHigh!) << 32n) | BigInt.asUintN(32, BigInt(one.imm)));
        break;
      case 'ldx':
        set(one.dst, read(get(one.src) + BigInt(one.off), bytes));
        break;
      case 'ldsx':
        set(one.dst, BigInt.asIntN(bytes * 8, read(get(one.src) + BigInt(one.off), bytes)));
        break;
      case 'st':
        write(get(one.dst) + BigInt(one.off), bytes, BigInt(one.imm));
        break;
      case 'stx':
        write(get(one.dst) + BigInt(one.off), bytes, get(one.src));
        break;
      case 'atomic': {
        const address = get(one.dst) + BigInt(one.off);
        write(
          address,
          bytes,
          binaryConstants(operation as BinaryOp, bits as 32, read(address, bytes), get(one.src)),
        );
        break;
      }
      case 'ja':
        at = target();
        break;
      case 'jmp_k':
      case 'jmp_x':
        if (compareConstants(COMPARE[operation]!, bits as 32, get(one.dst), right())) at = target();
        break;
      case 'call': {
        const result = helper([1, 2, 3].map(get));
        for (let register = 0; register <= 5; register += 1) registers[register] = undefined;
        registers[0] = result;
        break;
      }
      case 'exit':
        return { result: get(0), steps };
      default:
        throw new Error(`the evaluator does not know ${one.op}`);
    }
  }
  throw new Error('too many steps');
}
