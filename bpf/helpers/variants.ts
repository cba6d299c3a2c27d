/**
 * Helpers whose prototype depends on the program: the kernel has several functions under one number. A row says in what
 * a program's own differs from the table's.
 */
import type { ProgramTypeName } from '../programs.ts';
import type { Helper, HelperArgument, HelperName } from './helper.ts';
import { helper } from './lookup.ts';

/** The program that calls. */
export interface HelperCaller {
  readonly type: ProgramTypeName;
  /** `enum bpf_attach_type` in small letters, without `BPF_`. */
  readonly attachType?: string;
}

interface HelperVariant {
  readonly name: HelperName;
  readonly types: readonly ProgramTypeName[];
  /** Absent: all attach types. */
  readonly attachTypes?: readonly string[];
  readonly differs: Partial<Pick<Helper, 'args' | 'gpl' | 'packetAccess' | 'fastcall'>>;
}

const CTX: HelperArgument = { type: 'PTR_TO_CTX', flags: [] };
const SOCK_OR_NULL: HelperArgument = {
  type: 'PTR_TO_BTF_ID',
  flags: ['PTR_MAYBE_NULL'],
  btf: 'sock_common',
};

/** The table's own arguments with one of them another. */
function withArgument(name: HelperName, index: number, argument: HelperArgument): readonly HelperArgument[] {
  return helper(name).args.with(index, argument);
}

/** Syscall programs get what tracing programs do (`syscall_prog_func_proto`). */
const TYPED: readonly ProgramTypeName[] = ['tracing', 'lsm', 'syscall'];

/** `get_cgroup_classid` of the packet; all other programs ask for the current task's. */
const PACKET_CLASS: readonly ProgramTypeName[] = [
  'sched_cls',
  'sched_act',
  'lwt_in',
  'lwt_out',
  'lwt_xmit',
  'lwt_seg6local',
];

const VARIANTS: readonly HelperVariant[] = [
  {
    name: 'setsockopt',
    types: ['sock_ops', 'cgroup_sock_addr'],
    differs: { args: withArgument('setsockopt', 0, CTX) },
  },
  {
    name: 'getsockopt',
    types: ['sock_ops', 'cgroup_sock_addr'],
    differs: { args: withArgument('getsockopt', 0, CTX) },
  },
  {
    name: 'get_socket_cookie',
    types: [...TYPED, 'sk_reuseport'],
    differs: { args: [{ type: 'PTR_TO_BTF_ID_SOCK_COMMON', flags: ['PTR_MAYBE_NULL'] }] },
  },
  {
    name: 'xdp_get_buff_len',
    types: TYPED,
    differs: { args: [{ type: 'PTR_TO_BTF_ID', flags: [], btf: 'xdp_buff' }] },
  },
  {
    name: 'sk_assign',
    types: ['sk_lookup'],
    differs: { args: withArgument('sk_assign', 1, { type: 'PTR_TO_SOCKET', flags: ['PTR_MAYBE_NULL'] }) },
  },
  { name: 'sk_lookup_tcp', types: ['cgroup_sock_addr'], differs: { packetAccess: false } },
  { name: 'sk_lookup_udp', types: ['cgroup_sock_addr'], differs: { packetAccess: false } },
  { name: 'skc_lookup_tcp', types: ['cgroup_sock_addr'], differs: { packetAccess: false } },
  {
    name: 'sk_storage_get',
    types: ['cgroup_sock'],
    differs: { args: withArgument('sk_storage_get', 1, CTX) },
  },
  {
    name: 'sk_storage_get',
    types: ['tracing', 'syscall'],
    differs: { args: withArgument('sk_storage_get', 1, SOCK_OR_NULL) },
  },
  {
    name: 'sk_storage_delete',
    types: ['tracing', 'syscall'],
    differs: { args: withArgument('sk_storage_delete', 1, SOCK_OR_NULL) },
  },
  { name: 'get_stackid', types: ['perf_event'], differs: { gpl: false } },
  {
    name: 'get_func_ip',
    types: ['kprobe'],
    attachTypes: ['trace_kprobe_multi', 'trace_kprobe_session', 'trace_uprobe_multi', 'trace_uprobe_session'],
    differs: { gpl: false },
  },
];

/** Rows made once: a variant is a helper like any other. */
const MADE: ReadonlyMap<HelperVariant, Helper> = new Map(
  VARIANTS.map((variant) => [variant, { ...helper(variant.name), ...variant.differs }]),
);

const CURRENT_CLASS: Helper = { ...helper('get_cgroup_classid'), args: [] };

const VARIED: ReadonlySet<HelperName> = new Set(VARIANTS.map(({ name }) => name));

/** What the program gets under the helper's number. */
export function helperFor(row: Helper, caller: HelperCaller): Helper {
  if (row.name === 'get_cgroup_classid') return PACKET_CLASS.includes(caller.type) ? row : CURRENT_CLASS;
  if (!VARIED.has(row.name)) return row;
  const variant = VARIANTS.find((one) => one.name === row.name && isCaller(one, caller));
  return variant === undefined ? row : MADE.get(variant)!;
}

function isCaller(variant: HelperVariant, { type, attachType }: HelperCaller): boolean {
  if (!variant.types.includes(type)) return false;
  return variant.attachTypes === undefined || variant.attachTypes.includes(attachType ?? '');
}
