/**
 * One function of a generated program while it is written: what the generator believes of its registers and stack, and
 * the small steps statements are made of. Beliefs are those of a careful author; mistakes are made on purpose (`wrong`).
 *
 *   r0 result, r1 ... r5 arguments, r6 ... r9 homes that outlive calls; the context lives in r6 or at fp-8
 */
import type { OpName } from '../../../bpf/opcodes.ts';
import type { Dice } from './dice.ts';
import type { Emitter, Label } from './emitter.ts';
import type { KfuncSet, ProgramKind } from './kinds.ts';
import { type MapName, SLEEPABLE_MAPS } from './maps.ts';
import type { Plan } from './plan.ts';

export type ValueKind = 'none' | 'scalar' | 'memory' | 'context' | 'other';

/** What a register is believed to hold. */
export interface Value {
  readonly kind: ValueKind;
  /** Of a scalar: no greater, as 64 bits without sign. Of memory: bytes that may be accessed. */
  readonly limit: number;
  readonly writable: boolean;
}

export const NONE: Value = { kind: 'none', limit: 0, writable: false };
export const UNKNOWN: Value = { kind: 'scalar', limit: Number.POSITIVE_INFINITY, writable: false };
export const OTHER: Value = { kind: 'other', limit: 0, writable: false };
export const CONTEXT: Value = { kind: 'context', limit: 0, writable: false };
export const FP = 10;

export function scalar(limit: number): Value {
  return { kind: 'scalar', limit, writable: false };
}

export function memory(limit: number, writable: boolean): Value {
  return { kind: 'memory', limit, writable };
}

/** A place several paths come together at. */
export interface Join {
  readonly label: Label;
  state: Snapshot | undefined;
}

interface Snapshot {
  readonly values: readonly Value[];
  readonly spills: readonly (Value | undefined)[];
}

const LOCKING: ReadonlySet<MapName> = new Set(['locks', 'lists', 'timers', 'works']);

/** Slots of eight bytes. */
const SLOTS = 64;

export class Body {
  readonly plan: Plan;
  readonly dice: Dice;
  readonly out: Emitter;
  readonly kind: ProgramKind;
  readonly values: Value[] = new Array<Value>(11).fill(NONE);
  /** By slot from fp down: what was spilled there last, as far as statements keep track. */
  readonly spills: (Value | undefined)[] = new Array<Value | undefined>(SLOTS).fill(undefined);
  /** Slots that hold something no statement may write over. */
  readonly taken: Uint8Array = new Uint8Array(SLOTS);
  /** Bits of registers the statement at hand needs. */
  held = 0;
  /** Slots of stack this function uses. */
  readonly slots: number;
  readonly contextHome: 'r6' | 'stack' | 'none';
  /** How deep in calls, blocks, loops, and regions. */
  readonly depth: number;
  nesting = 0;
  loops = 0;
  /** References held: leaving early would leak them. */
  references = 0;
  /** Inside a lock or another region without calls. */
  quiet = 0;
  /** What statements of this function may return. */
  readonly returns: readonly [number, number];
  /** Where the statement at hand gives up. */
  bail: Join | undefined;

  constructor(
    plan: Plan,
    options: {
      readonly slots: number;
      readonly depth: number;
      readonly contextHome: 'r6' | 'stack' | 'none';
      readonly returns: readonly [number, number];
    },
  ) {
    this.plan = plan;
    this.dice = plan.dice;
    this.out = plan.out;
    this.kind = plan.kind;
    this.slots = options.slots;
    this.depth = options.depth;
    this.contextHome = options.contextHome;
    this.returns = options.returns;
    if (this.contextHome === 'stack') this.taken[0] = 1;
  }

  // Instructions

  op(name: OpName, dst = 0, src = 0, off = 0, imm = 0): void {
    this.out.op(name, dst, src, off, imm);
  }

  mov(dst: number, src: number): void {
    this.op('mov64_x', dst, src);
    this.values[dst] = src === FP ? OTHER : this.values[src]!;
  }

  movK(dst: number, imm: number): void {
    this.op('mov64_k', dst, 0, 0, imm);
    this.values[dst] = scalar(imm >= 0 ? imm : Number.POSITIVE_INFINITY);
  }

  set(register: number, value: Value): void {
    this.values[register] = value;
  }

  /** After any call: r0 has the result, the arguments are gone. */
  called(result: Value): void {
    this.values[0] = result;
    for (let i = 1; i <= 5; i++) this.values[i] = NONE;
  }

  helper(id: number, result: Value = UNKNOWN): void {
    this.op('call', 0, 0, 0, id);
    this.called(result);
  }

  kfunc(name: string, result: Value = OTHER): void {
    this.out.callKfunc(name);
    this.called(result);
  }

  map(dst: number, name: MapName): void {
    this.out.map(dst, this.plan.map(name));
    this.values[dst] = OTHER;
  }

  mapValue(dst: number, name: MapName, off: number): void {
    this.out.mapValue(dst, this.plan.map(name), off);
    this.values[dst] = OTHER;
  }

  /** dst = fp - bytes from the top. */
  stackAddress(dst: number, off: number): void {
    this.op('mov64_x', dst, FP);
    this.op('add64_k', dst, 0, 0, off);
    this.values[dst] = OTHER;
  }

  /** r = the context; false where this function has none. */
  context(dst: number): boolean {
    if (this.dice.wrong()) return false;
    if (this.contextHome === 'none') return false;
    if (this.contextHome === 'r6') this.op('mov64_x', dst, 6);
    else this.op('ldx64', dst, FP, -8);
    this.values[dst] = CONTEXT;
    return true;
  }

  // Registers

  hold(register: number): number {
    this.held |= 1 << register;
    return register;
  }

  drop(register: number): void {
    this.held &= ~(1 << register);
  }

  isFree(register: number): boolean {
    if ((this.held & (1 << register)) !== 0) return false;
    return register !== 6 || this.contextHome !== 'r6';
  }

  /** A register to write, held from now on. */
  fresh(): number {
    for (let tries = 0; tries < 12; tries++) {
      const register = this.dice.below(10);
      if (this.isFree(register)) return this.hold(register);
    }
    for (let register = 0; register < 10; register++) if (this.isFree(register)) return this.hold(register);
    return 9;
  }

  /** A register that outlives calls, held from now on. */
  home(): number {
    const first = this.dice.below(4);
    for (let i = 0; i < 4; i++) {
      const register = 6 + ((first + i) & 3);
      if (this.isFree(register)) return this.hold(register);
    }
    return this.fresh();
  }

  /** A register with a scalar in it, not held. */
  scalar(): number {
    if (this.dice.wrong()) return this.dice.below(11);
    const first = this.dice.below(10);
    for (let i = 0; i < 10; i++) {
      const register = (first + i) % 10;
      if (this.values[register]!.kind === 'scalar') return register;
    }
    const register = this.fresh();
    this.drop(register);
    this.movK(register, this.dice.below(256));
    return register;
  }

  /** A scalar in a register that is none of these. */
  scalarBut(...others: readonly number[]): number {
    for (const other of others) this.held |= 1 << other;
    const register = this.scalar();
    if (!others.includes(register)) return register;
    const to = this.fresh();
    this.movK(to, 1);
    return to;
  }

  /** A scalar in a register of the statement's own. */
  scalarCopy(): number {
    const from = this.scalar();
    const to = this.fresh();
    this.mov(to, from);
    if (this.values[to]!.kind !== 'scalar') this.set(to, UNKNOWN);
    return to;
  }

  // Stack

  /** Offset from fp of `count` slots side by side that nothing lives in; not taken. */
  stack(count: number): number {
    const last = this.slots - count;
    for (let tries = 0; tries < 16; tries++) {
      const first = this.dice.below(last + 1);
      if (this.#isClear(first, count)) return this.#use(first, count);
    }
    for (let first = 0; first <= last; first++)
      if (this.#isClear(first, count)) return this.#use(first, count);
    return -8 * this.slots;
  }

  /** Makes slots at an offset nobody else's until given back. */
  take(off: number, count: number, taken: 0 | 1 = 1): void {
    const first = slotOf(off, count);
    for (let i = first; i < first + count && i < SLOTS; i++) this.taken[i] = taken;
  }

  #isClear(first: number, count: number): boolean {
    for (let i = first; i < first + count; i++) if (this.taken[i] !== 0) return false;
    return true;
  }

  #use(first: number, count: number): number {
    for (let i = first; i < first + count; i++) this.spills[i] = undefined;
    return -8 * (first + count);
  }

  /** Eight bytes of zeros, constants or scalars at each slot. */
  fill(off: number, count: number): void {
    for (let i = 0; i < count; i++) {
      if (this.dice.wrong()) continue;
      if (this.dice.below(3) > 0) this.op('st64', FP, 0, off + i * 8, this.dice.below(3));
      else this.op('stx64', FP, this.scalar(), off + i * 8);
    }
  }

  // Paths

  join(): Join {
    return { label: this.out.label(), state: undefined };
  }

  /** A conditional jump to a place that is yet to come. */
  jump(name: OpName, dst: number, src: number, imm: number, to: Join): void {
    this.leaveFor(to);
    this.out.jump(name, dst, src, imm, to.label);
  }

  goto(to: Join): void {
    this.leaveFor(to);
    this.out.goto(to.label, this.dice.chance(0.15) && this.mark('gotol'));
  }

  leaveFor(to: Join): void {
    to.state = to.state === undefined ? this.snapshot() : merged(to.state, this);
  }

  /** Paths meet here: what not all of them know is forgotten. */
  arrive(at: Join, falls = true): void {
    this.out.place(at.label);
    if (at.state === undefined) return;
    this.restore(falls ? merged(at.state, this) : at.state);
  }

  snapshot(): Snapshot {
    return { values: this.values.slice(), spills: this.spills.slice() };
  }

  restore({ values, spills }: Snapshot): void {
    for (let i = 0; i < values.length; i++) this.values[i] = values[i]!;
    for (let i = 0; i < SLOTS; i++) this.spills[i] = spills[i];
  }

  /** Where a failed check goes: the end of the statement. */
  giveUp(): Join {
    this.bail ??= this.join();
    return this.bail;
  }

  /** Ends the program here with a value it may return. */
  leave(): void {
    this.returnValue();
    this.op('exit');
  }

  returnValue(): void {
    const [low, high] = this.returns;
    const { dice } = this;
    if (dice.wrong()) {
      if (dice.chance(0.5)) this.movK(0, dice.of([2, -1, 5, 70000]));
      return;
    }
    if (high - low > 1000 && this.values[0]!.kind === 'scalar' && dice.chance(0.4)) return;
    this.movK(0, dice.between(Math.max(low, -2), Math.min(high, 6)));
  }

  /** Notes that the program has a feature. Always true, for use in conditions. */
  mark(feature: string): boolean {
    this.plan.features.add(feature);
    return true;
  }

  /** True when programs of this kind may use the map. */
  allows(map: MapName): boolean {
    if (LOCKING.has(map) && !this.kind.locks) return this.dice.wrong();
    return this.kind.sleepable !== true || SLEEPABLE_MAPS.has(map) || this.dice.wrong();
  }

  hasKfuncs(set: KfuncSet): boolean {
    return this.kind.kfuncs.has(set) || this.dice.wrong();
  }

  can(helper: string): boolean {
    return this.kind.helpers.has(helper) || this.dice.wrong();
  }
}

export function slotOf(off: number, count: number): number {
  return -off / 8 - count;
}

function merged(
  a: Snapshot,
  b: { readonly values: readonly Value[]; readonly spills: readonly (Value | undefined)[] },
): Snapshot {
  const values = a.values.map((value, i) => both(value, b.values[i]!));
  const spills = a.spills.map((value, i) => {
    const other = b.spills[i];
    if (value === undefined || other === undefined) return undefined;
    const common = both(value, other);
    return common.kind === 'none' ? undefined : common;
  });
  return { values, spills };
}

function both(a: Value, b: Value): Value {
  if (a === b) return a;
  if (a.kind !== b.kind || a.kind === 'other') return NONE;
  if (a.kind === 'memory') return a.limit <= b.limit ? a : b;
  return a.limit >= b.limit ? a : b;
}
