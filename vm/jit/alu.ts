/** Computation: one instruction's result into its register (RFC 9669 section 4.1, 4.2). */
import type { Instruction } from '../../bpf/instruction.ts';
import { type Opcode, type Operation, opcodeOf } from '../../bpf/opcodes.ts';
import type { FunctionBuilder, Value } from '../wasm/builder.ts';
import { type BinaryOp, I32, I64 } from '../wasm/opcodes.ts';
import type { RegisterAccess } from './registers.ts';

type Operators = Partial<Readonly<Record<Operation, BinaryOp>>>;

/** Shift counts are taken modulo the width by both instruction sets. */
const WIDE: Operators = {
  add: I64.add,
  sub: I64.sub,
  mul: I64.mul,
  or: I64.or,
  and: I64.and,
  xor: I64.xor,
  lsh: I64.shl,
  rsh: I64.shr_u,
  arsh: I64.shr_s,
};
const NARROW: Operators = {
  add: I32.add,
  sub: I32.sub,
  mul: I32.mul,
  or: I32.or,
  and: I32.and,
  xor: I32.xor,
  lsh: I32.shl,
  rsh: I32.shr_u,
  arsh: I32.shr_s,
};

export class Alu {
  readonly #f: FunctionBuilder;
  readonly #r: RegisterAccess;

  constructor(f: FunctionBuilder, registers: RegisterAccess) {
    this.#f = f;
    this.#r = registers;
  }

  /** Forms `alu_k`, `alu_x`, `neg`, `movsx`, `end`. */
  emit(instruction: Instruction): void {
    const row = opcodeOf(instruction.op);
    switch (row.operation) {
      case 'mov':
        this.#move(row, instruction);
        return;
      case 'movsx':
        this.#extend(row, instruction);
        return;
      case 'neg':
        this.#negate(row, instruction.dst);
        return;
      case 'le':
        this.#truncate(row, instruction.dst);
        return;
      case 'be':
      case 'bswap':
        this.#swap(row, instruction.dst);
        return;
      case 'div':
      case 'mod':
      case 'sdiv':
      case 'smod':
        this.#divide(row, instruction);
        return;
      default:
        this.#compute(row, instruction);
    }
  }

  /** The second operand. */
  #operand({ form, bits }: Opcode, { src, imm }: Instruction): Value {
    if (bits === 64) return form === 'alu_k' ? this.#f.i64(imm, imm >> 31) : this.#r.get(src);
    return form === 'alu_k' ? this.#f.i32(imm) : this.#r.low(src);
  }

  #compute(row: Opcode, instruction: Instruction): void {
    const { dst } = instruction;
    const f = this.#f;
    if (row.bits === 64) {
      this.#r.set(dst, f.binary(WIDE[row.operation]!, this.#r.get(dst), this.#operand(row, instruction)));
    } else {
      this.#r.setLow(
        dst,
        f.binary(NARROW[row.operation]!, this.#r.low(dst), this.#operand(row, instruction)),
      );
    }
  }

  #move({ form, bits }: Opcode, { dst, src, imm }: Instruction): void {
    if (form === 'alu_k') this.#r.set(dst, this.#f.i64(imm, bits === 64 ? imm >> 31 : 0));
    else if (bits === 64) this.#r.set(dst, this.#r.get(src));
    else this.#r.setLow(dst, this.#r.low(src));
  }

  #extend({ bits, bytes }: Opcode, { dst, src }: Instruction): void {
    const f = this.#f;
    if (bits === 64) {
      const op = bytes === 1 ? I64.extend8_s : bytes === 2 ? I64.extend16_s : I64.extend32_s;
      this.#r.set(dst, f.unary(op, this.#r.get(src)));
    } else this.#r.setLow(dst, f.unary(bytes === 1 ? I32.extend8_s : I32.extend16_s, this.#r.low(src)));
  }

  #negate({ bits }: Opcode, dst: number): void {
    const f = this.#f;
    if (bits === 64) this.#r.set(dst, f.binary(I64.sub, f.i64(0, 0), this.#r.get(dst)));
    else this.#r.setLow(dst, f.binary(I32.sub, f.i32(0), this.#r.low(dst)));
  }

  #truncate({ bytes }: Opcode, dst: number): void {
    if (bytes === 2) this.#r.set(dst, this.#f.binary(I64.and, this.#r.get(dst), this.#f.i64(0xffff, 0)));
    else if (bytes === 4) this.#r.setLow(dst, this.#r.low(dst));
  }

  #swap({ bytes }: Opcode, dst: number): void {
    const f = this.#f;
    const r = this.#r;
    if (bytes === 8) {
      this.#swapWide(dst);
      return;
    }
    const mask = bytes === 2 ? 0xff : 0x00ff_00ff;
    if (bytes === 2) {
      const up = f.binary(I32.shl, f.binary(I32.and, r.low(dst), f.i32(mask)), f.i32(8));
      const down = f.binary(I32.and, f.binary(I32.shr_u, r.low(dst), f.i32(8)), f.i32(mask));
      r.setLow(dst, f.binary(I32.or, up, down));
      return;
    }
    const even = f.binary(I32.rotr, f.binary(I32.and, r.low(dst), f.i32(mask)), f.i32(8));
    const odd = f.binary(I32.rotl, f.binary(I32.and, r.low(dst), f.i32(~mask)), f.i32(8));
    r.setLow(dst, f.binary(I32.or, even, odd));
  }

  /** Bytes in pairs, pairs in words, words. */
  #swapWide(dst: number): void {
    const f = this.#f;
    const r = this.#r;
    for (const [mask, shift] of [
      [0x00ff_00ff, 8],
      [0x0000_ffff, 16],
    ] as const) {
      const up = f.binary(I64.shl, f.binary(I64.and, r.get(dst), f.i64(mask, mask)), f.i64(shift, 0));
      const down = f.binary(I64.and, f.binary(I64.shr_u, r.get(dst), f.i64(shift, 0)), f.i64(mask, mask));
      r.set(dst, f.binary(I64.or, up, down));
    }
    r.set(dst, f.binary(I64.rotl, r.get(dst), f.i64(32, 0)));
  }

  #divide(row: Opcode, instruction: Instruction): void {
    if (row.form === 'alu_k') this.#divideByConstant(row, instruction);
    else this.#divideByRegister(row, instruction);
  }

  #divideByConstant(row: Opcode, { dst, imm }: Instruction): void {
    const { operation, bits } = row;
    const isRemainder = operation === 'mod' || operation === 'smod';
    if (imm === 0) this.#divideByZero(row, dst);
    else if (imm === -1 && operation === 'sdiv') this.#negate(row, dst);
    else if (imm === -1 && operation === 'smod') this.#r.set(dst, this.#f.i64(0, 0));
    else if (bits === 64)
      this.#r.set(
        dst,
        this.#f.binary(wideDivision(operation, isRemainder), this.#r.get(dst), this.#f.i64(imm, imm >> 31)),
      );
    else
      this.#r.setLow(
        dst,
        this.#f.binary(narrowDivision(operation, isRemainder), this.#r.low(dst), this.#f.i32(imm)),
      );
  }

  /** x / 0 is 0, x % 0 is x. */
  #divideByZero({ operation, bits }: Opcode, dst: number): void {
    if (operation === 'div' || operation === 'sdiv') this.#r.set(dst, this.#f.i64(0, 0));
    else if (bits === 32) this.#r.setLow(dst, this.#r.low(dst));
  }

  #divideByRegister(row: Opcode, { dst, src }: Instruction): void {
    const { operation, bits } = row;
    const f = this.#f;
    const r = this.#r;
    const isRemainder = operation === 'mod' || operation === 'smod';
    f.if(bits === 64 ? f.unary(I64.eqz, r.get(src)) : f.unary(I32.eqz, r.low(src)));
    this.#divideByZero(row, dst);
    f.else();
    const isSigned = operation === 'sdiv';
    // The smallest number by -1 has no quotient: WebAssembly traps.
    if (isSigned) {
      f.if(
        bits === 64 ? f.binary(I64.eq, r.get(src), f.i64(-1, -1)) : f.binary(I32.eq, r.low(src), f.i32(-1)),
      );
      this.#negate(row, dst);
      f.else();
    }
    if (bits === 64) r.set(dst, f.binary(wideDivision(operation, isRemainder), r.get(dst), r.get(src)));
    else r.setLow(dst, f.binary(narrowDivision(operation, isRemainder), r.low(dst), r.low(src)));
    if (isSigned) f.end();
    f.end();
  }
}

function wideDivision(operation: Operation, isRemainder: boolean): BinaryOp {
  const isSigned = operation === 'sdiv' || operation === 'smod';
  if (isRemainder) return isSigned ? I64.rem_s : I64.rem_u;
  return isSigned ? I64.div_s : I64.div_u;
}

function narrowDivision(operation: Operation, isRemainder: boolean): BinaryOp {
  const isSigned = operation === 'sdiv' || operation === 'smod';
  if (isRemainder) return isSigned ? I32.rem_s : I32.rem_u;
  return isSigned ? I32.div_s : I32.div_u;
}
