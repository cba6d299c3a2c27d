/**
 * Random programs of arithmetic and comparisons on scalars, with what our value algebra says of each step: the registers
 * that an instruction changes, and all of them on the side of each jump that is taken (which exits at once).
 */
import type { Instruction, Register } from '../../bpf/instruction.ts';
import { isOpName, type OpName } from '../../bpf/opcodes.ts';
import { signedText } from '../../verifier/log/number-text.ts';
import { scalarParts } from '../../verifier/log/scalar-text.ts';
import { computeScalar, negateScalar, type ScalarOperation } from '../../verifier/value/arithmetic.ts';
import { Bounds } from '../../verifier/value/bounds.ts';
import { type Comparison, decide, NEGATION } from '../../verifier/value/compare.ts';
import {
  signExtend32,
  signExtend64,
  swapBytes,
  truncate,
  zeroExtend32,
} from '../../verifier/value/extend.ts';
import { Int64 } from '../../verifier/value/int64.ts';
import { refine } from '../../verifier/value/refine.ts';
import { Scalar } from '../../verifier/value/scalar.ts';
import { splitSign } from '../../verifier/value/split.ts';
import { insn, wide } from '../vm/support.ts';

export type Registers = ReadonlyMap<Register, Scalar>;

export interface ScalarProgram {
  readonly instructions: readonly Instruction[];
  /** By the slot of an instruction: registers it changed. */
  readonly after: ReadonlyMap<number, Registers>;
  /** By the slot of a jump that may be taken: where it goes, and the registers there. */
  readonly taken: ReadonlyMap<number, { readonly target: number; readonly registers: Registers }>;
}

/** A scalar as a register of the log, without its id. */
export function registerText(scalar: Scalar): string {
  const { isConstant, constantValue } = scalar;
  return isConstant ? signedText(constantValue.toBigInt()) : `scalar(${scalarParts(scalar).join(',')})`;
}

type Width = 32 | 64;

const ALU: readonly ScalarOperation[] = ['add', 'sub', 'mul', 'and', 'or', 'xor', 'lsh', 'rsh', 'arsh'];
const RARE: readonly ScalarOperation[] = ['div', 'mod'];
const JUMPS: readonly Comparison[] = [
  'jeq',
  'jne',
  'jset',
  'jgt',
  'jge',
  'jlt',
  'jle',
  'jsgt',
  'jsge',
  'jslt',
  'jsle',
];
const REGISTERS: readonly Register[] = [6, 7, 8, 9];
const EDGES = [0, 1, -1, 2, 7, 8, 15, 255, 256, -256, 0x7f, 0x80, 0x7fff, 0xffff, 0x7fffffff, -0x80000000];
/** `bpf_ktime_get_ns`: an unknown number. */
const CLOCK = 5;

export function randomScalars(random: () => number, length: number): ScalarProgram {
  return new RandomScalars(random).build(length);
}

class RandomScalars {
  readonly #random: () => number;
  readonly #instructions: Instruction[] = [];
  #slot = 0;
  readonly #registers = new Map<Register, Scalar>();
  readonly #after = new Map<number, Registers>();
  readonly #jumps: { readonly slot: number; readonly at: number; readonly registers: Registers }[] = [];

  constructor(random: () => number) {
    this.#random = random;
  }

  build(length: number): ScalarProgram {
    for (const register of REGISTERS) this.#unknown(register);
    while (this.#instructions.length < length) this.#step();
    this.#emit(insn('mov64_k', { dst: 0 }));
    this.#emit(insn('exit'));
    const taken = new Map<number, { target: number; registers: Registers }>();
    for (const { slot, at, registers } of this.#jumps) {
      this.#instructions[at] = { ...this.#instructions[at]!, off: this.#slot - slot - 1 };
      taken.set(slot, { target: this.#slot, registers });
      this.#emit(insn('exit'));
    }
    return { instructions: this.#instructions, after: this.#after, taken };
  }

  #below(limit: number): number {
    return this.#random() % limit;
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)]!;
  }

  #emit(instruction: Instruction): void {
    this.#instructions.push(instruction);
    this.#slot += instruction.op === 'lddw' ? 2 : 1;
  }

  /** The instruction gives `register` this value. */
  #give(register: Register, value: Scalar, instruction: Instruction): void {
    this.#after.set(this.#slot, new Map([[register, value]]));
    this.#registers.set(register, value);
    this.#emit(instruction);
  }

  /** A copy would be linked with its source: another operation unlinks it. */
  #unknown(register: Register): void {
    this.#emit(insn('call', { imm: CLOCK }));
    this.#give(register, Scalar.UNKNOWN, insn('mov64_x', { dst: register, src: 0 }));
    this.#give(register, Scalar.UNKNOWN, insn('xor64_k', { dst: register }));
  }

  #step(): void {
    const kind = this.#below(20);
    if (kind < 9) this.#alu();
    else if (kind < 16) this.#jump();
    else if (kind < 18) this.#extend();
    else if (kind === 18) this.#unknown(this.#pick(REGISTERS));
    else this.#constant();
  }

  #immediate(): number {
    const kind = this.#below(4);
    if (kind === 0) return this.#pick(EDGES);
    if (kind === 1) return this.#random() | 0;
    if (kind === 2) return this.#below(64);
    return (this.#random() >> this.#below(31)) | 0;
  }

  #constant(): void {
    const dst = this.#pick(REGISTERS);
    const value = new Int64(this.#immediate(), this.#immediate());
    this.#give(dst, Scalar.constant(value), wide(dst, value.toBigInt()));
  }

  #alu(): void {
    const bits = this.#pick<Width>([32, 64]);
    const dst = this.#pick(REGISTERS);
    let old = this.#registers.get(dst)!;
    if (this.#below(12) === 0) {
      this.#give(dst, negateScalar(bits, old), insn(bits === 64 ? 'neg64' : 'neg32', { dst }));
      return;
    }
    const operation = this.#pick(this.#below(15) === 0 ? RARE : ALU);
    // The kernel follows -1 first, then 0: that it comes here twice is not looked at.
    const forks = operation === 'and' || operation === 'or' ? splitSign(old)?.ones : undefined;
    if (this.#below(3) > 0) {
      old = forks ?? old;
      const imm = this.#operand(operation, bits);
      const right = constantOperand(imm);
      this.#give(
        dst,
        computeScalar(operation, bits, old, right),
        insn(named(`${operation}${bits}_k`), { dst, imm }),
      );
      return;
    }
    const src = this.#pick(REGISTERS);
    const right = this.#registers.get(src)!;
    if (right.isConstant) old = forks ?? old;
    this.#give(
      dst,
      computeScalar(operation, bits, old, right),
      insn(named(`${operation}${bits}_x`), { dst, src }),
    );
  }

  #operand(operation: ScalarOperation, bits: Width): number {
    if (operation === 'lsh' || operation === 'rsh' || operation === 'arsh') return this.#below(bits);
    const imm = this.#immediate();
    return (operation === 'div' || operation === 'mod') && imm === 0 ? 1 : imm;
  }

  #extend(): void {
    const dst = this.#pick(REGISTERS);
    const old = this.#registers.get(dst)!;
    const [value, instruction] = this.#extended(dst, old);
    this.#give(dst, value, instruction);
  }

  #extended(dst: Register, old: Scalar): readonly [Scalar, Instruction] {
    const move = (op: OpName): Instruction => insn(op, { dst, src: dst });
    switch (this.#below(8)) {
      case 0:
        return [zeroExtend32(old), move('mov32_x')];
      case 1:
        return [signExtend64(old, 1), move('movsx8_64')];
      case 2:
        return [signExtend64(old, 2), move('movsx16_64')];
      case 3:
        return [signExtend64(old, 4), move('movsx32_64')];
      case 4:
        return [signExtend32(old, 1), move('movsx8_32')];
      case 5:
        return [signExtend32(old, 2), move('movsx16_32')];
      case 6: {
        const bytes = this.#pick<2 | 4 | 8>([2, 4, 8]);
        const op = named(`${this.#pick(['be', 'bswap'])}${bytes * 8}`);
        return [swapBytes(old, bytes), insn(op, { dst, imm: bytes * 8 })];
      }
      default: {
        const bytes = this.#pick<2 | 4>([2, 4]);
        const cut = new Bounds(truncate(old, bytes)).synced();
        return [cut, insn(named(`le${bytes * 8}`), { dst, imm: bytes * 8 })];
      }
    }
  }

  #jump(): void {
    const bits = this.#pick<Width>([32, 64]);
    const comparison = this.#pick(JUMPS);
    const suffix = bits === 64 ? '' : '32';
    const dst = this.#pick(REGISTERS);
    const left = this.#registers.get(dst)!;
    const src = this.#below(3) === 0 ? this.#pick(REGISTERS) : undefined;
    const imm = src === undefined ? this.#nearby(left) : 0;
    const right = src === undefined ? constantOperand(imm) : this.#registers.get(src)!;
    const decision = decide(comparison, bits, left, right);
    // Always taken: the program would end here.
    if (decision === true) return;
    const op = named(`${comparison}${suffix}_${src === undefined ? 'k' : 'x'}`);
    const slot = this.#slot;
    const put = (sides: { left: Scalar; right: Scalar }): Registers => {
      const changed = new Map<Register, Scalar>([[dst, sides.left]]);
      if (src !== undefined) changed.set(src, sides.right);
      return changed;
    };
    if (decision === undefined) {
      const there = put(refine(comparison, bits, left, right, src === dst));
      this.#jumps.push({
        slot,
        at: this.#instructions.length,
        registers: new Map([...this.#registers, ...there]),
      });
    }
    this.#emit(insn(op, { dst, src: src ?? 0, imm }));
    if (decision === false) return;
    const here = put(refine(NEGATION[comparison], bits, left, right, src === dst));
    for (const [register, value] of here) this.#registers.set(register, value);
    this.#after.set(slot, here);
  }

  /** A number that has something to do with the range, more often than not. */
  #nearby(scalar: Scalar): number {
    const ends = [scalar.u32min, scalar.u32max, scalar.s32min, scalar.s32max, scalar.smin.lo, scalar.smax.lo];
    return this.#below(3) === 0 ? this.#immediate() : (this.#pick(ends) + this.#below(5) - 2) | 0;
  }
}

/** Immediates of 32-bit arithmetic extend their sign too: `__mark_reg_known(&off_reg, insn->imm)`. */
function constantOperand(imm: number): Scalar {
  return Scalar.constant(Int64.signed32(imm));
}

function named(name: string): OpName {
  if (!isOpName(name)) throw new Error(`no instruction ${name}`);
  return name;
}
