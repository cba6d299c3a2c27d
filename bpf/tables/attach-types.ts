/** The release each attach type of `ATTACH_TYPE_NAMES` came in. */
import type { KernelRelease } from '../kernel-release.ts';
import type { AttachTypeName } from '../sections.ts';

// biome-ignore format: a table
export const ATTACH_TYPES_SINCE: readonly (readonly [KernelRelease, readonly AttachTypeName[]])[] = [
  ['4.10', ['cgroup_inet_ingress', 'cgroup_inet_egress', 'cgroup_inet_sock_create']],
  ['4.13', ['cgroup_sock_ops']],
  ['4.14', ['sk_skb_stream_parser', 'sk_skb_stream_verdict']],
  ['4.15', ['cgroup_device']],
  ['4.17', ['sk_msg_verdict', 'cgroup_inet4_bind', 'cgroup_inet6_bind', 'cgroup_inet4_connect',
    'cgroup_inet6_connect', 'cgroup_inet4_post_bind', 'cgroup_inet6_post_bind']],
  ['4.18', ['cgroup_udp4_sendmsg', 'cgroup_udp6_sendmsg', 'lirc_mode2']],
  ['4.20', ['flow_dissector']],
  ['5.2', ['cgroup_sysctl', 'cgroup_udp4_recvmsg', 'cgroup_udp6_recvmsg']],
  ['5.3', ['cgroup_getsockopt', 'cgroup_setsockopt']],
  ['5.5', ['trace_raw_tp', 'trace_fentry', 'trace_fexit']],
  ['5.7', ['modify_return', 'lsm_mac']],
  ['5.8', ['trace_iter', 'cgroup_inet4_getpeername', 'cgroup_inet6_getpeername',
    'cgroup_inet4_getsockname', 'cgroup_inet6_getsockname', 'xdp_devmap']],
  ['5.9', ['cgroup_inet_sock_release', 'xdp_cpumap', 'sk_lookup', 'xdp']],
  ['5.13', ['sk_skb_verdict']],
  ['5.14', ['sk_reuseport_select', 'sk_reuseport_select_or_migrate']],
  ['5.15', ['perf_event']],
  ['5.18', ['trace_kprobe_multi']],
  ['6.0', ['lsm_cgroup']],
  ['6.4', ['struct_ops', 'netfilter']],
  ['6.6', ['tcx_ingress', 'tcx_egress', 'trace_uprobe_multi']],
  ['6.7', ['cgroup_unix_connect', 'cgroup_unix_sendmsg', 'cgroup_unix_recvmsg',
    'cgroup_unix_getpeername', 'cgroup_unix_getsockname', 'netkit_primary', 'netkit_peer']],
  ['6.10', ['trace_kprobe_session']],
  ['6.13', ['trace_uprobe_session']],
];
