/**
 * Random but valid IR from a list of numbers: arithmetic of all kinds, locals across branches and bounded loops,
 * calls, slots, and many values alive at once. The same numbers give the same program.
 */
import { FunctionBuilder } from '../../../compiler/ir/builder.ts';
import type {
  BinaryOp,
  CompareOp,
  IrFunction,
  Local,
  Operand,
  Slot,
  Value,
} from '../../../compiler/ir/ir.ts';

const OPS: readonly BinaryOp[] = [
  'add',
  'sub',
  'mul',
  'udiv',
  'umod',
  'sdiv',
  'smod',
  'and',
  'or',
  'xor',
  'shl',
  'lshr',
  'ashr',
];
const COMPARES: readonly CompareOp[] = [
  'eq',
  'ne',
  'ult',
  'ule',
  'ugt',
  'uge',
  'slt',
  'sle',
  'sgt',
  'sge',
  'test',
];
const CONSTANTS: readonly bigint[] = [
  0n,
  1n,
  -1n,
  2n,
  3n,
  7n,
  8n,
  10n,
  16n,
  31n,
  32n,
  63n,
  64n,
  255n,
  256n,
  0xffffn,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_ffffn,
  0x1_0000_0000n,
  -0x8000_0000n,
  -0x8000_0001n,
  0x7fff_ffff_ffff_ffffn,
  -0x8000_0000_0000_0000n,
];

/**
 * `inputs` says where the three inputs come from: the function's parameters, or the fields len, mark and protocol of a
 * socket filter's context, so that a kernel can run it; results of helpers are cancelled then.
 */
export function randomProgram(
  numbers: readonly number[],
  inputs: 'parameters' | 'context' = 'parameters',
): IrFunction {
  return new RandomProgram(numbers, inputs).build();
}

class RandomProgram {
  private readonly numbers: readonly number[];
  private at = 0;
  private readonly builder = new FunctionBuilder('random', 3);
  private readonly locals: Local[] = [];
  private readonly slots: Slot[] = [];
  /** Values that dominate the current point. */
  private pool: Value[] = [];

  private readonly inputs: 'parameters' | 'context';

  constructor(numbers: readonly number[], inputs: 'parameters' | 'context') {
    this.numbers = numbers;
    this.inputs = inputs;
  }

  build(): IrFunction {
    const { builder } = this;
    this.readInputs();
    for (let index = 0; index < 4; index += 1) {
      const local = builder.local(`$${index}`);
      builder.setLocal(local, this.operand());
      this.locals.push(local);
      const slot = builder.slot(`slot${index}`, 8 * (1 + (index % 2)));
      this.slots.push(slot);
      builder.zero(builder.slotAddress(slot), 0, builder.slotSize(slot));
    }
    this.body(3);
    let sum: Operand = { constant: 17n };
    for (const value of this.pool) sum = builder.binary('add', builder.binary('mul', sum, 31n), value);
    for (const local of this.locals)
      sum = builder.binary('xor', builder.binary('mul', sum, 31n), builder.getLocal(local));
    for (const slot of this.slots) {
      sum = builder.binary(
        'sub',
        builder.binary('mul', sum, 31n),
        builder.load(builder.slotAddress(slot), 0, 8),
      );
    }
    builder.return(sum);
    return builder.finish();
  }

  private readInputs(): void {
    const { builder } = this;
    if (this.inputs === 'parameters') {
      for (let index = 0; index < 3; index += 1) this.pool.push(builder.parameter(index, 'scalar'));
      return;
    }
    const context = builder.parameter(0, 'context');
    for (const offset of [0, 8, 16]) this.pool.push(builder.load(context, offset, 4));
  }

  private call(): Value {
    const { builder } = this;
    const result = builder.callHelper('get_prandom_u32', [this.operand(), this.operand(), this.operand()]);
    return this.inputs === 'parameters' ? result : builder.binary('and', result, 0n);
  }

  private next(below: number): number {
    const number = this.numbers[this.at % this.numbers.length]! + this.at * 7;
    this.at += 1;
    return number % below;
  }

  private operand(): Operand {
    const choice = this.next(10);
    if (choice < 3) return { constant: CONSTANTS[this.next(CONSTANTS.length)]! };
    if (choice < 5 && this.locals.length > 0)
      return this.builder.getLocal(this.locals[this.next(this.locals.length)]!);
    return this.pool[this.next(this.pool.length)]!;
  }

  private body(depth: number): void {
    for (let count = 2 + this.next(9); count > 0; count -= 1) {
      if (this.at < this.numbers.length * 2) this.statement(depth);
    }
  }

  private statement(depth: number): void {
    const { builder } = this;
    switch (this.next(depth > 0 ? 15 : 12)) {
      case 0:
      case 1:
      case 2:
      case 3:
        this.pool.push(
          builder.binary(OPS[this.next(OPS.length)]!, this.operand(), this.operand(), this.bits()),
        );
        return;
      case 4:
        this.pool.push(
          builder.extend(this.operand(), ([8, 16, 32] as const)[this.next(3)]!, this.next(2) === 0),
        );
        return;
      case 5:
        this.pool.push(
          builder.compare(COMPARES[this.next(COMPARES.length)]!, this.operand(), this.operand(), this.bits()),
        );
        return;
      case 6:
      case 7:
        builder.setLocal(this.locals[this.next(this.locals.length)]!, this.operand());
        return;
      case 8: {
        const size = ([1, 2, 4, 8] as const)[this.next(4)]!;
        builder.store(this.slotBase(), this.next(8 / size) * size, size, this.operand());
        return;
      }
      case 9: {
        const size = ([1, 2, 4, 8] as const)[this.next(4)]!;
        this.pool.push(builder.load(this.slotBase(), this.next(8 / size) * size, size, this.next(2) === 0));
        return;
      }
      case 10:
        this.pool.push(this.call());
        return;
      case 11:
        this.memory();
        return;
      case 12:
      case 13:
        this.choice(depth - 1);
        return;
      default:
        this.loop(depth - 1);
    }
  }

  private memory(): void {
    const { builder } = this;
    switch (this.next(5)) {
      case 0:
        builder.atomic(
          (['add', 'or', 'and', 'xor'] as const)[this.next(4)]!,
          this.slotBase(),
          0,
          8,
          this.operand(),
        );
        return;
      case 1:
        builder.storeBytes(this.slotBase(), 0, Uint8Array.of(1, 2, 3, 250, 5, 6, 7 + this.next(9), 200));
        return;
      case 2:
        builder.copy(this.slotBase(1), 0, this.slotBase(2), 0, 1 + this.next(8));
        return;
      case 3:
        this.pool.push(builder.bswap(this.operand(), ([16, 32, 64] as const)[this.next(3)]!));
        return;
      default:
        builder.zero(this.slotBase(), 0, 1 + this.next(8));
    }
  }

  private slotBase(slot: number = this.next(this.slots.length)): Value {
    return this.builder.slotAddress(this.slots[slot]!);
  }

  private bits(): 32 | 64 {
    return this.next(3) === 0 ? 32 : 64;
  }

  private choice(depth: number): void {
    const { builder } = this;
    const [then, otherwise, join] = [builder.block(), builder.block(), builder.block()];
    const op = COMPARES[this.next(COMPARES.length)]!;
    const hint = ([undefined, 'then', 'otherwise'] as const)[this.next(3)];
    builder.branch(
      { op, left: this.operand(), right: this.operand(), bits: this.bits() },
      then,
      otherwise,
      hint,
    );
    const outer = [...this.pool];
    builder.enter(then);
    this.body(depth);
    if (this.next(12) === 0) builder.return(this.operand());
    builder.jump(join);
    this.pool = [...outer];
    builder.enter(otherwise);
    if (this.next(2) === 0) this.body(depth);
    builder.jump(join);
    builder.enter(join);
    this.pool = outer;
  }

  /** Counts to at most 4, rotating the locals so that their copies form cycles. */
  private loop(depth: number): void {
    const { builder } = this;
    const counter = builder.local('counter');
    builder.setLocal(counter, 0n);
    const [head, inside, after] = [builder.block(), builder.block(), builder.block()];
    builder.jump(head);
    builder.enter(head);
    builder.branch(
      { op: 'ult', left: builder.getLocal(counter), right: BigInt(this.next(4)) },
      inside,
      after,
    );
    const outer = [...this.pool];
    builder.enter(inside);
    this.body(depth);
    if (this.next(2) === 0) this.rotate();
    builder.setLocal(counter, builder.binary('add', builder.getLocal(counter), 1n));
    builder.jump(head);
    builder.enter(after);
    this.pool = outer;
  }

  private rotate(): void {
    const values = this.locals.map((local) => this.builder.getLocal(local));
    this.locals.forEach((local, index) => {
      this.builder.setLocal(local, values[(index + 1) % values.length]!);
    });
  }
}
