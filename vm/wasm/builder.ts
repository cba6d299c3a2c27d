/**
 * How WebAssembly is generated: one interface in binaryen's terms, two back ends behind it. `direct` encodes bytes as
 * the calls come and is ready in microseconds; `binaryen` builds trees, validates, optimises and prints text.
 *
 * Operands are built in the order of their evaluation and each is used once, at once, since the direct back end has
 * encoded it by then:
 *
 *     f.set(r1, f.binary(I64.add, f.get(r1), f.i64(8, 0)));
 *
 * Functions that return `void` are statements: all values built before must have been used. Blocks have no results;
 * values cross them in locals.
 */
import type { BinaryOp, LoadOp, StoreOp, UnaryOp } from './opcodes.ts';

export type ValueType = 'i32' | 'i64';

export interface FunctionType {
  readonly params: readonly ValueType[];
  /** `undefined`: no result. */
  readonly result: ValueType | undefined;
}

declare const brand: unique symbol;
/** A value on its way to the instruction that uses it. */
export type Value = number & { readonly [brand]: 'value' };
/** A parameter (0, 1, …) or a local variable. */
export type Local = number & { readonly [brand]: 'local' };
/** A block, loop or if that branches may name. */
export type Label = number & { readonly [brand]: 'label' };
/** A function of the module, imported or its own. */
export type FunctionRef = number & { readonly [brand]: 'function' };
/** A mutable global of the module. */
export type GlobalRef = number & { readonly [brand]: 'global' };

/** Pages of 64 KiB, for the import of a memory. */
export interface MemoryLimits {
  readonly initial: number;
  readonly maximum: number;
}

/**
 * One module. Imports come first. All imports are of module `env`; the memory is `env.memory`, the function table
 * `env.table`.
 */
export interface ModuleBuilder {
  importMemory(limits: MemoryLimits): void;
  /** At least `initial` entries. */
  importTable(initial: number): void;
  importFunction(name: string, type: FunctionType): FunctionRef;
  global(type: ValueType): GlobalRef;
  /** A function to be defined later, so that others may call it. */
  declare(name: string, type: FunctionType): FunctionRef;
  /** Starts the body of a declared function; it ends with {@link FunctionBuilder.finish}. One body at a time. */
  define(fn: FunctionRef): FunctionBuilder;
  export(name: string, fn: FunctionRef): void;
  /** The whole module, once. */
  finish(): BuiltModule;
}

export interface BuiltModule {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Byte offsets in the module and what {@link FunctionBuilder.mark} said there, ascending; empty where unknown. */
  readonly marks: readonly Mark[];
}

export interface Mark {
  readonly offset: number;
  readonly tag: number;
}

export interface FunctionBuilder {
  /** The n-th parameter. */
  param(index: number): Local;
  /** A new local variable; zero at first. */
  local(type: ValueType): Local;
  /** Ends the body; control must not reach the end of a function with a result. */
  finish(): void;
  /** From here on code belongs to `tag`: an instruction's index. */
  mark(tag: number): void;

  i32(value: number): Value;
  /** From halves; `low` and `high` are int32. */
  i64(low: number, high: number): Value;
  get(local: Local): Value;
  set(local: Local, value: Value): void;
  tee(local: Local, value: Value): Value;
  getGlobal(global: GlobalRef): Value;
  setGlobal(global: GlobalRef, value: Value): void;
  unary(op: UnaryOp, operand: Value): Value;
  binary(op: BinaryOp, left: Value, right: Value): Value;
  /** `offset` is added to the i32 address without wrapping: 0 … 2^32-1. Any alignment. */
  load(op: LoadOp, address: Value, offset: number): Value;
  store(op: StoreOp, address: Value, value: Value, offset: number): void;
  copy(target: Value, source: Value, bytes: Value): void;
  fill(target: Value, byte: Value, bytes: Value): void;
  /** Both values are evaluated, then the condition. */
  select(whenTrue: Value, whenFalse: Value, condition: Value): Value;
  call(fn: FunctionRef, args: readonly Value[]): Value;
  /** A call of a function without a result. */
  run(fn: FunctionRef, args: readonly Value[]): void;
  callIndirect(type: FunctionType, args: readonly Value[], slot: Value): Value;
  /** Leaves this function for another: a tail call. */
  returnCall(fn: FunctionRef, args: readonly Value[]): void;
  returnCallIndirect(type: FunctionType, args: readonly Value[], slot: Value): void;
  /** True when the table's entry is empty. */
  tableIsNull(slot: Value): Value;
  drop(value: Value): void;

  /** A branch to its label goes behind its {@link end}. */
  block(): Label;
  /** A branch to its label goes back here. */
  loop(): Label;
  if(condition: Value): Label;
  else(): void;
  /** Ends the innermost block, loop or if. */
  end(): void;
  br(label: Label): void;
  brIf(label: Label, condition: Value): void;
  brTable(labels: readonly Label[], fallback: Label, index: Value): void;
  return(value?: Value): void;
  unreachable(): void;
}
