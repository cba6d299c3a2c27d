/** The programs generated: their types, what they attach to, what they may return, how often each is drawn. */
import { CONTEXTS, type ContextLayout } from '../../../bpf/contexts.ts';
import { type HelperProgram, helpersOf } from '../../../bpf/helpers/index.ts';
import { findProgramType, type ProgramTypeName } from '../../../bpf/programs.ts';
import type { AttachTypeName } from '../../../bpf/sections.ts';

export interface ProgramKind {
  readonly name: string;
  readonly type: ProgramTypeName;
  readonly attachType?: AttachTypeName;
  /** BTF type of vmlinux that the program attaches to. */
  readonly attachBtf?: { readonly name: string; readonly kind: 'typedef' | 'func' | 'struct' };
  readonly sleepable?: boolean;
  readonly weight: number;
  /** What it may return. */
  readonly returns: readonly [number, number];
  /** Arguments of tracing programs: what each u64 of the context is. */
  readonly args?: readonly TracedArgument[];
  readonly context: ContextLayout | undefined;
  /** Bytes a wrong read may go beyond. */
  readonly contextSize: number;
  /** Names without `bpf_` of helpers that 6.18 grants. */
  readonly helpers: ReadonlySet<string>;
  /** Maps with locks, lists, timers may be used. */
  readonly locks: boolean;
  /** Sets of kernel functions beyond those of all programs. */
  readonly kfuncs: ReadonlySet<KfuncSet>;
  /** Direct packet access: offsets of data, data_end in the context. */
  readonly packet?: {
    readonly data: number;
    readonly end: number;
    readonly meta?: number;
    readonly writable: boolean;
  };
}

/** Kernel functions as 6.18 registers them by type: tasks, objects, dynptrs; CPU masks. */
export type KfuncSet = 'generic' | 'masks';

export type TracedArgument = 'scalar' | 'task' | 'file' | 'sock' | 'skb' | 'other';

const ANY: readonly [number, number] = [-(2 ** 31), 2 ** 31 - 1];
const BOOLEAN: readonly [number, number] = [0, 1];

type Row = Omit<
  ProgramKind,
  'locks' | 'kfuncs' | 'context' | 'contextSize' | 'helpers' | 'returns' | 'name'
> & {
  readonly returns?: readonly [number, number];
  readonly name?: string;
  readonly grants?: HelperProgram;
};

const raw = (name: string, weight: number, args: readonly TracedArgument[]): Row => ({
  name: `tp_btf/${name}`,
  type: 'tracing',
  attachType: 'trace_raw_tp',
  attachBtf: { name: `btf_trace_${name}`, kind: 'typedef' },
  weight,
  args,
  grants: 'tracing:tp_btf' as HelperProgram,
});

const SKB_PACKET = { data: 76, end: 80, meta: 140, writable: true } as const;

// biome-ignore format: a table
const ROWS: readonly Row[] = [
  { type: 'kprobe', weight: 200 },
  { name: 'kprobe.s', type: 'kprobe', sleepable: true, attachType: 'trace_uprobe_multi', weight: 20, grants: 'kprobe.s' as HelperProgram },
  { type: 'raw_tracepoint', weight: 130 },
  { type: 'tracepoint', weight: 120 },
  { type: 'perf_event', weight: 80 },
  raw('sched_switch', 60, ['scalar', 'task', 'task', 'scalar']),
  raw('task_newtask', 50, ['task', 'scalar']),
  raw('sched_process_exec', 20, ['task', 'scalar', 'other']),
  raw('sys_enter', 20, ['other', 'scalar']),
  raw('kfree_skb', 15, ['skb', 'scalar', 'scalar', 'sock']),
  { type: 'socket_filter', weight: 80 },
  { type: 'xdp', weight: 80, returns: [0, 4], packet: { data: 0, end: 4, meta: 8, writable: true } },
  { type: 'sched_cls', weight: 80, packet: SKB_PACKET },
  { name: 'cgroup_skb', type: 'cgroup_skb', attachType: 'cgroup_inet_ingress', weight: 40, returns: BOOLEAN, packet: { data: 76, end: 80, writable: false } },
  { type: 'syscall', weight: 30, sleepable: true },
  { type: 'sched_act', weight: 5, packet: SKB_PACKET },
  { type: 'lwt_in', weight: 7, packet: { data: 76, end: 80, writable: false } },
  { type: 'lwt_xmit', weight: 7, packet: { data: 76, end: 80, writable: true } },
  { type: 'sk_skb', attachType: 'sk_skb_verdict', weight: 7, returns: BOOLEAN, packet: { data: 76, end: 80, writable: true } },
  { type: 'sock_ops', attachType: 'cgroup_sock_ops', weight: 8, returns: BOOLEAN },
  { type: 'sk_msg', attachType: 'sk_msg_verdict', weight: 8, returns: BOOLEAN, packet: { data: 0, end: 8, writable: true } },
  { type: 'cgroup_sock', attachType: 'cgroup_inet_sock_create', weight: 7, returns: BOOLEAN },
  { type: 'cgroup_sock_addr', attachType: 'cgroup_inet4_connect', weight: 7, returns: BOOLEAN },
  { type: 'cgroup_device', attachType: 'cgroup_device', weight: 6, returns: BOOLEAN },
  { type: 'cgroup_sysctl', attachType: 'cgroup_sysctl', weight: 6, returns: BOOLEAN },
  { type: 'cgroup_sockopt', attachType: 'cgroup_setsockopt', weight: 6, returns: BOOLEAN },
  { type: 'sk_reuseport', attachType: 'sk_reuseport_select', weight: 6 },
  { type: 'sk_lookup', attachType: 'sk_lookup', weight: 6, returns: BOOLEAN },
  { type: 'flow_dissector', attachType: 'flow_dissector', weight: 5, returns: [0, 1], packet: { data: 76, end: 80, writable: false } },
  { type: 'netfilter', attachType: 'netfilter', weight: 8, returns: BOOLEAN },
];

const RELEASE = '6.18';

/** `is_tracing_prog_type`, and socket filters. */
const WITHOUT_LOCKS: readonly ProgramTypeName[] = [
  'kprobe',
  'tracepoint',
  'perf_event',
  'raw_tracepoint',
  'socket_filter',
];
const GENERIC: readonly ProgramTypeName[] = [
  'tracing',
  'tracepoint',
  'perf_event',
  'xdp',
  'sched_cls',
  'sched_act',
  'syscall',
  'cgroup_skb',
];
const MASKS: readonly ProgramTypeName[] = ['tracing', 'tracepoint', 'perf_event', 'syscall'];

export const KINDS: readonly ProgramKind[] = ROWS.map((row) => {
  const type = findProgramType(row.type)!;
  const context = type.context === null ? undefined : CONTEXTS[type.context];
  const helpers = new Set<string>(helpersOf(row.grants ?? row.type, RELEASE).map((one) => one.name));
  return {
    ...row,
    name: row.name ?? row.type,
    returns: row.returns ?? ANY,
    context,
    contextSize: contextSize(row, context),
    helpers,
    locks: !WITHOUT_LOCKS.includes(row.type),
    kfuncs: new Set([
      ...(GENERIC.includes(row.type) ? (['generic'] as const) : []),
      ...(MASKS.includes(row.type) ? (['masks'] as const) : []),
    ]),
  };
});

/** One entry a unit of weight: a uniform draw is a weighted one. */
export const KIND_DRAW: readonly ProgramKind[] = KINDS.flatMap((kind) =>
  Array.from({ length: kind.weight }, () => kind),
);

function contextSize(row: Row, context: ContextLayout | undefined): number {
  if (row.args !== undefined) return row.args.length * 8;
  if (row.type === 'syscall') return 64;
  if (row.type === 'tracepoint') return 64;
  return context?.size ?? 0;
}
