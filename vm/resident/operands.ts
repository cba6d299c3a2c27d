/**
 * Registers of the instruction that is interpreted, as `vm/jit`'s computation sees them: register 0 is its destination,
 * register 1 its source or its immediate.
 */
import type { RegisterAccess } from '../jit/registers.ts';
import { REGISTERS } from '../layout.ts';
import type { FunctionBuilder, Local, Value } from '../wasm/builder.ts';
import { I32, I64 } from '../wasm/opcodes.ts';

export const DST = 0;
export const SRC = 1;

export class Operands implements RegisterAccess {
  readonly #f: FunctionBuilder;
  readonly #pc: Local;
  readonly #result: Local;
  readonly #destination: Local;
  /** Register 1 is the immediate. */
  immediate = false;

  constructor(f: FunctionBuilder, pc: Local) {
    this.#f = f;
    this.#pc = pc;
    this.#result = f.local('i64');
    this.#destination = f.local('i32');
  }

  /** Begins an instruction with a destination: the engine would load its place each time. */
  begin(): void {
    this.#f.set(this.#destination, this.#f.load(I32.load8_u, this.#f.get(this.#pc), 1));
  }

  get(register: number): Value {
    const f = this.#f;
    if (register === SRC && this.immediate) return f.load(I64.load32_s, f.get(this.#pc), 8);
    return f.load(I64.load, this.place(register), REGISTERS);
  }

  low(register: number): Value {
    const f = this.#f;
    if (register === SRC && this.immediate) return f.load(I32.load, f.get(this.#pc), 8);
    return f.load(I32.load, this.place(register), REGISTERS);
  }

  set(register: number, value: Value): void {
    const f = this.#f;
    f.set(this.#result, value);
    const place = this.place(register);
    f.store(I64.store, place, f.get(this.#result), REGISTERS);
  }

  setLow(register: number, value: Value): void {
    this.set(register, this.#f.unary(I64.extend_i32_u, value));
  }

  /** Offset of a register in the register file. */
  place(register: number): Value {
    if (register === DST) return this.#f.get(this.#destination);
    return this.#f.load(I32.load8_u, this.#f.get(this.#pc), 2);
  }
}
