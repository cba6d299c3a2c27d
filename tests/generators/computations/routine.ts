/**
 * One function of a generated computation while it is written. Every register it reads holds a number, and all of its
 * stack is written at the start, so that whatever is generated is accepted by any verifier and gives the same on any
 * engine: no address ever becomes a number.
 *
 *     r0 ... r5 numbers between calls    r6 ... r9 numbers that outlive calls, loop counters while a loop runs
 *     fp-8 ... fp-8*slots numbers        below: keys and values for helpers
 */
import type { Instruction, Reference, Register } from '../../../bpf/instruction.ts';
import { OPCODES, type OpForm, type OpName } from '../../../bpf/opcodes.ts';
import type { Dice } from '../programs/dice.ts';

const NAMES = (keep: (form: OpForm) => boolean): readonly OpName[] =>
  OPCODES.filter(({ form, level }) => keep(form) && level <= 4).map(({ name }) => name);

const BY_IMMEDIATE = NAMES((form) => form === 'alu_k');
const BY_REGISTER = NAMES((form) => form === 'alu_x' || form === 'movsx');
const UNARY = NAMES((form) => form === 'neg' || form === 'end');
export const JUMPS_K: readonly OpName[] = NAMES((form) => form === 'jmp_k');
export const JUMPS_X: readonly OpName[] = NAMES((form) => form === 'jmp_x');
const LOADS: readonly (readonly [OpName, number])[] = OPCODES.filter(
  ({ form }) => form === 'ldx' || form === 'ldsx',
).map(({ name, bytes }) => [name, bytes]);
const STORES: readonly (readonly [OpName, number, boolean])[] = OPCODES.filter(
  ({ form }) => form === 'stx' || form === 'st',
).map(({ name, form, bytes }) => [name, bytes, form === 'st']);
const ATOMICS: readonly (readonly [OpName, number])[] = OPCODES.filter(({ form }) =>
  ['atomic', 'atomic_fetch', 'cmpxchg'].includes(form),
).map(({ name, bytes }) => [name, bytes]);

/** Numbers at which something changes. */
const EDGES = [
  0, 1, -1, 2, 7, 8, 31, 32, 63, 64, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, -0x8000_0000,
];

export const FP = 10;
const NONE: Register = 0;

/** Where memory of numbers begins: a base register and the first byte's offset, `bytes` of it. */
export interface Place {
  readonly base: number;
  readonly off: number;
  readonly bytes: number;
}

export class Routine {
  readonly dice: Dice;
  readonly instructions: Instruction[] = [];
  /** Words of its stack that hold numbers. */
  readonly slots: number;
  /** Registers that hold numbers now, as bits. */
  live = 0;
  /** Registers nothing may write. */
  held = 0;
  #labels = 0;
  #pending: string | undefined;

  constructor(dice: Dice, slots: number) {
    this.dice = dice;
    this.slots = slots;
  }

  op(op: OpName, dst = 0, src = 0, off = 0, imm = 0, ref?: Reference): void {
    const label = this.#pending;
    this.#pending = undefined;
    this.instructions.push({
      op,
      dst: dst as Register,
      src: src as Register,
      off,
      imm,
      ...(ref && { ref }),
      ...(label !== undefined && { label }),
    });
  }

  newLabel(): string {
    return `l${this.#labels++}`;
  }

  /** The next instruction carries the label. */
  place(label: string): void {
    // Two labels at one place: a jump of no distance keeps them apart.
    if (this.#pending !== undefined) this.op('ja', 0, 0, 0);
    this.#pending = label;
  }

  jump(op: OpName, dst: number, src: number, imm: number, label: string): void {
    this.op(op, dst, src, 0, imm, { kind: 'label', name: label });
  }

  imm(): number {
    const { dice } = this;
    return dice.chance(0.6) ? dice.of(EDGES) : dice.word() | 0;
  }

  constant(dst: number): void {
    if (this.dice.chance(0.5)) this.op('mov64_k', dst, NONE, 0, this.imm());
    else {
      const immHigh = this.dice.chance(0.3) ? this.dice.of([0, -1, 1, 0x7fff_ffff]) : this.dice.word() | 0;
      this.instructions.push({
        op: 'lddw',
        dst: dst as Register,
        src: NONE,
        off: 0,
        imm: this.imm(),
        immHigh,
        ...this.#label(),
      });
    }
    this.live |= 1 << dst;
  }

  #label(): { readonly label?: string } {
    const label = this.#pending;
    this.#pending = undefined;
    return label === undefined ? {} : { label };
  }

  /** A register with a number. */
  source(): number {
    const choice = this.#bits(this.live);
    return this.dice.of(choice);
  }

  /** A register that may be written; it has a number already when `filled`. */
  target(filled = true): number {
    const free = (filled ? this.live : 0x3ff) & ~this.held;
    const choice = this.#bits(free);
    if (choice.length > 0) return this.dice.of(choice);
    this.constant(0);
    return 0;
  }

  #bits(set: number): readonly number[] {
    return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((register) => (set >> register) & 1);
  }

  /** After a call: r0 has a number or nothing, the arguments are gone. */
  called(result: boolean): void {
    this.live &= ~0x3f;
    if (result) this.live |= 1;
  }

  computation(): void {
    const { dice } = this;
    const kind = dice.below(10);
    if (kind < 5) {
      const op = dice.of(BY_REGISTER);
      const isMove = op.startsWith('mov');
      this.#computes(op, this.target(!isMove), this.source(), 0);
    } else if (kind < 9) {
      const op = dice.of(BY_IMMEDIATE);
      this.#computes(op, this.target(!op.startsWith('mov')), 0, this.#operand(op));
    } else this.#computes(dice.of(UNARY), this.target(), 0, 0);
  }

  #computes(op: OpName, dst: number, src: number, imm: number): void {
    this.op(op, dst, src, 0, imm);
    this.live |= 1 << dst;
  }

  /** Verifiers refuse shifts by the width and division by a constant zero. */
  #operand(op: OpName): number {
    const imm = this.imm();
    if (/sh(32|64)_k$/.test(op)) return imm & (op.endsWith('32_k') ? 31 : 63);
    if (/^s?(div|mod)/.test(op)) return imm === 0 ? 3 : imm;
    return imm;
  }

  load(place: Place): void {
    const [op, bytes] = this.dice.of(LOADS.filter(([, size]) => size <= place.bytes));
    const dst = this.target(false);
    if (dst === place.base) return;
    this.op(op, dst, place.base, this.#offset(place, bytes));
    this.live |= 1 << dst;
  }

  store(place: Place): void {
    const [op, bytes, immediate] = this.dice.of(STORES.filter(([, size]) => size <= place.bytes));
    const off = this.#offset(place, bytes);
    if (immediate) this.op(op, place.base, NONE, off, this.imm());
    else this.op(op, place.base, this.source(), off);
  }

  atomic(place: Place): void {
    const [op, bytes] = this.dice.of(ATOMICS.filter(([, size]) => size <= place.bytes));
    const src = this.target();
    if (src === place.base || (op.startsWith('cmpxchg') && ((this.live & 1) === 0 || (this.held & 1) !== 0)))
      return;
    this.op(op, place.base, src, this.#offset(place, bytes));
  }

  /** Aligned, as stacks and values want it. */
  #offset(place: Place, bytes: number): number {
    return place.off + this.dice.below(Math.floor(place.bytes / bytes)) * bytes;
  }

  /** Its numbers on the stack. */
  stack(): Place {
    return { base: FP, off: -8 * this.slots, bytes: 8 * this.slots };
  }

  /** Writes all of its stack and `registers`. */
  begin(registers: readonly number[]): void {
    for (let slot = 1; slot <= this.slots; slot++) {
      if (this.live === 0 || this.dice.chance(0.5)) this.op('st64', FP, NONE, -8 * slot, this.imm());
      else this.op('stx64', FP, this.source(), -8 * slot);
    }
    for (const register of registers) this.constant(register);
  }

  /** r0 = a mixture of all numbers there are; nothing else survives. */
  fold(): void {
    const registers = this.#bits(this.live).filter((register) => register !== 0);
    if ((this.live & 1) === 0) this.op('mov64_k', 0, NONE, 0, 17);
    for (const register of registers) this.#mix(register);
    for (let slot = 1; slot <= this.slots; slot++) {
      this.op('ldx64', 1, FP, -8 * slot);
      this.#mix(1);
    }
  }

  #mix(register: number): void {
    this.op('mul64_k', 0, NONE, 0, 0x0100_01b3);
    this.op('xor64_x', 0, register);
  }
}
