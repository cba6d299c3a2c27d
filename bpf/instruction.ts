/**
 * One BPF instruction as all rooms exchange it: decoded, with symbolic references and its span.
 * An opcode name is a superset of the wire byte: signed division, sign-extending moves, byte swaps and atomic
 * operations have names of their own although the wire hides them in `off` or `imm` (RFC 9669 section 4).
 */
import type { CoreRelocation } from './core/relocation.ts';
import type { OpName } from './opcodes.ts';
import type { Span } from './span.ts';

/** r0 ... r10; r10 is the read-only frame pointer. */
export type Register = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10;

/** What a jump, call or wide load names before it is resolved to numbers. */
export type Reference =
  /** A jump target: the label of an instruction of the same function. */
  | { readonly kind: 'label'; readonly name: string }
  /** `lddw` of a map (BPF_PSEUDO_MAP_FD). */
  | { readonly kind: 'map'; readonly name: string }
  /** `lddw` of an address inside a map's first value (BPF_PSEUDO_MAP_VALUE); `offset` in bytes. */
  | { readonly kind: 'map-value'; readonly name: string; readonly offset: number }
  /** A BPF-to-BPF call (BPF_PSEUDO_CALL) or `lddw` of a callback's address (BPF_PSEUDO_FUNC). */
  | { readonly kind: 'function'; readonly name: string }
  /** A kernel function call (BPF_PSEUDO_KFUNC_CALL). */
  | { readonly kind: 'kfunc'; readonly name: string }
  /** `lddw` of a kernel variable (BPF_PSEUDO_BTF_ID). */
  | { readonly kind: 'ksym'; readonly name: string };

export interface Instruction {
  readonly op: OpName;
  readonly dst: Register;
  /** Source register, or the pseudo value of `call` and `lddw`. */
  readonly src: Register;
  /** Signed 16 bits: memory offset, or jump distance in slots counted from the next slot (unresolved while `ref` is a label). */
  readonly off: number;
  /** Signed 32 bits; for `lddw` the low half. */
  readonly imm: number;
  /** High half of a `lddw`, signed 32 bits; absent otherwise. */
  readonly immHigh?: number;
  readonly ref?: Reference;
  /** What of the target kernel's types the immediate or offset stands for, until it is relocated. */
  readonly core?: CoreRelocation;
  /** Name by which jumps of this function reach this instruction. */
  readonly label?: string;
  readonly span?: Span;
}
