/** Function bodies, encoded as they are built: operands stand before their instruction, as WebAssembly wants them. */
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
import { CodeLimitError, MAX_LOCALS, MAX_TABLE_LABELS } from '../limits.ts';
import type { BinaryOp, LoadOp, StoreOp, UnaryOp } from '../opcodes.ts';
import { ByteBuffer } from './byte-buffer.ts';

export const TYPE_CODES: Readonly<Record<ValueType, number>> = { i32: 0x7f, i64: 0x7e };

const NO_RESULT = 0x40;
/** What a value is here: nothing but a place in the order of bytes. */
const VALUE = 0 as Value;

/** What a body needs of its module. */
export interface FunctionHost {
  typeIndex(type: FunctionType): number;
  typeOf(fn: FunctionRef): FunctionType;
  /** Takes the finished body. */
  finished(body: DirectFunction): void;
}

/** Marks of one function: pairs of offset in the body and tag. */
export class DirectFunction implements FunctionBuilder {
  readonly fn: FunctionRef;
  readonly code: ByteBuffer = new ByteBuffer();
  readonly marks: number[] = [];
  readonly #host: FunctionHost;
  readonly #params: number;
  readonly #locals: ValueType[] = [];
  /** Open blocks. */
  #depth = 0;
  /** Values built and not yet used. */
  #height = 0;

  constructor(host: FunctionHost, fn: FunctionRef) {
    this.#host = host;
    this.fn = fn;
    this.#params = host.typeOf(fn).params.length;
  }

  /** The declarations of its locals: runs of one type. */
  writeLocals(out: ByteBuffer): void {
    const runs: { type: ValueType; count: number }[] = [];
    for (const type of this.#locals) {
      const last = runs.at(-1);
      if (last?.type === type) last.count++;
      else runs.push({ type, count: 1 });
    }
    out.unsigned(runs.length);
    for (const { type, count } of runs) {
      out.unsigned(count);
      out.byte(TYPE_CODES[type]);
    }
  }

  param(index: number): Local {
    return index as Local;
  }

  local(type: ValueType): Local {
    return (this.#params + this.#locals.push(type) - 1) as Local;
  }

  finish(): void {
    this.#statement();
    if (this.#depth !== 0) throw new Error(`${this.#depth} blocks are not ended`);
    // A body whose last instruction leaves for good is valid whatever its result; the others have none.
    if (this.#host.typeOf(this.fn).result !== undefined) this.code.byte(0x00);
    this.code.byte(0x0b);
    if (this.#params + this.#locals.length > MAX_LOCALS) throw new CodeLimitError('variables', MAX_LOCALS);
    this.#host.finished(this);
  }

  mark(tag: number): void {
    this.marks.push(this.code.length, tag);
  }

  i32(value: number): Value {
    this.code.byte(0x41);
    this.code.signed(value | 0);
    return this.#push();
  }

  i64(low: number, high: number): Value {
    this.code.byte(0x42);
    this.code.signedPair(low | 0, high | 0);
    return this.#push();
  }

  get(local: Local): Value {
    this.#indexed(0x20, local);
    return this.#push();
  }

  set(local: Local, _value: Value): void {
    this.#indexed(0x21, local);
    this.#pop(1);
    this.#statement();
  }

  tee(local: Local, _value: Value): Value {
    this.#indexed(0x22, local);
    return VALUE;
  }

  getGlobal(global: GlobalRef): Value {
    this.#indexed(0x23, global);
    return this.#push();
  }

  setGlobal(global: GlobalRef, _value: Value): void {
    this.#indexed(0x24, global);
    this.#pop(1);
    this.#statement();
  }

  unary(op: UnaryOp, _operand: Value): Value {
    this.code.byte(op);
    return VALUE;
  }

  binary(op: BinaryOp, _left: Value, _right: Value): Value {
    this.code.byte(op);
    this.#pop(1);
    return VALUE;
  }

  load(op: LoadOp, _address: Value, offset: number): Value {
    this.#access(op, offset);
    return VALUE;
  }

  store(op: StoreOp, _address: Value, _value: Value, offset: number): void {
    this.#access(op, offset);
    this.#pop(2);
    this.#statement();
  }

  copy(_target: Value, _source: Value, _bytes: Value): void {
    this.code.bytes([0xfc, 0x0a, 0, 0]);
    this.#pop(3);
    this.#statement();
  }

  fill(_target: Value, _byte: Value, _bytes: Value): void {
    this.code.bytes([0xfc, 0x0b, 0]);
    this.#pop(3);
    this.#statement();
  }

  select(_whenTrue: Value, _whenFalse: Value, _condition: Value): Value {
    this.code.byte(0x1b);
    this.#pop(2);
    return VALUE;
  }

  call(fn: FunctionRef, args: readonly Value[]): Value {
    this.#indexed(0x10, fn);
    this.#pop(args.length);
    return this.#push();
  }

  run(fn: FunctionRef, args: readonly Value[]): void {
    this.#indexed(0x10, fn);
    this.#pop(args.length);
    this.#statement();
  }

  callIndirect(type: FunctionType, args: readonly Value[], _slot: Value): Value {
    this.#indirect(0x11, type);
    this.#pop(args.length + 1);
    return this.#push();
  }

  returnCall(fn: FunctionRef, args: readonly Value[]): void {
    this.#indexed(0x12, fn);
    this.#pop(args.length);
    this.#statement();
  }

  returnCallIndirect(type: FunctionType, args: readonly Value[], _slot: Value): void {
    this.#indirect(0x13, type);
    this.#pop(args.length + 1);
    this.#statement();
  }

  tableIsNull(_slot: Value): Value {
    this.code.bytes([0x25, 0, 0xd1]);
    return VALUE;
  }

  drop(_value: Value): void {
    this.code.byte(0x1a);
    this.#pop(1);
    this.#statement();
  }

  block(): Label {
    return this.#open(0x02);
  }

  loop(): Label {
    return this.#open(0x03);
  }

  if(_condition: Value): Label {
    this.#pop(1);
    return this.#open(0x04);
  }

  else(): void {
    this.#statement();
    this.code.byte(0x05);
  }

  end(): void {
    this.#statement();
    if (this.#depth === 0) throw new Error('no block is open');
    this.#depth--;
    this.code.byte(0x0b);
  }

  br(label: Label): void {
    this.#statement();
    this.#indexed(0x0c, this.#distance(label));
  }

  brIf(label: Label, _condition: Value): void {
    this.#pop(1);
    this.#statement();
    this.#indexed(0x0d, this.#distance(label));
  }

  brTable(labels: readonly Label[], fallback: Label, _index: Value): void {
    this.#pop(1);
    this.#statement();
    if (labels.length > MAX_TABLE_LABELS) throw new CodeLimitError('blocks', MAX_TABLE_LABELS);
    this.code.byte(0x0e);
    this.code.unsigned(labels.length);
    for (const label of labels) this.code.unsigned(this.#distance(label));
    this.code.unsigned(this.#distance(fallback));
  }

  return(value?: Value): void {
    if (value !== undefined) this.#pop(1);
    this.#statement();
    this.code.byte(0x0f);
  }

  unreachable(): void {
    this.#statement();
    this.code.byte(0x00);
  }

  #open(code: number): Label {
    this.#statement();
    this.code.byte(code);
    this.code.byte(NO_RESULT);
    return this.#depth++ as Label;
  }

  #distance(label: Label): number {
    return this.#depth - 1 - label;
  }

  #indexed(code: number, index: number): void {
    this.code.byte(code);
    this.code.unsigned(index);
  }

  #indirect(code: number, type: FunctionType): void {
    this.code.byte(code);
    this.code.unsigned(this.#host.typeIndex(type));
    this.code.byte(0);
  }

  #access(op: LoadOp | StoreOp, offset: number): void {
    this.code.byte(op);
    // Alignment is a hint that engines for little-endian processors ignore.
    this.code.byte(0);
    this.code.unsigned(offset);
  }

  #push(): Value {
    this.#height++;
    return VALUE;
  }

  #pop(count: number): void {
    this.#height -= count;
  }

  #statement(): void {
    if (this.#height !== 0)
      throw new Error(`${this.#height} values are left where a statement begins or ends`);
  }
}
