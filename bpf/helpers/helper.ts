/**
 * What a helper function is: number, prototype as the verifier sees it, license, first release. Types and flags carry
 * the kernel's names (`enum bpf_arg_type`, `enum bpf_return_type`, `enum bpf_type_flag`) without `ARG_` and `RET_`.
 */
import type { KernelRelease } from '../kernel-release.ts';
import type { HELPER_NAMES } from './helpers.gen.ts';

/** Name without `bpf_`. */
export type HelperName = (typeof HELPER_NAMES)[number];

export type ArgumentType =
  | 'ANYTHING'
  | 'CONST_MAP_PTR'
  | 'PTR_TO_MAP_KEY'
  | 'PTR_TO_MAP_VALUE'
  | 'PTR_TO_MEM'
  | 'CONST_SIZE'
  | 'CONST_SIZE_OR_ZERO'
  | 'CONST_ALLOC_SIZE_OR_ZERO'
  | 'PTR_TO_CTX'
  | 'PTR_TO_BTF_ID'
  | 'PTR_TO_BTF_ID_SOCK_COMMON'
  | 'PTR_TO_SOCK_COMMON'
  | 'PTR_TO_SOCKET'
  | 'PTR_TO_PERCPU_BTF_ID'
  | 'PTR_TO_FUNC'
  | 'PTR_TO_STACK'
  | 'PTR_TO_CONST_STR'
  | 'PTR_TO_TIMER'
  | 'PTR_TO_SPIN_LOCK'
  | 'PTR_TO_DYNPTR'
  | 'PTR_TO_RINGBUF_MEM'
  | 'KPTR_XCHG_DEST';

export type ReturnType =
  | 'INTEGER'
  | 'VOID'
  | 'PTR_TO_MAP_VALUE'
  | 'PTR_TO_SOCKET'
  | 'PTR_TO_TCP_SOCK'
  | 'PTR_TO_SOCK_COMMON'
  | 'PTR_TO_MEM'
  | 'PTR_TO_MEM_OR_BTF_ID'
  | 'PTR_TO_BTF_ID';

export type TypeFlag =
  | 'PTR_MAYBE_NULL'
  | 'PTR_TRUSTED'
  | 'MEM_RDONLY'
  | 'MEM_WRITE'
  | 'MEM_UNINIT'
  | 'MEM_ALIGNED'
  | 'MEM_FIXED_SIZE'
  | 'MEM_RINGBUF'
  | 'OBJ_RELEASE'
  | 'DYNPTR_TYPE_LOCAL'
  | 'DYNPTR_TYPE_RINGBUF';

export interface HelperArgument {
  readonly type: ArgumentType;
  readonly flags: readonly TypeFlag[];
  /** Structure that a `PTR_TO_BTF_ID` points to; absent where several are possible. */
  readonly btf?: string;
  /** Bytes of a `MEM_FIXED_SIZE` buffer. */
  readonly size?: number;
}

export interface HelperReturn {
  readonly type: ReturnType;
  readonly flags: readonly TypeFlag[];
  readonly btf?: string;
}

export interface Helper {
  /** Number in `enum bpf_func_id`: the `imm` of the call. */
  readonly id: number;
  readonly name: HelperName;
  readonly returns: HelperReturn;
  /** r1 ... r5, in order. Variants by program type agree in all but the structure r1 points to. */
  readonly args: readonly HelperArgument[];
  /** Only programs under a GPL-compatible license may call it. */
  readonly gpl: boolean;
  /** Packet memory is accepted where memory is. */
  readonly packetAccess: boolean;
  /** Only sleepable programs may call it. */
  readonly mightSleep: boolean;
  /** The JIT keeps r1 ... r5 (`bpf_fastcall`). */
  readonly fastcall: boolean;
  /** Release it came in; program types may have got it later. */
  readonly since: KernelRelease;
  /** C signature as `bpf_helpers.h` declares it. */
  readonly signature: string;
}
