/**
 * Random programs of arithmetic, copies and jumps on numbers and on addresses of the stack and of the context: copies and
 * sums that are linked, branches that meet again, mistakes at times. Whether they load and what the log says is the judge's.
 */
import type { Instruction, Register } from '../../bpf/instruction.ts';
import { isOpName, type OpName } from '../../bpf/opcodes.ts';
import { insn, wide } from '../vm/support.ts';

const ALU = ['add', 'sub', 'mul', 'and', 'or', 'xor', 'lsh', 'rsh', 'arsh', 'div', 'mod'] as const;
const JUMPS = ['jeq', 'jne', 'jset', 'jgt', 'jge', 'jlt', 'jle', 'jsgt', 'jsge', 'jslt', 'jsle'] as const;
const EDGES = [0, 0, 0, 1, -1, 2, 7, 8, 15, 255, 256, -256, 0x7fff, 0xffff, 0x7fffffff, -0x80000000];
const NUMBERS: readonly Register[] = [0, 2, 3, 4, 6, 7];
const POINTERS: readonly Register[] = [5, 8, 9];
/** `bpf_ktime_get_ns` */
const CLOCK = 5;

export function randomSteps(random: () => number, length: number, mistakes: number): readonly Instruction[] {
  return new RandomSteps(random, mistakes).build(length);
}

class RandomSteps {
  readonly #random: () => number;
  readonly #mistakes: number;
  readonly #instructions: Instruction[] = [];

  constructor(random: () => number, mistakes: number) {
    this.#random = random;
    this.#mistakes = mistakes;
  }

  build(length: number): readonly Instruction[] {
    this.#put(insn('mov64_x', { dst: 8, src: 1 }));
    this.#put(insn('mov64_x', { dst: 9, src: 10 }));
    this.#put(insn('mov64_x', { dst: 5, src: 10 }));
    for (const dst of NUMBERS) this.#unknown(dst);
    while (this.#instructions.length < length) this.#step();
    this.#put(insn('mov64_k', { dst: 0 }));
    this.#put(insn('exit'));
    return this.#aimed();
  }

  #below(limit: number): number {
    return this.#random() % limit;
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#below(choices.length)]!;
  }

  #put(instruction: Instruction): void {
    this.#instructions.push(instruction);
  }

  /** Jumps go to an instruction not far below. */
  #aimed(): readonly Instruction[] {
    const slots: number[] = [];
    let slot = 0;
    for (const { op } of this.#instructions) {
      slots.push(slot);
      slot += op === 'lddw' ? 2 : 1;
    }
    const last = this.#instructions.length - 2;
    return this.#instructions.map((instruction, index) => {
      if (!instruction.op.startsWith('j')) return instruction;
      const target = Math.min(last, index + 1 + this.#below(12));
      return { ...instruction, off: slots[target]! - slots[index]! - 1 };
    });
  }

  /** The distance of a pointer from itself is any number, to the verifier. */
  #unknown(dst: Register): void {
    if (this.#below(6) === 0) this.#put(wide(dst, BigInt(this.#random() | 0) << 13n));
    this.#put(insn('mov64_x', { dst, src: 10 }));
    this.#put(insn('sub64_x', { dst, src: 10 }));
  }

  #number(): Register {
    return this.#below(this.#mistakes) === 0 ? this.#pick([1, 5, 8, 9, 10]) : this.#pick(NUMBERS);
  }

  #step(): void {
    const kind = this.#below(24);
    if (kind < 8) this.#alu();
    else if (kind < 15) this.#jump();
    else if (kind < 18) this.#copy();
    else if (kind < 20) this.#sum();
    else if (kind < 22) this.#extend();
    else if (kind === 22) this.#movePointer();
    else if (this.#below(2) === 0) this.#unknown(this.#pick(NUMBERS));
    else this.#put(insn('call', { imm: this.#below(3) === 0 ? 7 : CLOCK }));
  }

  #immediate(): number {
    const kind = this.#below(4);
    if (kind === 0) return this.#pick(EDGES);
    if (kind === 1) return this.#random() | 0;
    if (kind === 2) return this.#below(64);
    return (this.#random() >> this.#below(31)) | 0;
  }

  #alu(): void {
    const operation = this.#pick(ALU);
    const bits = this.#pick([32, 64]);
    const shift = operation === 'lsh' || operation === 'rsh' || operation === 'arsh';
    const dst = this.#number();
    if (this.#below(3) === 0) {
      this.#put(insn(named(`${operation}${bits}_x`), { dst, src: this.#number() }));
      return;
    }
    const imm = shift ? this.#below(bits) : this.#immediate();
    const divides = operation === 'div' || operation === 'mod';
    this.#put(insn(named(`${operation}${bits}_k`), { dst, imm: divides && imm === 0 ? 3 : imm }));
  }

  #copy(): void {
    const op = this.#pick(['mov64_x', 'mov64_x', 'mov32_x'] as const);
    this.#put(insn(op, { dst: this.#number(), src: this.#number() }));
  }

  /** A copy plus a constant. */
  #sum(): void {
    const dst = this.#pick(NUMBERS);
    this.#put(
      insn(this.#pick(['mov64_x', 'mov64_x', 'mov32_x'] as const), { dst, src: this.#pick(NUMBERS) }),
    );
    const op = this.#pick(['add64_k', 'add64_k', 'sub64_k', 'add32_k', 'sub32_k'] as const);
    this.#put(insn(op, { dst, imm: this.#pick([this.#below(40), this.#immediate()]) }));
  }

  #extend(): void {
    const dst = this.#pick(NUMBERS);
    const op = this.#pick([
      'movsx8_64',
      'movsx16_64',
      'movsx32_64',
      'movsx8_32',
      'movsx16_32',
      'neg64',
    ] as const);
    const source = op === 'neg64' ? {} : { src: this.#number() };
    if (this.#below(3) > 0) this.#put(insn(op, { dst, ...source }));
    else {
      const bits = this.#pick([16, 32, 64]);
      this.#put(insn(named(`${this.#pick(['be', 'le', 'bswap'])}${bits}`), { dst, imm: bits }));
    }
  }

  #movePointer(): void {
    const dst = this.#pick(POINTERS);
    switch (this.#below(5)) {
      case 0:
        this.#put(insn('mov64_x', { dst, src: this.#pick([1, 10, 5, 8, 9]) }));
        return;
      case 1: {
        const src = this.#pick(NUMBERS);
        this.#put(insn('and64_k', { dst: src, imm: this.#pick([7, 63, 0xff, 0xffff]) }));
        this.#put(insn('add64_x', { dst, src }));
        return;
      }
      case 2:
        this.#put(insn(this.#pick(['add64_x', 'sub64_x'] as const), { dst, src: this.#number() }));
        return;
      case 3: {
        const number = this.#pick(NUMBERS);
        this.#put(insn('and64_k', { dst: number, imm: 15 }));
        this.#put(insn('add64_x', { dst: number, src: dst }));
        this.#put(insn('mov64_x', { dst, src: number }));
        this.#put(insn('sub64_x', { dst: number, src: number }));
        return;
      }
      default:
        this.#put(insn('add64_k', { dst, imm: this.#pick([8, -8, -64, this.#immediate() >> 3]) }));
    }
  }

  #jump(): void {
    const bits = this.#pick(['', '32']);
    const comparison = this.#pick(JUMPS);
    const dst = this.#number();
    if (this.#below(3) === 0) {
      // A number against itself makes the kernel complain of its own ranges.
      const src = this.#number();
      if (src !== dst) this.#put(insn(named(`${comparison}${bits}_x`), { dst, src }));
      return;
    }
    this.#put(insn(named(`${comparison}${bits}_k`), { dst, imm: this.#immediate() }));
  }
}

function named(name: string): OpName {
  if (!isOpName(name)) throw new Error(`no instruction ${name}`);
  return name;
}
