/**
 * `BpfObject`, the hub of the house (libbpf's `bpf_object`, cilium's `CollectionSpec`): a plain, immutable, serialisable
 * blueprint. The compiler makes it, ELF stores it, kernels instantiate it.
 */
import type { AttachPoint } from './attach-point.ts';
import type { Btf } from './btf/btf.ts';
import type { TypeId } from './btf/type.ts';
import type { Instruction } from './instruction.ts';
import type { MapDefinition } from './maps.ts';
import type { ProgramTypeName } from './programs.ts';
import type { Source } from './span.ts';

/** A function of BPF code: a program's entry, a subprogram or a callback. Its name is unique in the object. */
export interface BpfFunction {
  readonly name: string;
  /** Jumps are label references or slot distances inside this function; calls are `function` references. */
  readonly instructions: readonly Instruction[];
  /** Its `func` in the object's BTF. */
  readonly btfId?: TypeId;
  /** `global`: the kernel verifies it by itself, from its prototype; absent or `static`: in the context of each call. */
  readonly linkage?: 'static' | 'global';
  /** Weak symbol: another object's definition takes its place when objects are linked. */
  readonly weak?: boolean;
}

/** One loadable program: an entry function and where it attaches. */
export interface BpfProgram extends BpfFunction {
  /** `unspec`: the section's name tells no type. No kernel takes the program until somebody gives it one. */
  readonly type: ProgramTypeName | 'unspec';
  /** ELF section by libbpf's naming, e.g. `tracepoint/sched/sched_switch`. */
  readonly section: string;
  /** The points this program serves; several when a wildcard needs one program only. */
  readonly attach: readonly AttachPoint[];
  /** False: loaded only when asked for (`?` before the section's name). */
  readonly autoload?: false;
  /** It may sleep, so that helpers and kernel functions that do are allowed (`.s` in the section's name). */
  readonly sleepable?: true;
}

/** Something the running kernel provides; a weak one may be missing and is then 0. */
export type Extern =
  /** A kernel configuration value (`__kconfig`): `size` bytes at `offset` of the map `.kconfig`, filled when loaded. */
  | {
      readonly kind: 'kconfig';
      readonly name: string;
      readonly weak: boolean;
      readonly type: TypeId;
      readonly offset: number;
      readonly size: number;
    }
  /** A kernel variable's address (`__ksym`); without a type (`extern const void`) it is looked up in kallsyms. */
  | { readonly kind: 'ksym'; readonly name: string; readonly weak: boolean; readonly type?: TypeId }
  /**
   * A function, variable or map of another object, which this one is to be linked with: calls of it are `function`
   * references, wide loads `ksym` references. Only where it was asked for (`ReadObjectOptions.unlinked`).
   */
  | { readonly kind: 'unlinked'; readonly name: string; readonly weak: boolean; readonly type?: TypeId }
  /** A kernel function. */
  | { readonly kind: 'kfunc'; readonly name: string; readonly weak: boolean; readonly type?: TypeId };

export interface BpfObject {
  /** The script or file it came from, for messages. */
  readonly name: string;
  readonly endian: 'little' | 'big';
  /** e.g. `GPL`; decides which helpers Linux grants. */
  readonly license: string;
  readonly programs: readonly BpfProgram[];
  /** Subprograms and callbacks that programs call; linked after each program that needs them. */
  readonly functions: readonly BpfFunction[];
  readonly maps: readonly MapDefinition[];
  /** Initial contents of maps of one value, by map name (`.rodata` and the like, `struct_ops`); zeros where absent. */
  readonly data: ReadonlyMap<string, Uint8Array>;
  /** Texts the instructions' spans point into. */
  readonly sources: readonly Source[];
  /** Types of functions, maps, variables and local types of CO-RE relocations. */
  readonly btf?: Btf;
  readonly externs?: readonly Extern[];
  /** `LINUX_VERSION_CODE` the object asks for (section `version`). */
  readonly kernelVersion?: number;
}
