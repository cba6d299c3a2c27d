/**
 * Where a value came from: back along the path that failed, through moves, arithmetic, spills, fills and calls, to what no
 * instruction of the program made. Each entry is a step that shaped the value.
 */
import { CallKind } from '../../bpf/fields.ts';
import type { Insn } from '../instruction.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import type { Step } from './path.ts';
import { type Definition, definitionOf, type Source } from './uses.ts';

export type Origin =
  /** An instruction made the value out of others (`made`), copied it, or got it from outside the program. */
  | {
      readonly kind: 'made' | 'copied' | 'spilled' | 'filled' | 'outside';
      readonly slot: number;
      readonly register: number;
      readonly before?: Register;
      readonly after: Register;
    }
  /** A conditional jump told more of it. */
  | {
      readonly kind: 'narrowed';
      readonly slot: number;
      readonly register: number;
      readonly before: Register;
      readonly after: Register;
    }
  /** A call took the value away: it does not keep r1 to r5, and what it releases or moves is no pointer any more. */
  | {
      readonly kind: 'lost';
      readonly slot: number;
      readonly register: number;
      readonly before: Register;
      readonly after: Register;
    }
  /** A store on the stack that left no register there to follow: a constant, or a part only. */
  | { readonly kind: 'stored'; readonly slot: number; readonly register: number; readonly after: Register }
  /** The function that called this one back gave it. */
  | { readonly kind: 'given'; readonly slot: number; readonly register: number; readonly after: Register }
  /** It was there when the program (or a function verified by itself) began. */
  | { readonly kind: 'entry'; readonly register: number; readonly after: Register };

/** Entries of one trace: more are no explanation. */
const ENTRIES = 12;

export class Tracer {
  readonly #steps: readonly Step[];
  readonly #insns: readonly Insn[];

  constructor(steps: readonly Step[], insns: readonly Insn[]) {
    this.#steps = steps;
    this.#insns = insns;
  }

  /** From the latest shaping of register `register` before step `at` back to its beginning. */
  trace(register: number, at: number = this.#steps.length - 1): readonly Origin[] {
    const origins: Origin[] = [];
    let wanted = register;
    let index = at;
    while (index >= 0 && origins.length < ENTRIES) {
      const found = this.#definition(wanted, index, origins);
      if (found === undefined) break;
      const next = this.#follow(found.source, found.index);
      if (next === undefined) break;
      origins.push(...next.origins);
      wanted = next.register;
      index = next.index;
    }
    return origins;
  }

  /** The step before `from` that wrote `register`, with the branches after it that narrowed the value. */
  #definition(
    register: number,
    from: number,
    origins: Origin[],
  ): { readonly index: number; readonly source: Source } | undefined {
    const { frame } = this.#steps[from]!;
    for (let index = from - 1; index >= 0; index--) {
      const step = this.#steps[index]!;
      if (step.frame > frame) continue;
      const after = this.#after(index, frame)?.registers[register];
      if (step.frame < frame) {
        return this.#argument(index, register, origins);
      }
      const insn = this.#insns[step.slot]!;
      const definition = definitionOf(insn);
      if (definition?.register === register && after !== undefined) {
        return this.#defined(index, definition, after, origins);
      }
      const before = step.registers[register]!;
      if (after !== undefined && isCall(insn) && isLoss(before, after)) {
        origins.push({ kind: 'lost', slot: step.slot, register, before, after });
      }
      if (after !== undefined && before !== after && isConditional(insn) && narrows(before, after)) {
        origins.push({ kind: 'narrowed', slot: step.slot, register, before, after });
      }
    }
    const first = this.#steps[0]?.registers[register];
    if (first !== undefined && first.kind !== Kind.notInit)
      origins.push({ kind: 'entry', register, after: first });
    return undefined;
  }

  /** The function began after step `index`: its arguments are the caller's registers, of a callback some of them. */
  #argument(
    index: number,
    register: number,
    origins: Origin[],
  ): { readonly index: number; readonly source: Source } | undefined {
    const { registers, slot } = this.#steps[index]!;
    if (this.#insns[slot]!.src === CallKind.local || register === FRAME_POINTER) {
      return { index, source: { kind: 'register', register } };
    }
    const after = this.#steps[index + 1]!.registers[register]!;
    if (after.kind === Kind.notInit) return undefined;
    const given = after.kind === Kind.scalar ? -1 : registers.findIndex((one) => isSamePointer(one, after));
    origins.push({ kind: 'given', slot, register, after });
    return given < 0 ? undefined : { index, source: { kind: 'register', register: given } };
  }

  #defined(
    index: number,
    { register, sources, copy }: Definition,
    after: Register,
    origins: Origin[],
  ): { readonly index: number; readonly source: Source } | undefined {
    const step = this.#steps[index]!;
    const source = this.#mostTelling(step, sources);
    const before = step.registers[register];
    const known = before === undefined || before.kind === Kind.notInit ? {} : { before };
    const kind = source.kind === 'fresh' ? 'outside' : copy ? 'copied' : 'made';
    if (source.kind === 'memory' && this.#spillOf(source, index) === undefined) {
      origins.push({ kind: 'outside', slot: step.slot, register, after });
      const store = this.#storeOf(source, index);
      if (store !== undefined) {
        origins.push({ kind: 'stored', slot: this.#steps[store]!.slot, register, after });
      }
      return undefined;
    }
    const entry = source.kind === 'memory' ? 'filled' : kind;
    origins.push({ kind: entry, slot: step.slot, register, ...(entry === 'made' ? known : {}), after });
    return source.kind === 'fresh' ? undefined : { index, source };
  }

  /** Of two operands the one that is not a constant; of a pointer and a number the number: it is what varies. */
  #mostTelling(step: Step, sources: readonly Source[]): Source {
    const [first, second] = sources;
    if (second === undefined || second.kind !== 'register' || first?.kind !== 'register') return first!;
    const own = step.registers[first.register]!;
    const other = step.registers[second.register]!;
    if (own.kind !== Kind.scalar && other.kind === Kind.scalar && !other.scalar.bits.isConstant())
      return second;
    if (own.kind === Kind.scalar && own.scalar.bits.isConstant()) return second;
    return first;
  }

  /** One step back from the definition at `index`. */
  #follow(
    source: Source,
    index: number,
  ): { readonly index: number; readonly register: number; readonly origins: readonly Origin[] } | undefined {
    if (source.kind === 'fresh') return undefined;
    if (source.kind === 'register') return { index, register: source.register, origins: [] };
    const spill = this.#spillOf(source, index);
    if (spill === undefined) return undefined;
    const step = this.#steps[spill]!;
    const { src } = this.#insns[step.slot]!;
    const after = step.registers[src]!;
    return {
      index: spill,
      register: src,
      origins: [{ kind: 'spilled', slot: step.slot, register: src, after }],
    };
  }

  /** The step that stored a register into the stack slot which step `index` loads, whole. */
  #spillOf(source: Source & { kind: 'memory' }, index: number): number | undefined {
    const at = this.#storeOf(source, index);
    if (at === undefined) return undefined;
    const load = this.#insns[this.#steps[index]!.slot]!;
    const { slot, registers } = this.#steps[at]!;
    const store = this.#insns[slot]!;
    const place = this.#steps[index]!.registers[source.base]!.off + source.off;
    const isWhole = registers[store.dst]!.off + store.off === place && store.size >= load.size;
    return store.class === STX && store.mode === MEM && isWhole ? at : undefined;
  }

  /** The last step that stored any of the bytes of the stack which step `index` loads. */
  #storeOf({ base, off }: Source & { kind: 'memory' }, index: number): number | undefined {
    const step = this.#steps[index]!;
    const address = step.registers[base]!;
    if (address.kind !== Kind.stack) return undefined;
    const begin = address.off + off;
    const end = begin + this.#insns[step.slot]!.size;
    for (let at = index - 1; at >= 0; at--) {
      const earlier = this.#steps[at]!;
      const insn = this.#insns[earlier.slot]!;
      if (insn.class !== ST && insn.class !== STX) continue;
      const target = earlier.registers[insn.dst]!;
      if (target.kind !== Kind.stack || target.extra !== address.extra) continue;
      const stored = target.off + insn.off;
      if (stored < end && stored + insn.size > begin) return at;
    }
    return undefined;
  }

  /** The next step in the same frame. */
  #after(index: number, frame: number): Step | undefined {
    for (let next = index + 1; next < this.#steps.length; next++) {
      const step = this.#steps[next]!;
      if (step.frame === frame) return step;
      if (step.frame < frame) return undefined;
    }
    return undefined;
  }
}

function isConditional(insn: Insn): boolean {
  const jump = insn.class === 5 || insn.class === 6;
  return jump && insn.operation !== 0 && insn.operation !== 0x80 && insn.operation !== 0x90;
}

const CALL = 0x80;
const ST = 2;
const STX = 3;
const MEM = 0x60;
const FRAME_POINTER = 10;

function isCall(insn: Insn): boolean {
  return insn.class === 5 && insn.operation === CALL;
}

function isLoss(before: Register, after: Register): boolean {
  if (before.kind === Kind.notInit || before.kind === after.kind) return false;
  return after.kind === Kind.notInit || after.kind === Kind.scalar;
}

function isSamePointer(left: Register, right: Register): boolean {
  if (left === right) return true;
  return left.kind === right.kind && left.off === right.off && left.scalar.equals(right.scalar);
}

function narrows(before: Register, after: Register): boolean {
  return before.flags !== after.flags || !before.scalar.equals(after.scalar) || before.extra !== after.extra;
}
