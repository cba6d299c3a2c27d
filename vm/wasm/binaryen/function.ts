/** Function bodies as binaryen's trees: statements gather in the innermost open block, and become its node at its end. */
import type binaryen from 'binaryen';
import type {
  FunctionBuilder,
  FunctionRef,
  FunctionType,
  GlobalRef,
  Label,
  Local,
  Value,
  ValueType,
} from '../builder.ts';
import type { BinaryOp, LoadOp, StoreOp, UnaryOp } from '../opcodes.ts';
import type { Operator } from './operators.ts';

/** What a body needs of its module. */
export interface BinaryenHost {
  readonly module: binaryen.Module;
  readonly library: typeof binaryen;
  readonly table: string;
  readonly operators: ReadonlyMap<number, Operator>;
  type(type: ValueType): number;
  params(type: FunctionType): number;
  result(type: FunctionType): number;
  typeOf(fn: FunctionRef): FunctionType;
  nameOf(fn: FunctionRef): string;
  globalName(global: GlobalRef): string;
  globalType(global: GlobalRef): ValueType;
  finished(fn: FunctionRef, locals: readonly ValueType[], body: BinaryenBody): void;
}

export interface BinaryenBody {
  readonly expression: number;
  /** Expressions, and the tags they belong to. */
  readonly places: readonly (readonly [expression: number, tag: number])[];
  /** Blocks in blocks at most. */
  readonly nesting: number;
}

/** A block, loop or if that is not ended. */
interface Open {
  readonly kind: 'block' | 'loop' | 'if';
  readonly label: string;
  /** Of an if. */
  readonly condition: number;
  statements: number[];
  /** Statements of an if, once its else has begun. */
  whenTrue: number[] | undefined;
}

/** Binaryen makes nothing of alignment but the hint; 1 holds for every address. */
const ALIGNMENT = 1;

export class BinaryenFunction implements FunctionBuilder {
  readonly #host: BinaryenHost;
  readonly #m: binaryen.Module;
  readonly #fn: FunctionRef;
  readonly #types: ValueType[];
  readonly #params: number;
  readonly #open: Open[] = [];
  readonly #places: (readonly [number, number])[] = [];
  #statements: number[] = [];
  #labels = 0;
  #nesting = 0;
  #tag: number | undefined;

  constructor(host: BinaryenHost, fn: FunctionRef) {
    this.#host = host;
    this.#m = host.module;
    this.#fn = fn;
    const { params } = host.typeOf(fn);
    this.#types = [...params];
    this.#params = params.length;
  }

  param(index: number): Local {
    return index as Local;
  }

  local(type: ValueType): Local {
    return (this.#types.push(type) - 1) as Local;
  }

  finish(): void {
    if (this.#open.length > 0) throw new Error(`${this.#open.length} blocks are not ended`);
    if (this.#host.typeOf(this.#fn).result !== undefined) this.unreachable();
    this.#host.finished(this.#fn, this.#types.slice(this.#params), {
      expression: this.#sequence(this.#statements),
      places: this.#places,
      nesting: this.#nesting,
    });
  }

  mark(tag: number): void {
    this.#tag = tag;
  }

  i32(value: number): Value {
    return this.#m.i32.const(value | 0) as Value;
  }

  i64(low: number, high: number): Value {
    return this.#m.i64.const((BigInt(high | 0) << 32n) | BigInt(low >>> 0)) as Value;
  }

  get(local: Local): Value {
    return this.#m.local.get(local, this.#typeOf(local)) as Value;
  }

  set(local: Local, value: Value): void {
    this.#add(this.#m.local.set(local, value));
  }

  tee(local: Local, value: Value): Value {
    return this.#m.local.tee(local, value, this.#typeOf(local)) as Value;
  }

  getGlobal(global: GlobalRef): Value {
    const type = this.#host.type(this.#host.globalType(global));
    return this.#m.global.get(this.#host.globalName(global), type) as Value;
  }

  setGlobal(global: GlobalRef, value: Value): void {
    this.#add(this.#m.global.set(this.#host.globalName(global), value));
  }

  unary(op: UnaryOp, operand: Value): Value {
    return this.#operator(op)(operand) as Value;
  }

  binary(op: BinaryOp, left: Value, right: Value): Value {
    return this.#placed(this.#operator(op)(left, right)) as Value;
  }

  load(op: LoadOp, address: Value, offset: number): Value {
    return this.#placed(this.#operator(op)(offset, ALIGNMENT, address)) as Value;
  }

  store(op: StoreOp, address: Value, value: Value, offset: number): void {
    this.#add(this.#operator(op)(offset, ALIGNMENT, address, value));
  }

  copy(target: Value, source: Value, bytes: Value): void {
    this.#add(this.#m.memory.copy(target, source, bytes));
  }

  fill(target: Value, byte: Value, bytes: Value): void {
    this.#add(this.#m.memory.fill(target, byte, bytes));
  }

  select(whenTrue: Value, whenFalse: Value, condition: Value): Value {
    return this.#m.select(condition, whenTrue, whenFalse) as Value;
  }

  call(fn: FunctionRef, args: readonly Value[]): Value {
    return this.#placed(this.#call(fn, args)) as Value;
  }

  run(fn: FunctionRef, args: readonly Value[]): void {
    this.#add(this.#call(fn, args));
  }

  callIndirect(type: FunctionType, args: readonly Value[], slot: Value): Value {
    const { params, result } = this.#signature(type);
    return this.#placed(this.#m.call_indirect(this.#host.table, slot, args, params, result)) as Value;
  }

  returnCall(fn: FunctionRef, args: readonly Value[]): void {
    const result = this.#host.result(this.#host.typeOf(fn));
    this.#add(this.#m.return_call(this.#host.nameOf(fn), args, result));
  }

  returnCallIndirect(type: FunctionType, args: readonly Value[], slot: Value): void {
    const { params, result } = this.#signature(type);
    this.#add(this.#m.return_call_indirect(this.#host.table, slot, args, params, result));
  }

  tableIsNull(slot: Value): Value {
    const { library, table } = this.#host;
    return this.#m.ref.is_null(this.#placed(this.#m.table.get(table, slot, library.funcref))) as Value;
  }

  drop(value: Value): void {
    this.#add(this.#m.drop(value));
  }

  block(): Label {
    return this.#begin('block', 0);
  }

  loop(): Label {
    return this.#begin('loop', 0);
  }

  if(condition: Value): Label {
    return this.#begin('if', condition);
  }

  else(): void {
    const open = this.#open.at(-1);
    if (open?.kind !== 'if' || open.whenTrue !== undefined) throw new Error('no if is open');
    open.whenTrue = this.#statements;
    this.#statements = [];
  }

  end(): void {
    const open = this.#open.pop();
    if (open === undefined) throw new Error('no block is open');
    const inner = this.#statements;
    this.#statements = open.statements;
    this.#statements.push(this.#close(open, inner));
  }

  br(label: Label): void {
    this.#add(this.#m.br(this.#name(label)));
  }

  brIf(label: Label, condition: Value): void {
    this.#add(this.#m.br(this.#name(label), condition));
  }

  brTable(labels: readonly Label[], fallback: Label, index: Value): void {
    const names = labels.map((label) => this.#name(label));
    this.#add(this.#m.switch(names, this.#name(fallback), index));
  }

  return(value?: Value): void {
    this.#add(this.#m.return(value));
  }

  unreachable(): void {
    this.#add(this.#m.unreachable());
  }

  #begin(kind: Open['kind'], condition: number): Label {
    const label = `l${this.#labels++}`;
    this.#open.push({ kind, label, condition, statements: this.#statements, whenTrue: undefined });
    this.#statements = [];
    this.#nesting = Math.max(this.#nesting, this.#open.length);
    return (this.#open.length - 1) as Label;
  }

  #close({ kind, label, condition, whenTrue }: Open, inner: readonly number[]): number {
    const m = this.#m;
    switch (kind) {
      case 'block':
        return m.block(label, inner);
      case 'loop':
        return m.loop(label, this.#sequence(inner));
      case 'if': {
        // An if has no label of its own here: a branch to it leaves the block around it.
        const otherwise = whenTrue === undefined ? undefined : this.#sequence(inner);
        return m.block(label, [m.if(condition, this.#sequence(whenTrue ?? inner), otherwise)]);
      }
    }
  }

  #sequence(statements: readonly number[]): number {
    return statements.length === 1 ? statements[0]! : this.#m.block(null, statements);
  }

  #name(label: Label): string {
    const open = this.#open[label];
    if (open === undefined) throw new Error('a branch to a block that is not open');
    return open.label;
  }

  #typeOf(local: Local): number {
    return this.#host.type(this.#types[local]!);
  }

  #operator(op: UnaryOp | BinaryOp | LoadOp | StoreOp): Operator {
    return this.#host.operators.get(op)!;
  }

  #call(fn: FunctionRef, args: readonly Value[]): number {
    return this.#m.call(this.#host.nameOf(fn), args, this.#host.result(this.#host.typeOf(fn)));
  }

  #signature(type: FunctionType): { readonly params: number; readonly result: number } {
    return { params: this.#host.params(type), result: this.#host.result(type) };
  }

  /** What may trap is found by its own place, not by its statement's. */
  #placed(expression: number): number {
    if (this.#tag !== undefined) this.#places.push([expression, this.#tag]);
    return expression;
  }

  #add(statement: number): void {
    this.#statements.push(this.#placed(statement));
  }
}
