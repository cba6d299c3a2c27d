/** Kernel functions by name, and who may call them. */
import { isAtLeast, type KernelRelease } from '../kernel-release.ts';
import type { ProgramTypeName } from '../programs.ts';
import { KFUNC_ROWS, type KfuncRows } from '../tables/kfuncs.ts';
import type { Kfunc, KfuncFlag, KfuncHook } from './kfunc.ts';

/** Every function of the table, set by set. */
export const KFUNCS: readonly Kfunc[] = KFUNC_ROWS.flatMap(readRows);

const BY_NAME: ReadonlyMap<string, Kfunc> = new Map(KFUNCS.map((kfunc) => [kfunc.name, kfunc]));

/** The function, if the table has it: modules and other configurations of the kernel bring further ones. */
export function findKfunc(name: string): Kfunc | undefined {
  return BY_NAME.get(name);
}

function readRows(set: KfuncRows): Kfunc[] {
  const lines = set.rows.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => {
    const [name, since, ...flags] = line.trim().split(' ');
    return { name: name!, set, since: since as KernelRelease, flags: new Set(flags as KfuncFlag[]) };
  });
}

/** What a program is, as far as it decides which kernel functions it may call. */
export interface KfuncCaller {
  readonly type: ProgramTypeName;
  /** `enum bpf_attach_type` without `BPF_`, small letters. */
  readonly attachType?: string | undefined;
}

/** True when programs like this one may call the function on kernels of that release (`btf_kfunc_id_set_contains`). */
export function mayCallKfunc({ set, since }: Kfunc, caller: KfuncCaller, release: KernelRelease): boolean {
  if (!isAtLeast(release, since)) return false;
  const { hooks } = set;
  const hook = kfuncHook(caller.type, release);
  const granted = [hooks.common, hook === undefined ? undefined : hooks[hook]];
  if (!granted.some((from) => from !== undefined && isAtLeast(release, from))) return false;
  switch (set.filter) {
    case 'lsm':
      return caller.type === 'lsm';
    case 'iter':
      return caller.attachType === 'trace_iter';
    case 'session':
      return /^trace_[ku]probe_session$/.test(caller.attachType ?? '');
    default:
      return true;
  }
}

/** `bpf_prog_type_to_kfunc_hook`; undefined: only what everybody gets. */
export function kfuncHook(type: ProgramTypeName, release: KernelRelease): KfuncHook | undefined {
  const hook = HOOKS[type];
  if (hook === undefined) return undefined;
  return isAtLeast(release, hook.since) ? hook.hook : undefined;
}

const HOOKS: Readonly<
  Partial<Record<ProgramTypeName, { readonly hook: KfuncHook; readonly since: KernelRelease }>>
> = {
  xdp: { hook: 'xdp', since: '5.18' },
  sched_cls: { hook: 'tc', since: '5.13' },
  struct_ops: { hook: 'struct_ops', since: '5.13' },
  tracing: { hook: 'tracing', since: '5.18' },
  lsm: { hook: 'tracing', since: '6.1' },
  tracepoint: { hook: 'tracing', since: '6.12' },
  perf_event: { hook: 'tracing', since: '6.12' },
  syscall: { hook: 'syscall', since: '6.0' },
  sched_act: { hook: 'sched_act', since: '6.4' },
  sk_skb: { hook: 'sk_skb', since: '6.4' },
  socket_filter: { hook: 'socket_filter', since: '6.4' },
  cgroup_skb: { hook: 'cgroup', since: '6.4' },
  cgroup_sock: { hook: 'cgroup', since: '6.12' },
  cgroup_device: { hook: 'cgroup', since: '6.12' },
  cgroup_sock_addr: { hook: 'cgroup', since: '6.7' },
  cgroup_sockopt: { hook: 'cgroup', since: '6.12' },
  cgroup_sysctl: { hook: 'cgroup', since: '6.12' },
  sock_ops: { hook: 'cgroup', since: '6.15' },
  lwt_in: { hook: 'lwt', since: '6.4' },
  lwt_out: { hook: 'lwt', since: '6.4' },
  lwt_xmit: { hook: 'lwt', since: '6.4' },
  lwt_seg6local: { hook: 'lwt', since: '6.4' },
  netfilter: { hook: 'netfilter', since: '6.4' },
  kprobe: { hook: 'kprobe', since: '6.10' },
};
