/** What relocating tells: each relocation with its values, and what went wrong. Plain data. */
import type { Severity } from '../diagnostic.ts';
import type { Span } from '../span.ts';
import type { CoreRelocation } from './relocation.ts';

/** Where an instruction stood before relocation. */
export interface CorePlace {
  readonly function: string;
  /** Of the instruction in its function. */
  readonly instruction: number;
  /** Its eight-byte slot, as libbpf and the kernel count. */
  readonly slot: number;
  readonly span?: Span;
}

/**
 * `patched`: the value is in. `poisoned`: the target has no such thing and the instruction became an invalid call, which
 * no kernel accepts where it can be reached. `failed`: the instruction is as it was, with its relocation; see the problem.
 */
export type CoreOutcome = 'patched' | 'poisoned' | 'failed';

export interface AppliedRelocation extends CorePlace {
  readonly relocation: CoreRelocation;
  readonly outcome: CoreOutcome;
  /** In libbpf's words, of the object's own types; absent when the access string makes no sense. */
  readonly local?: string;
  /** Of the target's types; absent when nothing in them matches. */
  readonly target?: string;
  /** Whose type it is; absent: the kernel's own. */
  readonly module?: string;
  /** Where a patched value is. */
  readonly operand?: 'imm' | 'imm64' | 'off';
  /** What the instruction held; 64 bits, unsigned. Of patched ones. */
  readonly oldValue?: bigint;
  /** What it holds now; 64 bits, unsigned. Of patched ones. */
  readonly newValue?: bigint;
  /** Bytes loaded or stored, where they changed. */
  readonly memory?: { readonly old: number; readonly value: number };
  /** A poisoned instruction that no program comes to, as checks for existence came out. */
  readonly guarded?: boolean;
}

export interface CoreProblem extends CorePlace {
  /** `warning`: the program loads only if the kernel never reaches the instruction. */
  readonly severity: Severity;
  /** One line without the place. */
  readonly message: string;
}
