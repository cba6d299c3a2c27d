/** A function of the kernel that programs may call by its type (`__bpf_kfunc`): what its types do not tell. */
import type { KernelRelease } from '../kernel-release.ts';

/** `KF_*` flags, names without the prefix, small letters; `fastcall`: it keeps r1 ... r5 (`bpf_fastcall`). */
export type KfuncFlag =
  | 'acquire'
  | 'release'
  | 'ret_null'
  | 'trusted_args'
  | 'sleepable'
  | 'destructive'
  | 'rcu'
  | 'rcu_protected'
  | 'iter_new'
  | 'iter_next'
  | 'iter_destroy'
  | 'fastcall';

/** Groups of program types that get kernel functions together (`enum btf_kfunc_hook`). */
export type KfuncHook =
  | 'common'
  | 'xdp'
  | 'tc'
  | 'struct_ops'
  | 'tracing'
  | 'syscall'
  | 'fmodret'
  | 'cgroup'
  | 'sched_act'
  | 'sk_skb'
  | 'socket_filter'
  | 'lwt'
  | 'netfilter'
  | 'kprobe';

/** A further condition on the program (`btf_kfunc_id_set.filter`). */
export type KfuncFilter =
  /** Security hooks only. */
  | 'lsm'
  /** Iterators over kernel objects only. */
  | 'iter'
  /** Sessions of kprobes and uprobes only. */
  | 'session'
  /** Programs bound to a device only. */
  | 'device';

export interface KfuncSet {
  readonly name: string;
  /** Which programs get it, and since when. */
  readonly hooks: Readonly<Partial<Record<KfuncHook, KernelRelease>>>;
  readonly filter?: KfuncFilter;
}

export interface Kfunc {
  readonly name: string;
  readonly set: KfuncSet;
  readonly since: KernelRelease;
  readonly flags: ReadonlySet<KfuncFlag>;
}
