/**
 * Builds one function of IR, instruction by instruction, at the end of a current block. Every instruction takes the
 * builder's current `span`. What is appended after a terminator is unreachable and vanishes in `finish()`, so that
 * lowering needs no care after `return` and `break`.
 */
import type { CoreRelocation } from '../../bpf/core/relocation.ts';
import type { HelperName } from '../../bpf/helpers/index.ts';
import type { Span } from '../../bpf/span.ts';
import { CodeLimitError } from '../fault.ts';
import { removeUnreachable } from './cfg.ts';
import type {
  AccessSize,
  BinaryOp,
  Block,
  BlockId,
  CompareOp,
  IrFunction,
  IrInstruction,
  Local,
  LocalInfo,
  Operand,
  Slot,
  SlotInfo,
  Terminator,
  Value,
  ValueInfo,
  ValueKind,
} from './ir.ts';

type Bits = 32 | 64;
type IrKind<K extends IrInstruction['kind']> = Extract<IrInstruction, { kind: K }>;

/** A comparison to branch on. `bits` defaults to 64. */
export interface Condition {
  readonly op: CompareOp;
  readonly left: Operand;
  readonly right: Operand | bigint;
  readonly bits?: Bits;
}

/** Slots a helper reads and writes through its pointer arguments; unnamed ones are taken to be both. */
export interface HelperEffects {
  readonly reads?: readonly Slot[];
  readonly writes?: readonly Slot[];
  /** Kind of the result; default scalar. */
  readonly kind?: ValueKind;
}

interface OpenBlock {
  readonly id: BlockId;
  readonly instructions: IrInstruction[];
  terminator: Terminator | undefined;
}

/** Instructions that the functions of one object share; counted down by their builders. */
export interface CodeBudget {
  readonly limit: number;
  left: number;
}

/** An operand of a plain number. */
export function constantOperand(value: bigint | number): Operand {
  return { constant: BigInt.asIntN(64, BigInt(value)) };
}

export class FunctionBuilder {
  readonly name: string;
  readonly parameterCount: number;
  /** Given to every instruction appended from now on. */
  span: Span | undefined = undefined;
  private readonly values: ValueInfo[] = [];
  private readonly locals: LocalInfo[] = [];
  private readonly slots: SlotInfo[] = [];
  private readonly blocks: OpenBlock[] = [];
  private readonly budget: CodeBudget | undefined;
  private current: OpenBlock;

  constructor(name: string, parameterCount: number, budget?: CodeBudget) {
    this.budget = budget;
    this.name = name;
    this.parameterCount = parameterCount;
    this.current = this.open();
  }

  /** A new empty block; `enter` it to fill it. */
  block(): BlockId {
    return this.open().id;
  }

  /** Appends to `block` from now on. */
  enter(block: BlockId): void {
    this.current = this.blocks[block]!;
  }

  get currentBlock(): BlockId {
    return this.current.id;
  }

  /** True after a terminator: what follows is unreachable. */
  get terminated(): boolean {
    return this.current.terminator !== undefined;
  }

  /** A new value with no definition yet; the instruction methods call it. */
  value(kind: ValueKind = 'scalar', info: Omit<ValueInfo, 'kind'> = {}): Value {
    const span = this.span === undefined ? {} : { span: this.span };
    this.values.push({ kind, ...span, ...info });
    return (this.values.length - 1) as Value;
  }

  kindOf(value: Value): ValueKind {
    return this.values[value]!.kind;
  }

  local(name: string, kind: ValueKind = 'scalar'): Local {
    this.locals.push({ name, kind });
    return (this.locals.length - 1) as Local;
  }

  /** `size` in bytes. */
  slot(name: string, size: number, align: AccessSize = 8): Slot {
    this.slots.push({ name, size, align });
    return (this.slots.length - 1) as Slot;
  }

  slotSize(slot: Slot): number {
    return this.slots[slot]!.size;
  }

  /** Appends an instruction made by hand. Throws CodeLimitError when the budget is used up. */
  append(instruction: IrInstruction): void {
    this.spend();
    if (this.current.terminator !== undefined) this.current = this.open();
    const spanned =
      instruction.span === undefined && this.span !== undefined
        ? { ...instruction, span: this.span }
        : instruction;
    this.current.instructions.push(spanned);
  }

  /** Parameter `index`; call before anything else, in the entry block. */
  parameter(index: number, kind: ValueKind): Value {
    const dst = this.value(kind);
    this.append({ kind: 'parameter', dst, index });
    return dst;
  }

  constant(value: bigint | number): Value {
    const dst = this.value();
    this.append({ kind: 'constant', dst, value: BigInt.asIntN(64, BigInt(value)) });
    return dst;
  }

  /** The result is a pointer when the left side of an addition or subtraction is one. */
  binary(op: BinaryOp, left: Operand, right: Operand | bigint, bits: Bits = 64): Value {
    const pointer = typeof left === 'number' && (op === 'add' || op === 'sub') && bits === 64;
    const dst = this.value(pointer ? this.kindOf(left) : 'scalar');
    this.append({ kind: 'binary', op, bits, dst, left, right: operand(right) });
    return dst;
  }

  /** A step or constant of the kernel's types; `left` is absent for `move`. */
  relocated(
    op: IrKind<'relocated'>['op'],
    left: Operand | undefined,
    constant: bigint | number,
    core: CoreRelocation,
  ): Value {
    const dst = this.value(typeof left === 'number' ? this.kindOf(left) : 'scalar');
    const value = BigInt(constant);
    this.append({ kind: 'relocated', op, dst, ...(left !== undefined && { left }), constant: value, core });
    return dst;
  }

  extend(value: Operand, width: 8 | 16 | 32, signed: boolean): Value {
    const dst = this.value('scalar', { width, signed });
    this.append({ kind: 'extend', dst, value, width, signed });
    return dst;
  }

  bswap(value: Operand, width: 16 | 32 | 64): Value {
    const dst = this.value('scalar', { width, signed: false });
    this.append({ kind: 'bswap', dst, value, width });
    return dst;
  }

  compare(op: CompareOp, left: Operand, right: Operand | bigint, bits: Bits = 64): Value {
    const dst = this.value('scalar', { width: 8, signed: false });
    this.append({ kind: 'compare', op, bits, dst, left, right: operand(right) });
    return dst;
  }

  getLocal(local: Local): Value {
    const dst = this.value(this.locals[local]!.kind);
    this.append({ kind: 'get-local', dst, local });
    return dst;
  }

  setLocal(local: Local, value: Operand | bigint): void {
    this.append({ kind: 'set-local', local, value: operand(value) });
  }

  load(base: Value, offset: number, size: AccessSize, signed = false, kind: ValueKind = 'scalar'): Value {
    const width = (size * 8) as 8 | 16 | 32 | 64;
    const dst = this.value(kind, { width, signed });
    this.append({ kind: 'load', dst, base, offset, size, signed });
    return dst;
  }

  store(base: Value, offset: number, size: AccessSize, value: Operand | bigint): void {
    this.append({ kind: 'store', base, offset, size, value: operand(value) });
  }

  zero(base: Value, offset: number, length: number, align: AccessSize = 8): void {
    if (length > 0) this.append({ kind: 'zero', base, offset, length, align });
  }

  copy(
    to: Value,
    toOffset: number,
    from: Value,
    fromOffset: number,
    length: number,
    align: AccessSize = 8,
  ): void {
    if (length > 0) this.append({ kind: 'copy', to, toOffset, from, fromOffset, length, align });
  }

  storeBytes(base: Value, offset: number, bytes: Uint8Array, align: AccessSize = 8): void {
    if (bytes.length > 0) this.append({ kind: 'store-bytes', base, offset, bytes, align });
  }

  slotAddress(slot: Slot): Value {
    const dst = this.value('stack');
    this.append({ kind: 'slot-address', dst, slot });
    return dst;
  }

  mapAddress(map: string): Value {
    const dst = this.value('map');
    this.append({ kind: 'map-address', dst, map });
    return dst;
  }

  mapValueAddress(map: string, offset = 0): Value {
    const dst = this.value('map-value');
    this.append({ kind: 'map-value-address', dst, map, offset });
    return dst;
  }

  symbolAddress(symbol: string): Value {
    const dst = this.value();
    this.append({ kind: 'symbol-address', dst, symbol });
    return dst;
  }

  functionAddress(name: string): Value {
    const dst = this.value('function');
    this.append({ kind: 'function-address', dst, function: name });
    return dst;
  }

  callHelper(helper: HelperName, args: readonly (Operand | bigint)[], effects: HelperEffects = {}): Value {
    const { kind, ...slots } = effects;
    const dst = this.value(kind ?? 'scalar');
    this.append({ kind: 'call-helper', dst, helper, args: args.map(operand), ...slots });
    return dst;
  }

  callFunction(name: string, args: readonly Operand[], kind: ValueKind = 'scalar'): Value {
    const dst = this.value(kind);
    this.append({ kind: 'call-function', dst, function: name, args });
    return dst;
  }

  atomic(
    op: 'add' | 'or' | 'and' | 'xor',
    base: Value,
    offset: number,
    size: 4 | 8,
    value: Operand | bigint,
  ): void {
    this.append({ kind: 'atomic', op, base, offset, size, value: operand(value) });
  }

  jump(target: BlockId): void {
    this.terminate({ kind: 'jump', target });
  }

  branch(condition: Condition, then: BlockId, otherwise: BlockId, unlikely?: 'then' | 'otherwise'): void {
    const { op, left, right, bits } = condition;
    const hint = unlikely === undefined ? {} : { unlikely };
    this.terminate({
      kind: 'branch',
      op,
      bits: bits ?? 64,
      left,
      right: operand(right),
      then,
      otherwise,
      ...hint,
    });
  }

  return(value: Operand | bigint): void {
    this.terminate({ kind: 'return', value: operand(value) });
  }

  /** Ends the current block; ignored where the code is unreachable already. */
  terminate(terminator: Terminator): void {
    if (this.current.terminator !== undefined) return;
    this.current.terminator =
      terminator.span === undefined && this.span !== undefined
        ? { ...terminator, span: this.span }
        : terminator;
  }

  /** The function without unreachable blocks. Throws when a reachable block lacks a terminator: a bug of the caller. */
  finish(): IrFunction {
    const blocks = this.blocks.map((block): Block => {
      const { id, instructions } = block;
      return { id, parameters: [], instructions, terminator: block.terminator ?? UNTERMINATED };
    });
    const { name, parameterCount, values, locals, slots } = this;
    const built = removeUnreachable({ name, parameterCount, values, locals, slots, blocks });
    const open = built.blocks.find((block) => block.terminator === UNTERMINATED);
    if (open !== undefined) throw new Error(`block ${open.id} of ${name} has no terminator`);
    return built;
  }

  private spend(): void {
    const { budget } = this;
    if (budget !== undefined && --budget.left < 0) throw new CodeLimitError(budget.limit, this.span);
  }

  private open(): OpenBlock {
    const block: OpenBlock = { id: this.blocks.length as BlockId, instructions: [], terminator: undefined };
    this.blocks.push(block);
    return block;
  }
}

const UNTERMINATED: Terminator = { kind: 'return', value: { constant: 0n } };

function operand(value: Operand | bigint): Operand {
  return typeof value === 'bigint' ? constantOperand(value) : value;
}
