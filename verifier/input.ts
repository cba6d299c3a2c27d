/** What is to be verified, and for which kernel: `union bpf_attr` of `BPF_PROG_LOAD`, with what its numbers stand for. */
import type { Btf } from '../bpf/btf/btf.ts';
import type { TypeId } from '../bpf/btf/type.ts';
import type { KernelRelease } from '../bpf/kernel-release.ts';
import type { ProgramTypeName } from '../bpf/programs.ts';
import type { VerifierMap } from './map.ts';

/** `enum bpf_attach_type` without `BPF_`, small letters: `trace_fentry`, `cgroup_inet_ingress`, `xdp`, ... */
export type AttachTypeName = string;

export interface VerifierInput {
  readonly name?: string;
  readonly type: ProgramTypeName;
  readonly attachType?: AttachTypeName;
  /** What a program with typed arguments attaches to. */
  readonly attachTo?: {
    readonly name: string;
    readonly kind: 'func' | 'typedef' | 'struct';
    readonly module?: string;
  };
  readonly sleepable?: boolean;
  /** `BPF_F_STRICT_ALIGNMENT`, `BPF_F_ANY_ALIGNMENT`, `BPF_F_XDP_HAS_FRAGS`, ... as in `prog_flags`, without sleepable. */
  readonly flags?: number;
  /** Absent: GPL. */
  readonly license?: string;
  /** Eight bytes a slot, little endian. `imm` of map loads counts in `maps`, of typed variables in `variables`, of kernel functions in `kfuncs`. */
  readonly bytes: Uint8Array;
  readonly maps?: readonly VerifierMap[];
  /** Slots whose wide load names a map by its index in `maps`: the others with map kinds have a bad descriptor. */
  readonly mapSlots?: ReadonlyMap<number, number>;
  /** Kernel function named at a slot of kind kfunc. */
  readonly kfuncSlots?: ReadonlyMap<number, string>;
  /** Kernel variable or function named at a slot of kind btfId. */
  readonly ksymSlots?: ReadonlyMap<
    number,
    { readonly name: string; readonly kind?: 'var' | 'func' | undefined }
  >;
  /** Types of the program, of its functions (`func_info`) and lines. */
  readonly btf?: Btf;
  readonly functions?: readonly { readonly slot: number; readonly type: TypeId }[];
  readonly lines?: readonly {
    readonly slot: number;
    readonly file: string;
    readonly text: string;
    readonly line: number;
    readonly column: number;
    /** Its file or text lies outside the strings of the types. */
    readonly malformed?: boolean;
  }[];
}

/**
 * What differs between builds of one release and decides over programs. Absent means no: a program that passes must load, and
 * nothing told that this kernel grants it.
 */
export interface KernelConfig {
  /** `bpf_override_return` (CONFIG_BPF_KPROBE_OVERRIDE). */
  readonly kprobeOverride?: boolean;
  /** Programs of type kprobe may write registers (CONFIG_UPROBES, 6.18 and up). */
  readonly kprobeWrites?: boolean;
  /** Functions marked for it may be changed by fmod_ret, and slept in (CONFIG_FUNCTION_ERROR_INJECTION). */
  readonly errorInjection?: boolean;
  /** `bpf_probe_write_user`: the machine is not locked down. */
  readonly probeWriteUser?: boolean;
}

/** A build that grants all of it. */
export const PERMISSIVE_CONFIG: KernelConfig = {
  kprobeOverride: true,
  errorInjection: true,
  kprobeWrites: true,
  probeWriteUser: true,
};

/** The kernel that judges. */
export interface VerifierKernel {
  readonly release: KernelRelease;
  /** Its own types; what needs them is refused or answered "cannot judge" without. */
  readonly btf?: Btf;
  readonly modules?: ReadonlyMap<string, Btf>;
  /** Names in its `/proc/kallsyms`; absent: all that its types have. */
  readonly symbols?: { has(name: string): boolean };
  /** Possible CPUs; bounds `bpf_get_smp_processor_id` from 6.8 on. */
  readonly cpus?: number;
  readonly config?: KernelConfig;
}

export interface VerifierOptions {
  /** Absent: the newest release the tables know. */
  readonly kernel?: VerifierKernel;
  /** False: as a user without capabilities. */
  readonly privileged?: boolean;
  /** Kernel log levels, or-ed: 1 path, 2 everything, 4 statistics. */
  readonly logLevel?: number;
  /** Keep what was known before each instruction. */
  readonly states?: boolean;
  /** Checked now and then; the report then says `cancelled`. */
  readonly signal?: AbortSignal;
}
