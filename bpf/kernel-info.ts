/**
 * `KernelInfo`: what a compiler and a verifier may ask about the kernel they serve. Every part may be absent, and what
 * is absent is answered with a diagnostic at the user's span: never a zero, never a guess.
 */
import type { AttachKind, AttachPoint } from './attach-point.ts';
import type { Btf } from './btf/btf.ts';
import type { TypeId } from './btf/type.ts';
import type { UserBinary } from './elf/user/index.ts';
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
  /** The same in the kernel's types, where they tell of it. */
  readonly btf?: { readonly table: Btf; readonly id: TypeId };
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

/** Functions of the kernel and its modules that kprobes may attach to. */
export interface FunctionCatalog {
  has(name: string): boolean;
  /** Each name once. */
  list(): readonly string[];
  /** Modules with a function of that name, `vmlinux` being the kernel itself. Absent: nothing tells. */
  modulesOf?(name: string): readonly string[];
}

/** Programs and libraries of the machine that uprobes are to be attached on. */
export interface BinaryCatalog {
  /** Files that a target may mean: a path, a program in PATH, a library (`libc`, `libssl.so.3`), a pattern of paths. */
  resolve(target: string): readonly string[];
  /** What a process has mapped. */
  ofProcess(pid: number): readonly string[];
  /** Undefined when the file is none that can be run or loaded. */
  open(path: string): UserBinary | undefined;
}

/** Where programs can be attached. */
export interface Attachable {
  readonly kinds: ReadonlySet<AttachKind>;
  /** Why a point of these kinds has nothing to fire it. */
  problem?(point: AttachPoint): string | undefined;
}

/** As `stat` tells of `/proc/self/ns/pid`. */
export interface PidNamespace {
  readonly device: bigint;
  readonly inode: bigint;
}

export interface KernelInfo {
  /** For messages: "the recording trace.dat", "the simulated kernel". */
  readonly name: string;
  readonly version?: KernelVersion;
  readonly cpus: number;
  readonly reach: KernelReach;
  readonly tracepoints?: TracepointCatalog;
  readonly rawTracepoints?: RawTracepointCatalog;
  readonly functions?: FunctionCatalog;
  readonly binaries?: BinaryCatalog;
  /** Absent: everything Linux knows. */
  readonly attachable?: Attachable;
  /** Types of the kernel itself; decoded when first asked for. */
  readonly btf?: Btf;
  /** Types of a module, over those of the kernel. */
  readonly moduleBtf?: ReadonlyMap<string, Btf>;
  /** Id of the cgroup with this folder; undefined when there is none. */
  cgroupId?(path: string): bigint | undefined;
  /** The tracer's, where it is not the machine's own. */
  readonly pidNamespace?: PidNamespace;
  /** Address of a symbol of the kernel or a module; absent where nobody tells. Undefined: there is none of that name. */
  symbolAddress?(name: string): bigint | undefined;
  /** By number, ascending. */
  readonly syscalls?: readonly SyscallInfo[];
}
