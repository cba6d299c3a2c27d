/**
 * Program types: number, context, which context fields it may touch, whether `BPF_PROG_TEST_RUN` serves it. The names
 * of ELF sections are in `sections.ts`, the structures in `contexts.ts`.
 */
import { CONTEXTS, type ContextLayout, type ContextName } from './contexts.ts';
import type { KernelRelease } from './kernel-release.ts';
import { type PROGRAM_TYPE_NAMES, PROGRAM_TYPES } from './tables/program-types.ts';

export { PROGRAM_TYPES };

/** Name without `BPF_PROG_TYPE_`, in small letters, as libbpf and bpftool print it. */
export type ProgramTypeName = (typeof PROGRAM_TYPE_NAMES)[number];

export interface ProgramType {
  /** Number in `enum bpf_prog_type`. */
  readonly id: number;
  readonly name: ProgramTypeName;
  /**
   * Structure behind r1. Null where it has no fixed one: `tracepoint` (the event's record), `tracing`, `lsm`,
   * `struct_ops` and `ext` (arguments by BTF, eight bytes each), `syscall` (the caller's bytes), `lirc_mode2` (one u32).
   */
  readonly context: ContextName | null;
  /** Fields of the context this type can never read. */
  readonly unreadable: readonly string[];
  /** Fields it may write; its attach type may allow fewer. */
  readonly writable: readonly string[];
  /** `BPF_PROG_TEST_RUN` runs it. */
  readonly testRun: boolean;
  readonly since: KernelRelease;
}

const BY_NAME: ReadonlyMap<string, ProgramType> = new Map(PROGRAM_TYPES.map((type) => [type.name, type]));
const BY_ID: ReadonlyMap<number, ProgramType> = new Map(PROGRAM_TYPES.map((type) => [type.id, type]));

/** The row of a type. */
export function programType(name: ProgramTypeName): ProgramType {
  return BY_NAME.get(name)!;
}

/** The row of a name from outside, with or without `BPF_PROG_TYPE_`, in any case. */
export function findProgramType(name: string): ProgramType | undefined {
  return BY_NAME.get(name.replace(/^BPF_PROG_TYPE_/i, '').toLowerCase());
}

/** The row of a number in `enum bpf_prog_type`. */
export function programTypeById(id: number): ProgramType | undefined {
  return BY_ID.get(id);
}

/** The fixed structure behind r1, if the type has one. */
export function contextOf(type: ProgramType): ContextLayout | undefined {
  return type.context === null ? undefined : CONTEXTS[type.context];
}
