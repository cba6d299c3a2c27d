/** What an instruction writes and what its result comes from, for walking a path backwards. */
import { CallKind } from '../../bpf/fields.ts';
import type { Insn } from '../instruction.ts';

/** Where a value comes from, one step back. */
export type Source =
  | { readonly kind: 'register'; readonly register: number }
  /** The memory at `off` from a register: a stack slot, or whatever else the register points to. */
  | { readonly kind: 'memory'; readonly base: number; readonly off: number }
  /** Nothing on the path before: a constant, a call's result, what was loaded from elsewhere. */
  | { readonly kind: 'fresh' };

export interface Definition {
  /** Register written. */
  readonly register: number;
  readonly sources: readonly Source[];
  /** The value is the source's own. */
  readonly copy: boolean;
}

const FRESH: readonly Source[] = [{ kind: 'fresh' }];
const MOV = 0xb0;
/** BPF_NEG and BPF_END work on their destination alone. */
const NEG = 0x80;
const END = 0xd0;
const CALL = 0x80;
/** `BPF_ATOMIC` mode, the bit of fetching operations, and compare-exchange. */
const ATOMIC = 0xc0;
const FETCH = 1;
const CMPXCHG = 0xf1;

/** What the instruction writes into a register, if it does. Calls write r0 (and forget r1 to r5). */
export function definitionOf(insn: Insn): Definition | undefined {
  const { dst, src } = insn;
  switch (insn.class) {
    case 0:
      return { register: insn.mode === 0 ? dst : 0, sources: FRESH, copy: false };
    case 1:
      return { register: dst, sources: [{ kind: 'memory', base: src, off: insn.off }], copy: true };
    case 3:
      return atomicDefinition(insn);
    case 4:
    case 7:
      return { register: dst, sources: aluSources(insn), copy: insn.operation === MOV };
    case 5:
      return insn.operation === CALL ? { register: 0, sources: callSources(insn), copy: true } : undefined;
    default:
      return undefined;
  }
}

function aluSources(insn: Insn): readonly Source[] {
  const own: Source = { kind: 'register', register: insn.dst };
  if (insn.operation === NEG || insn.operation === END) return [own];
  const other: Source = { kind: 'register', register: insn.src };
  if (insn.operation === MOV) return insn.usesSource ? [other] : FRESH;
  return insn.usesSource && insn.src !== insn.dst ? [own, other] : [own];
}

/** A function of the program gives what its own r0 was. */
function callSources(insn: Insn): readonly Source[] {
  return insn.src === CallKind.local ? [{ kind: 'register', register: 0 }] : FRESH;
}

/** Fetching atomics load the old value; cmpxchg gives it in r0. */
function atomicDefinition(insn: Insn): Definition | undefined {
  if (insn.mode !== ATOMIC || (insn.imm & FETCH) === 0) return undefined;
  const memory: Source = { kind: 'memory', base: insn.dst, off: insn.off };
  return { register: insn.imm === CMPXCHG ? 0 : insn.src, sources: [memory], copy: true };
}
