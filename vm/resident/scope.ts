/** What the handlers of instructions write with: locals of the interpreting function, and steps they share. */
import { KERNEL_TAG } from '../address.ts';
import { FRAME_SIZE, FRAMES, MAX_LOOPS, REGISTERS, RunState } from '../layout.ts';
import { PAGE } from '../memory.ts';
import type { FunctionBuilder, FunctionRef, GlobalRef, Label, Local, Value } from '../wasm/builder.ts';
import { I32, I64 } from '../wasm/opcodes.ts';
import type { Imports } from './imports.ts';
import { RECORD, SAVED_SHIFT, Saved } from './numbers.ts';
import { Operands } from './operands.ts';

/** Of the module, for every function. */
export interface ModuleScope {
  readonly imports: Imports;
  /** i64: bytes of memory behind page 0. */
  readonly room: GlobalRef;
  /** i32: where the saved registers of a frame are, plus the frame's top shifted right by {@link SAVED_SHIFT}. */
  readonly saves: GlobalRef;
  /** See {@link writeCommit}. */
  readonly submit: FunctionRef;
  readonly discard: FunctionRef;
}

export const FRAME_REGISTER: number = REGISTERS + 80;

export class Scope {
  readonly f: FunctionBuilder;
  readonly module: ModuleScope;
  readonly isChecked: boolean;
  /** `interpret` in this mode and in the other, and a call of a function from outside of the loop. */
  readonly interpretOther: FunctionRef;
  readonly callback: FunctionRef;
  readonly pc: Local;
  readonly fuel: Local;
  readonly loops: Local;
  readonly base: Local;
  readonly where: Local;
  readonly address: Local;
  readonly room: Local;
  readonly operands: Operands;
  /** The loop over instructions. */
  next!: Label;

  constructor(
    f: FunctionBuilder,
    module: ModuleScope,
    functions: { readonly callback: FunctionRef; readonly interpretOther: FunctionRef },
    isChecked: boolean,
  ) {
    this.f = f;
    this.module = module;
    this.isChecked = isChecked;
    this.callback = functions.callback;
    this.interpretOther = functions.interpretOther;
    this.pc = f.param(0);
    this.fuel = f.local('i32');
    this.loops = f.local('i32');
    this.base = f.local('i32');
    this.where = f.local('i32');
    this.address = f.local('i64');
    this.room = f.local('i64');
    this.operands = new Operands(f, this.pc);
  }

  /** Word 1 ... 3 of the record. */
  word(index: number): Value {
    return this.f.load(I32.load, this.f.get(this.pc), index * 4);
  }

  /** On to the next instruction. */
  advance(): void {
    const { f, pc } = this;
    f.set(pc, f.binary(I32.add, f.get(pc), f.i32(RECORD)));
    f.br(this.next);
  }

  register(register: number): Value {
    return this.f.load(I64.load, this.f.i32(0), REGISTERS + register * 8);
  }

  registerLow(register: number): Value {
    return this.f.load(I32.load, this.f.i32(0), REGISTERS + register * 8);
  }

  /** `value` is built after the address. */
  setRegister(register: number, value: () => Value): void {
    const address = this.f.i32(0);
    this.f.store(I64.store, address, value(), REGISTERS + register * 8);
  }

  /** A word of the run state, or another at a fixed place. */
  load(place: number): Value {
    return this.f.load(I32.load, this.f.i32(0), place);
  }

  store(place: number, value: () => Value): void {
    const address = this.f.i32(0);
    this.f.store(I32.store, address, value(), place);
  }

  storeFuel(): void {
    this.store(RunState.fuel, () => this.f.get(this.fuel));
  }

  loadFuel(): void {
    this.f.set(this.fuel, this.load(RunState.fuel));
  }

  /** Takes instructions from the budget. */
  take(count: Value): void {
    const { f, fuel } = this;
    f.set(this.where, count);
    f.set(fuel, f.binary(I32.sub, f.get(fuel), f.get(this.where)));
    f.if(f.binary(I32.lt_s, f.get(fuel), f.i32(0)));
    f.run(this.module.imports.outOfFuel, [f.get(this.pc)]);
    f.unreachable();
    f.end();
  }

  /** True where bytes at the address in {@link address} are outside of memory. `bytes` gives an i64. */
  isOutside(bytes: () => Value): Value {
    const { f } = this;
    const above = f.binary(I64.sub, f.get(this.address), f.i64(PAGE, KERNEL_TAG));
    return f.binary(I64.gt_u, above, f.binary(I64.sub, f.get(this.room), bytes()));
  }

  /** The frame of a function that is called must lie in the stack. */
  checkDepth(): void {
    const { f } = this;
    f.if(f.binary(I32.lt_u, this.load(FRAME_REGISTER), f.i32(FRAMES + 2 * FRAME_SIZE)));
    f.run(this.module.imports.tooDeep, [f.get(this.pc)]);
    f.unreachable();
    f.end();
  }

  /** Moves to a frame below and to the record that `target` gives. */
  enter(target: () => Value): void {
    const { f, where } = this;
    this.checkDepth();
    f.set(where, this.#savedPlace());
    const put = (at: number, value: () => Value): void => {
      const address = f.get(where);
      f.store(I32.store, address, value(), at);
    };
    put(Saved.pc, () => f.binary(I32.add, f.get(this.pc), f.i32(RECORD)));
    put(Saved.loops, () => f.get(this.loops));
    put(Saved.program, () => this.load(RunState.program));
    for (let register = 6; register <= 9; register++) {
      const address = f.get(where);
      f.store(I64.store, address, this.register(register), Saved.registers + (register - 6) * 8);
    }
    this.#moveFrame(-FRAME_SIZE);
    f.set(this.loops, f.i32(MAX_LOOPS));
    f.set(this.pc, target());
    f.br(this.next);
  }

  /** Ends the function: back to its caller, or out of the loop. */
  leave(): void {
    const { f, where } = this;
    f.if(f.binary(I32.eq, this.load(FRAME_REGISTER), f.get(this.base)));
    this.storeFuel();
    f.return();
    f.end();
    this.#moveFrame(FRAME_SIZE);
    f.set(where, this.#savedPlace());
    for (let register = 6; register <= 9; register++) {
      const offset = Saved.registers + (register - 6) * 8;
      this.setRegister(register, () => f.load(I64.load, f.get(where), offset));
    }
    this.store(RunState.program, () => f.load(I32.load, f.get(where), Saved.program));
    f.set(this.loops, f.load(I32.load, f.get(where), Saved.loops));
    f.set(this.pc, f.load(I32.load, f.get(where), Saved.pc));
    f.br(this.next);
  }

  #moveFrame(bytes: number): void {
    this.store(FRAME_REGISTER, () => this.f.binary(I32.add, this.load(FRAME_REGISTER), this.f.i32(bytes)));
  }

  #savedPlace(): Value {
    const { f } = this;
    const saves = f.getGlobal(this.module.saves);
    return f.binary(I32.sub, saves, f.binary(I32.shr_u, this.load(FRAME_REGISTER), f.i32(SAVED_SHIFT)));
  }
}
