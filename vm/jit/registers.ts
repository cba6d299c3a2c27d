/** How one function's registers are held: r0 ... r9 in locals, r10 as the address of its frame. */
import { KERNEL_TAG } from '../address.ts';
import { FRAME_TOP } from '../layout.ts';
import type { FunctionBuilder, Local, Value } from '../wasm/builder.ts';
import { I32, I64 } from '../wasm/opcodes.ts';

export const FRAME_POINTER = 10;

/** What computation needs of registers, wherever they are held. */
export interface RegisterAccess {
  get(register: number): Value;
  /** The low half. */
  low(register: number): Value;
  set(register: number, value: Value): void;
  /** Sets it to an i32, the upper half to zeros. */
  setLow(register: number, value: Value): void;
}

export class Registers implements RegisterAccess {
  readonly #f: FunctionBuilder;
  readonly #locals: readonly Local[];
  /** The frame's top; undefined in an entry function, whose frame is always the first. */
  readonly frame: Local | undefined;

  /** `first`: the locals of r1 ... r5, where they are parameters. */
  constructor(f: FunctionBuilder, parameters: readonly Local[], frame: Local | undefined) {
    this.#f = f;
    this.frame = frame;
    this.#locals = Array.from({ length: 10 }, (_, register) => parameters[register - 1] ?? f.local('i64'));
  }

  get(register: number): Value {
    const f = this.#f;
    if (register !== FRAME_POINTER) return f.get(this.#locals[register]!);
    if (this.frame === undefined) return f.i64(FRAME_TOP, KERNEL_TAG);
    const low = f.unary(I64.extend_i32_u, f.get(this.frame));
    return f.binary(I64.or, low, f.i64(0, KERNEL_TAG));
  }

  /** The low half. */
  low(register: number): Value {
    if (register === FRAME_POINTER) return this.frameTop();
    return this.#f.unary(I32.wrap_i64, this.get(register));
  }

  set(register: number, value: Value): void {
    this.#f.set(this.#locals[register]!, value);
  }

  /** Sets it to an i32, the upper half to zeros. */
  setLow(register: number, value: Value): void {
    this.set(register, this.#f.unary(I64.extend_i32_u, value));
  }

  frameTop(): Value {
    return this.frame === undefined ? this.#f.i32(FRAME_TOP) : this.#f.get(this.frame);
  }
}
