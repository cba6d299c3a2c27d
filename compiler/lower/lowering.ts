/**
 * One function being lowered: its builder, its memory (stack slots, scratch, the frame that loop callbacks share), its
 * variables and jump targets. The lowering of each construct is in files of their own that take this.
 */
import type { Span } from '../../bpf/span.ts';
import type { Constant, Unit, VariableSymbol } from '../check/model.ts';
import { InternalCompilerError } from '../fault.ts';
import { constantOperand, FunctionBuilder } from '../ir/builder.ts';
import type { AccessSize, BlockId, CompareOp, Local, Operand, Value } from '../ir/ir.ts';
import type { Expression, ForStatement } from '../syntax/ast.ts';
import { alignOf, roundUp } from '../types/make.ts';
import { isScalar } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import { loadBytes } from './bitfields.ts';
import { hasResultInMemory, isFramed, leadingKinds, leadingRegisters, wordKinds } from './function-shape.ts';
import { type ModuleLowering, SCRATCH_MAP } from './module.ts';
import { alignAt, type Place } from './place.ts';

/** Words of the frame a function shares with its loops' callbacks; captured variables follow. */
export const FRAME = {
  context: 0,
  scratch: 8,
  parent: 16,
  returned: 24,
  result: 32,
  start: 40,
  size: 48,
} as const;

/** Stack bytes a function may take for slots; the rest of the 512 is for spills and callees. */
const STACK_BUDGET = { program: 224, callback: 96 } as const;

/** Bytes of captured variables in a frame; the rest of them are in scratch memory. */
const FRAME_VARIABLES = 128;

/** Scratch memory shared by the callbacks of a program or function, and what else they need of it. */
interface ScratchUse {
  used: boolean;
  top: number;
  most: number;
  context: boolean;
  exits: boolean;
}

/** Of a function's scratch memory the first word tells whether it left the probe. */
const EXIT_WORD = 8;

export interface JumpTargets {
  readonly onBreak: BlockId;
  readonly onContinue: BlockId;
}

type Storage =
  | { readonly kind: 'local'; readonly local: Local }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'frame'; readonly offset: number }
  | { readonly kind: 'scratch'; readonly offset: number };

export class Lowering {
  readonly module: ModuleLowering;
  readonly unit: Unit;
  readonly b: FunctionBuilder;
  readonly parent: Lowering | undefined;
  /** The loop this function is the callback of. */
  readonly owner: ForStatement | undefined;
  readonly jumps: JumpTargets[] = [];
  /** A `return` inside a callback has to reach the program. */
  returnsThrough = false;
  private readonly scratch: ScratchUse;
  private readonly scratchBase: Value;
  private readonly argument: Value;
  /** A function's registers before its context. */
  private readonly leading: readonly Value[];
  private readonly extra: readonly Value[];
  private readonly frame: Value | undefined;
  private readonly frameOffsets: Map<VariableSymbol, number> = new Map();
  private readonly variables: Map<VariableSymbol, Storage> = new Map();
  private readonly body: BlockId;
  private stackUsed = 0;

  constructor(module: ModuleLowering, unit: Unit, name: string, parent?: Lowering, owner?: ForStatement) {
    this.module = module;
    this.unit = unit;
    this.parent = parent;
    this.owner = owner;
    const overMap = owner?.over.kind === 'map';
    const { subprogram } = unit;
    const registers = subprogram === undefined ? 1 : leadingRegisters(subprogram) + 2;
    this.b = new FunctionBuilder(name, parent === undefined ? registers : overMap ? 4 : 2, module.budget);
    const top = subprogram === undefined ? 0 : EXIT_WORD;
    this.scratch = parent?.scratch ?? { used: false, top, most: top, context: false, exits: false };
    const { b } = this;
    this.leading = [];
    if (parent === undefined && subprogram !== undefined) {
      this.extra = [];
      this.leading = leadingKinds(subprogram).map((kind, index) => b.parameter(index, kind));
      this.argument = b.parameter(registers - 2, 'context');
    } else if (parent === undefined) {
      this.extra = [];
      this.argument = b.parameter(0, 'context');
    } else if (overMap) {
      // The verifier knows the key as read-only memory; it is read like a map's value.
      this.extra = [b.parameter(1, 'map-value'), b.parameter(2, 'map-value')];
      this.argument = b.parameter(3, 'stack');
    } else {
      this.extra = [b.parameter(0, 'scalar')];
      this.argument = b.parameter(1, 'stack');
    }
    this.frame = this.makeFrame();
    this.scratchBase =
      parent === undefined && subprogram !== undefined
        ? b.parameter(registers - 1, 'map-value')
        : b.value('map-value-or-null');
    this.body = b.block();
    b.enter(this.body);
  }

  /** Ends the function; `result` is what falling off its end returns. */
  finish(result: bigint): void {
    const { b } = this;
    b.return(result);
    b.enter(0 as BlockId);
    if (this.parent === undefined && this.scratch.used && this.unit.subprogram === undefined)
      this.emitScratchLookup(result, this.module.scratchPrograms++);
    b.jump(this.body);
    // What a function needs is a part of what its callers do.
    if (this.unit.subprogram === undefined)
      this.module.scratchSize = Math.max(this.module.scratchSize, this.scratch.most);
    this.module.functions.push(b.finish());
  }

  private emitScratchLookup(result: bigint, program: number): void {
    const { b } = this;
    const key = b.slotAddress(b.slot('scratch_key', 4, 4));
    b.store(key, 0, 4, BigInt(program));
    b.append({
      kind: 'call-helper',
      dst: this.scratchBase,
      helper: 'map_lookup_elem',
      args: [b.mapAddress(SCRATCH_MAP), key],
    });
    const none = b.block();
    b.branch({ op: 'eq', left: this.scratchBase, right: 0n }, none, this.body, 'then');
    b.enter(none);
    b.return(result);
    b.enter(0 as BlockId);
  }

  /* ---- facts from the checker ---- */

  type(expression: Expression): Type {
    const type = this.unit.types.get(expression);
    if (type === undefined) throw new InternalCompilerError('expression without a type', expression.span);
    return settle(type);
  }

  constant(expression: Expression): Constant | undefined {
    return this.unit.constants.get(expression);
  }

  /** Runs `emit` with every instruction carrying this span. */
  at<T>(span: Span, emit: () => T): T {
    const before = this.b.span;
    this.b.span = span;
    const result = emit();
    this.b.span = before;
    return result;
  }

  /* ---- context, loop arguments ---- */

  /** The event's context, r1 of the program. */
  context(): Value {
    this.scratch.context = true;
    return this.parent === undefined
      ? this.argument
      : this.b.load(this.argument, FRAME.context, 8, false, 'context');
  }

  /** Key and value addresses of a map loop's callback, or the index of a range loop's. */
  loopArguments(): readonly Value[] {
    return this.extra;
  }

  /** The parent's frame, in a callback. */
  parentFrame(): Value {
    return this.argument;
  }

  /* ---- memory ---- */

  /** Fresh memory: the stack for what is small, else scratch. */
  allocate(
    size: number,
    align: AccessSize = 8,
    limit: number = this.module.model.settings.onStackLimit,
  ): Place {
    const bytes = roundUp(Math.max(size, 1), 8);
    if (size <= limit && this.stackUsed + bytes <= this.stackBudget()) {
      this.stackUsed += bytes;
      const base = this.b.slotAddress(this.b.slot('temporary', bytes, 8));
      return { base, offset: 0, align: align > 0 ? 8 : align, stack: true };
    }
    return this.scratchPlace(this.allocateScratch(bytes));
  }

  private stackBudget(): number {
    const usual = this.parent === undefined ? STACK_BUDGET.program : STACK_BUDGET.callback;
    return usual * this.module.features.stackShare;
  }

  private allocateScratch(bytes: number): number {
    const { scratch } = this;
    const offset = scratch.top;
    scratch.used = true;
    scratch.top += bytes;
    scratch.most = Math.max(scratch.most, scratch.top);
    return offset;
  }

  private scratchPlace(offset: number): Place {
    return { base: this.scratchPointer(), offset, align: 8, stack: false };
  }

  private scratchPointer(): Value {
    if (this.parent === undefined) return this.scratchBase;
    return this.b.load(this.argument, FRAME.scratch, 8, false, 'map-value');
  }

  /** Memory taken by `emit` is free again after it. */
  temporaries<T>(emit: () => T): T {
    const [stack, scratch] = [this.stackUsed, this.scratch.top];
    const result = emit();
    this.stackUsed = stack;
    this.scratch.top = scratch;
    return result;
  }

  /** Memory of the stack, where alone its addresses may be kept. */
  stackSlot(name: string, size: number): Value {
    this.stackUsed += size;
    return this.b.slotAddress(this.b.slot(name, size, 8));
  }

  /** Scratch memory for a function that is called: above what is in use here. */
  scratchForCall(bytes: number): Value {
    const { scratch } = this;
    scratch.used = true;
    scratch.most = Math.max(scratch.most, scratch.top + bytes);
    return this.b.binary('add', this.scratchPointer(), BigInt(scratch.top));
  }

  /* ---- functions ---- */

  /** The words a function is given: arguments, then the address of a result in memory. */
  argumentWords(): readonly Value[] {
    const subprogram = this.unit.subprogram!;
    if (!isFramed(subprogram)) return this.leading;
    const frame = this.leading[0]!;
    return wordKinds(subprogram).map((kind, index) => this.b.load(frame, index * 8, 8, false, kind));
  }

  /** Where a function writes its result. */
  resultPlace(): Place {
    const base =
      this.parent === undefined
        ? this.argumentWords().at(-1)!
        : this.b.load(this.argument, FRAME.result, 8, false, 'stack');
    return { base, offset: 0, align: 8, stack: true };
  }

  /** Tells the callers that the probe is left. */
  markExit(): void {
    this.scratch.used = true;
    this.scratch.exits = true;
    this.b.store(this.scratchPointer(), 0, 8, 1n);
  }

  /** What a finished function needs of its callers. */
  needs(): { readonly context: boolean; readonly scratch: number; readonly exits: boolean } {
    const { context, used, most, exits } = this.scratch;
    return { context, scratch: used ? most : 0, exits };
  }

  private makeFrame(): Value | undefined {
    let size: number = FRAME.size;
    const mine = [...new Set(this.unit.variables.values())].filter(
      (symbol) => symbol.captured && symbol.owner === this.owner,
    );
    for (const symbol of mine) {
      const bytes = symbol.type?.size ?? 8;
      if (size + bytes > FRAME.size + FRAME_VARIABLES * this.module.features.stackShare) continue;
      if (symbol.type !== undefined && !isScalar(symbol.type) && bytes > 32) continue;
      this.frameOffsets.set(symbol, size);
      size += roundUp(bytes, 8);
    }
    if (!this.hasLoops()) return undefined;
    this.stackUsed += size;
    return this.b.slotAddress(this.b.slot('frame', size, 8));
  }

  private hasLoops(): boolean {
    return this.unit.loopOwners.has(this.owner);
  }

  /** The frame this function passes to its loops' callbacks. */
  ownFrame(): Value {
    if (this.frame === undefined) throw new InternalCompilerError('loop without a frame', this.b.span);
    return this.frame;
  }

  /** Fills the fixed words of the frame before a loop runs. */
  fillFrame(): Value {
    const { b } = this;
    const frame = this.ownFrame();
    b.store(frame, FRAME.context, 8, this.context());
    if (this.scratch.used) b.store(frame, FRAME.scratch, 8, this.scratchPointer());
    if (this.parent !== undefined) b.store(frame, FRAME.parent, 8, this.argument);
    b.store(frame, FRAME.returned, 8, 0n);
    if (this.unit.subprogram !== undefined && hasResultInMemory(this.unit.subprogram))
      b.store(frame, FRAME.result, 8, this.resultPlace().base);
    return frame;
  }

  /* ---- variables ---- */

  declare(symbol: VariableSymbol, type: Type): void {
    const { b } = this;
    const offset = this.frameOffsets.get(symbol);
    if (offset !== undefined && this.frame !== undefined)
      this.variables.set(symbol, { kind: 'frame', offset });
    else if (isScalar(type) && !symbol.captured && symbol.addressed !== true)
      this.variables.set(symbol, { kind: 'local', local: b.local(symbol.name) });
    else if (symbol.captured) {
      this.variables.set(symbol, { kind: 'scratch', offset: this.allocateScratch(roundUp(type.size, 8)) });
    } else this.variables.set(symbol, { kind: 'place', place: this.allocate(type.size, alignOf(type)) });
  }

  /** A variable in memory that is there. */
  bindPlace(symbol: VariableSymbol, place: Place): void {
    this.variables.set(symbol, { kind: 'place', place });
  }

  isDeclared(symbol: VariableSymbol): boolean {
    return this.variables.has(symbol) || (this.parent?.isDeclared(symbol) ?? false);
  }

  /** The register variable, or undefined when it lives in memory. */
  localOf(symbol: VariableSymbol): Local | undefined {
    const storage = this.variables.get(symbol);
    return storage?.kind === 'local' ? storage.local : undefined;
  }

  placeOf(symbol: VariableSymbol): Place {
    const storage = this.variables.get(symbol);
    if (storage === undefined) return this.outerPlace(symbol);
    switch (storage.kind) {
      case 'place':
        return storage.place;
      case 'frame':
        return { base: this.ownFrame(), offset: storage.offset, align: 8, stack: true };
      case 'scratch':
        return this.scratchPlace(storage.offset);
      case 'local':
        throw new InternalCompilerError(`$${symbol.name} has no address`, this.b.span);
    }
  }

  /** A captured variable: walks the frames outward to its function. */
  private outerPlace(symbol: VariableSymbol): Place {
    let frame: Value = this.argument;
    for (let outer = this.parent; outer !== undefined; outer = outer.parent) {
      const storage = outer.variables.get(symbol);
      if (storage?.kind === 'scratch') return this.scratchPlace(storage.offset);
      if (storage?.kind === 'frame') return { base: frame, offset: storage.offset, align: 8, stack: true };
      if (outer.parent !== undefined) frame = this.b.load(frame, FRAME.parent, 8, false, 'stack');
    }
    throw new InternalCompilerError(`$${symbol.name} is not visible`, this.b.span);
  }

  /* ---- small things ---- */

  constantValue(value: bigint | number): Operand {
    return constantOperand(value);
  }

  /** Loads a scalar of this type, widened to 64 bits by its sign. */
  loadScalar(place: Place, type: Type): Value {
    if (place.stack && place.align < type.size) return this.loadPieces(place, type);
    return this.b.load(
      place.base,
      place.offset,
      type.size as AccessSize,
      type.kind === 'integer' && type.signed,
    );
  }

  /** The stack is read at aligned places only; packed structs have others. */
  private loadPieces(place: Place, type: Type): Value {
    const value = loadBytes(this, place, type.size);
    if (type.kind !== 'integer' || !type.signed || type.size === 8) return value;
    return this.b.extend(value, (type.size * 8) as 8 | 16 | 32, true);
  }

  storeScalar(place: Place, type: Type, value: Operand): void {
    const size = type.size as AccessSize;
    if (place.align >= size) {
      this.b.store(place.base, place.offset, size, value);
      return;
    }
    // The stack takes aligned stores only.
    const step = alignAt(place.align, 0);
    for (let at = 0; at < size; at += step) {
      const part = at === 0 ? value : this.b.binary('lshr', value, BigInt(at * 8));
      this.b.store(place.base, place.offset + at, step, part);
    }
  }

  /** A block for code that rarely runs, entered by `branch`; control comes back after it. */
  rarely(
    condition: { readonly op: CompareOp; readonly left: Operand; readonly right: Operand | bigint },
    emit: () => void,
  ): void {
    const { b } = this;
    const [rare, after] = [b.block(), b.block()];
    b.branch(condition, rare, after, 'then');
    b.enter(rare);
    emit();
    b.jump(after);
    b.enter(after);
  }

  unsupportedHere(what: string): never {
    throw new InternalCompilerError(what, this.b.span);
  }
}
