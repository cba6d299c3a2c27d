/**
 * `KernelInfo`: what a compiler and a verifier may ask about the kernel they serve. Every part may be absent, and what
 * is absent is answered with a diagnostic at the user's span: never a zero, never a guess.
 */
import type { Btf } from './btf/btf.ts';
import type { EventFormat } from './event-format.ts';

/** The tracepoints a kernel has, by `system:event`. */
export interface TracepointCatalog {
  find(system: string, event: string): EventFormat | undefined;
  /** All of them, ordered by system, then event. */
  list(): readonly EventFormat[];
}

/** A typed argument of a raw tracepoint (`u64 args[]` of the context). */
export interface RawTracepointArgument {
  readonly name: string;
  /** C text, e.g. `struct task_struct *`. */
  readonly type: string;
}

export interface RawTracepointCatalog {
  find(event: string): readonly RawTracepointArgument[] | undefined;
  list(): readonly string[];
}

/**
 * What programs can reach at run time. A recording has only the bytes of its records: pointers in it point nowhere.
 */
export interface KernelReach {
  /** User memory can be read (`str(args.filename)`). */
  readonly userMemory: boolean;
  /** Kernel memory can be read (`curtask`, pointer walks). */
  readonly kernelMemory: boolean;
  /** Stacks can be walked. */
  readonly stacks: boolean;
  /** The thread group id of a task is known. `partly`: only of those tasks the source tells of. */
  readonly processIds: 'always' | 'partly' | 'never';
  /** The machine's wall-clock time is known: `time()` and `strftime()` tell dates rather than time since boot. */
  readonly wallClock: boolean;
  /** User and group ids are known. */
  readonly credentials: boolean;
  /** False where the paths of cgroups are not known. */
  readonly cgroups?: boolean;
}

/** `major.minor.patch` of a Linux release. */
export interface KernelVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** A system call as tracers name it. */
export interface SyscallInfo {
  readonly number: number;
  /** Without prefix: `openat`. */
  readonly name: string;
}

export interface KernelInfo {
  /** For messages: "the recording trace.dat", "the simulated kernel". */
  readonly name: string;
  readonly version?: KernelVersion;
  readonly cpus: number;
  readonly reach: KernelReach;
  readonly tracepoints?: TracepointCatalog;
  readonly rawTracepoints?: RawTracepointCatalog;
  /** Functions kprobes may attach to. */
  readonly functions?: { has(name: string): boolean; list(): readonly string[] };
  /** Types of the kernel itself; decoded when first asked for. */
  readonly btf?: Btf;
  /** Types of a module, over those of the kernel. */
  readonly moduleBtf?: ReadonlyMap<string, Btf>;
  /** Id of the cgroup with this folder; undefined when there is none. */
  cgroupId?(path: string): bigint | undefined;
  /** By number, ascending. */
  readonly syscalls?: readonly SyscallInfo[];
}
