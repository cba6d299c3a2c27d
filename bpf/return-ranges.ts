/** What a program may return, by its type and attach type; other types return what they want. */
import type { KernelRelease } from './kernel-release.ts';
import type { ProgramTypeName } from './programs.ts';
import type { AttachTypeName } from './sections.ts';

export interface ReturnRangeRow {
  readonly types: readonly ProgramTypeName[];
  /** Absent: those that no other row of the type names. */
  readonly attachTypes?: readonly AttachTypeName[];
  /** Smallest and largest value; null: any. */
  readonly range: readonly [number, number] | null;
  /** Release that began to ask. */
  readonly since: KernelRelease;
}

const RECEIVING: readonly AttachTypeName[] = [
  'cgroup_udp4_recvmsg',
  'cgroup_udp6_recvmsg',
  'cgroup_unix_recvmsg',
  'cgroup_inet4_getpeername',
  'cgroup_inet6_getpeername',
  'cgroup_unix_getpeername',
  'cgroup_inet4_getsockname',
  'cgroup_inet6_getsockname',
  'cgroup_unix_getsockname',
];

/** The first row that fits holds (`check_return_code`). Of `lsm` and `struct_ops` what they attach to decides. */
const RETURN_RANGES: readonly ReturnRangeRow[] = [
  { types: ['cgroup_sock_addr'], attachTypes: RECEIVING, range: [1, 1], since: '5.2' },
  {
    types: ['cgroup_sock_addr'],
    attachTypes: ['cgroup_inet4_bind', 'cgroup_inet6_bind'],
    range: [0, 3],
    since: '5.12',
  },
  { types: ['cgroup_skb'], attachTypes: ['cgroup_inet_egress'], range: [0, 3], since: '5.3' },
  { types: ['cgroup_skb', 'cgroup_sock', 'sock_ops', 'cgroup_device'], range: [0, 1], since: '4.15' },
  { types: ['cgroup_sock_addr'], range: [0, 1], since: '4.17' },
  { types: ['cgroup_sysctl'], range: [0, 1], since: '5.2' },
  { types: ['cgroup_sockopt'], range: [0, 1], since: '5.3' },
  { types: ['tracing'], attachTypes: ['trace_fentry', 'trace_fexit'], range: [0, 0], since: '5.6' },
  { types: ['tracing'], attachTypes: ['trace_iter'], range: [0, 1], since: '5.8' },
  {
    types: ['kprobe'],
    attachTypes: ['trace_kprobe_session', 'trace_uprobe_session'],
    range: [0, 1],
    since: '6.10',
  },
  { types: ['sk_lookup'], range: [0, 1], since: '5.9' },
  { types: ['netfilter'], range: [0, 1], since: '6.4' },
];

/** The range a program must keep to; null: none. */
export function returnRangeOf(
  type: ProgramTypeName,
  attachType: string,
  isKnown: (release: KernelRelease) => boolean,
): readonly [number, number] | null {
  for (const row of RETURN_RANGES) {
    if (!row.types.includes(type) || !isKnown(row.since)) continue;
    if (row.attachTypes === undefined || row.attachTypes.some((name) => name === attachType))
      return row.range;
  }
  return null;
}
