/**
 * One program as `BPF_PROG_LOAD` gets it, with all it names: what the verifier judges, here and in Linux. The file
 * format is `bpfcase-1` (`read.ts`, `write.ts`); objects become cases in `from-object.ts`.
 */
import type { MapSpec } from '../../bpf/maps.ts';
import type { ProgramTypeName } from '../../bpf/programs.ts';
import type { AttachTypeName } from '../../bpf/sections.ts';

/** `BPF_F_*` flags of `BPF_PROG_LOAD`, names without the prefix. */
export const ProgramFlags = {
  STRICT_ALIGNMENT: 0x1,
  ANY_ALIGNMENT: 0x2,
  TEST_RND_HI32: 0x4,
  TEST_STATE_FREQ: 0x8,
  SLEEPABLE: 0x10,
  XDP_HAS_FRAGS: 0x20,
  XDP_DEV_BOUND_ONLY: 0x40,
  TEST_REG_INVARIANTS: 0x80,
} as const;

/** What a tracing, LSM, struct_ops or extension program is verified against: a type of the kernel. */
export interface AttachBtf {
  /** As the kernel's BTF has it: `vfs_read`, `btf_trace_sched_switch`, `bpf_lsm_file_open`, `bpf_iter_task`. */
  readonly name: string;
  readonly kind: 'func' | 'typedef' | 'struct';
  /** Module whose types these are; absent: the kernel's own. */
  readonly module?: string;
}

/** A map a program refers to. `btf` ids count in `types`, or where that is absent in the case's own BTF. */
export interface CaseMap extends MapSpec {
  readonly name?: string;
  readonly types?: Uint8Array;
  /** Contents of the first value. */
  readonly data?: Uint8Array;
  /** User space cannot write any more; with `RDONLY_PROG` the contents are constants. */
  readonly frozen?: boolean;
  readonly inner?: CaseMap;
}

/** The wide load at `slot` names this map; its pseudo source says whether the map or its value. */
export interface MapUse {
  readonly slot: number;
  /** Index in `maps`. */
  readonly map: number;
}

/** The call at `slot` is of a kernel function. */
export interface KfuncUse {
  readonly slot: number;
  readonly name: string;
  readonly module?: string;
}

/** The wide load at `slot` is of a kernel variable: `btf` by its type's id, `address` as a plain number. */
export interface KsymUse {
  readonly slot: number;
  readonly name: string;
  readonly kind: 'btf' | 'address';
}

/** An execution to check: what the program returns for these packet bytes. */
export interface CaseRun {
  readonly data: Uint8Array;
  readonly retval: number;
}

export interface Case {
  readonly id: string;
  readonly programType: ProgramTypeName;
  readonly attachType?: AttachTypeName;
  readonly attachBtf?: AttachBtf;
  /** Or-ed {@link ProgramFlags}. */
  readonly flags: number;
  readonly license: string;
  /** Eight bytes an instruction, little endian. What the uses below name is to be filled in. */
  readonly insns: Uint8Array;
  readonly maps: readonly CaseMap[];
  readonly mapUses: readonly MapUse[];
  readonly kfuncs: readonly KfuncUse[];
  readonly ksyms: readonly KsymUse[];
  /** The program's own types. */
  readonly btf?: Uint8Array;
  /** Records of `struct bpf_func_info`, eight bytes each. */
  readonly functionInfo?: Uint8Array;
  /** Records of `struct bpf_line_info`, sixteen bytes each. */
  readonly lineInfo?: Uint8Array;
  readonly runs: readonly CaseRun[];
  /** Kernel to judge by, such as `6.12`; absent: whoever asks decides. */
  readonly kernel?: string;
  /** Possible CPUs of that machine. */
  readonly cpus?: number;
}
