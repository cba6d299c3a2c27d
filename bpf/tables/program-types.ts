/**
 * Program types of Linux 6.18 in the order of `enum bpf_prog_type`, with what each may do with its context: fields it
 * can never read and fields some attach type lets it write. Measured by asking a 6.18 kernel, field by field.
 */
import type { ProgramType } from '../programs.ts';

/** Names without `BPF_PROG_TYPE_`; the id is the index plus 1. */
export const PROGRAM_TYPE_NAMES = [
  'socket_filter',
  'kprobe',
  'sched_cls',
  'sched_act',
  'tracepoint',
  'xdp',
  'perf_event',
  'cgroup_skb',
  'cgroup_sock',
  'lwt_in',
  'lwt_out',
  'lwt_xmit',
  'sock_ops',
  'sk_skb',
  'cgroup_device',
  'sk_msg',
  'raw_tracepoint',
  'cgroup_sock_addr',
  'lwt_seg6local',
  'lirc_mode2',
  'sk_reuseport',
  'flow_dissector',
  'cgroup_sysctl',
  'raw_tracepoint_writable',
  'cgroup_sockopt',
  'tracing',
  'struct_ops',
  'ext',
  'lsm',
  'sk_lookup',
  'syscall',
  'netfilter',
] as const;

const words = (text: string): readonly string[] => text.split(' ').filter((word) => word !== '');

const SOCKET_ENDS = 'family remote_ip4 local_ip4 remote_ip6 local_ip6 remote_port local_port';
const LWT_UNREADABLE = words(
  `tc_classid ${SOCKET_ENDS} data_meta flow_keys tstamp wire_len tstamp_type hwtstamp`,
);
const LWT_WRITABLE = words('mark priority cb');
const TC_UNREADABLE = words(`${SOCKET_ENDS} flow_keys`);
const TC_WRITABLE = words('mark queue_mapping priority tc_index cb tc_classid tstamp');
// Before 6.18 no kprobe program could write registers; since then uprobes may, and the load is allowed for both.
const REGISTERS = words('r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip csx flags sp ssx');

// biome-ignore format: a table
/** Every program type, by ascending id; ids are dense from 1. */
export const PROGRAM_TYPES: readonly ProgramType[] = [
  { id: 1, name: 'socket_filter', context: '__sk_buff', unreadable: words(`tc_classid data data_end ${SOCKET_ENDS} data_meta flow_keys tstamp wire_len tstamp_type hwtstamp`), writable: words('cb'), testRun: true, since: '3.19' },
  { id: 2, name: 'kprobe', context: 'pt_regs', unreadable: [], writable: REGISTERS, testRun: false, since: '4.1' },
  { id: 3, name: 'sched_cls', context: '__sk_buff', unreadable: TC_UNREADABLE, writable: TC_WRITABLE, testRun: true, since: '4.1' },
  { id: 4, name: 'sched_act', context: '__sk_buff', unreadable: TC_UNREADABLE, writable: TC_WRITABLE, testRun: true, since: '4.1' },
  { id: 5, name: 'tracepoint', context: null, unreadable: [], writable: [], testRun: false, since: '4.7' },
  { id: 6, name: 'xdp', context: 'xdp_md', unreadable: [], writable: [], testRun: true, since: '4.8' },
  { id: 7, name: 'perf_event', context: 'bpf_perf_event_data', unreadable: [], writable: [], testRun: false, since: '4.9' },
  { id: 8, name: 'cgroup_skb', context: '__sk_buff', unreadable: words('tc_classid data_meta flow_keys wire_len tstamp_type'), writable: words('mark priority cb tstamp'), testRun: true, since: '4.10' },
  { id: 9, name: 'cgroup_sock', context: 'bpf_sock', unreadable: [], writable: words('bound_dev_if mark priority'), testRun: false, since: '4.10' },
  { id: 10, name: 'lwt_in', context: '__sk_buff', unreadable: LWT_UNREADABLE, writable: LWT_WRITABLE, testRun: true, since: '4.10' },
  { id: 11, name: 'lwt_out', context: '__sk_buff', unreadable: LWT_UNREADABLE, writable: LWT_WRITABLE, testRun: true, since: '4.10' },
  { id: 12, name: 'lwt_xmit', context: '__sk_buff', unreadable: LWT_UNREADABLE, writable: LWT_WRITABLE, testRun: true, since: '4.10' },
  { id: 13, name: 'sock_ops', context: 'bpf_sock_ops', unreadable: [], writable: words('args reply replylong sk_txhash'), testRun: false, since: '4.13' },
  { id: 14, name: 'sk_skb', context: '__sk_buff', unreadable: words('mark tc_classid data_meta flow_keys tstamp wire_len tstamp_type hwtstamp'), writable: words('priority tc_index'), testRun: false, since: '4.14' },
  { id: 15, name: 'cgroup_device', context: 'bpf_cgroup_dev_ctx', unreadable: [], writable: [], testRun: false, since: '4.15' },
  { id: 16, name: 'sk_msg', context: 'sk_msg_md', unreadable: [], writable: [], testRun: false, since: '4.17' },
  { id: 17, name: 'raw_tracepoint', context: 'bpf_raw_tracepoint_args', unreadable: [], writable: [], testRun: true, since: '4.17' },
  { id: 18, name: 'cgroup_sock_addr', context: 'bpf_sock_addr', unreadable: [], writable: words('user_ip4 user_ip6 user_port msg_src_ip4 msg_src_ip6'), testRun: false, since: '4.17' },
  { id: 19, name: 'lwt_seg6local', context: '__sk_buff', unreadable: LWT_UNREADABLE, writable: LWT_WRITABLE, testRun: true, since: '4.18' },
  { id: 20, name: 'lirc_mode2', context: null, unreadable: [], writable: [], testRun: false, since: '4.18' },
  { id: 21, name: 'sk_reuseport', context: 'sk_reuseport_md', unreadable: [], writable: [], testRun: false, since: '4.19' },
  { id: 22, name: 'flow_dissector', context: '__sk_buff', unreadable: words(`len pkt_type mark queue_mapping protocol vlan_present vlan_tci vlan_proto priority ingress_ifindex ifindex tc_index cb hash tc_classid napi_id ${SOCKET_ENDS} data_meta tstamp wire_len gso_segs sk gso_size tstamp_type hwtstamp`), writable: [], testRun: true, since: '4.20' },
  { id: 23, name: 'cgroup_sysctl', context: 'bpf_sysctl', unreadable: [], writable: words('file_pos'), testRun: false, since: '5.2' },
  { id: 24, name: 'raw_tracepoint_writable', context: 'bpf_raw_tracepoint_args', unreadable: [], writable: [], testRun: true, since: '5.2' },
  { id: 25, name: 'cgroup_sockopt', context: 'bpf_sockopt', unreadable: [], writable: words('level optname optlen retval'), testRun: false, since: '5.3' },
  { id: 26, name: 'tracing', context: null, unreadable: [], writable: [], testRun: true, since: '5.5' },
  { id: 27, name: 'struct_ops', context: null, unreadable: [], writable: [], testRun: true, since: '5.6' },
  { id: 28, name: 'ext', context: null, unreadable: [], writable: [], testRun: false, since: '5.6' },
  { id: 29, name: 'lsm', context: null, unreadable: [], writable: [], testRun: false, since: '5.7' },
  { id: 30, name: 'sk_lookup', context: 'bpf_sk_lookup', unreadable: [], writable: [], testRun: true, since: '5.9' },
  { id: 31, name: 'syscall', context: null, unreadable: [], writable: [], testRun: true, since: '5.14' },
  { id: 32, name: 'netfilter', context: 'bpf_nf_ctx', unreadable: [], writable: [], testRun: true, since: '6.4' },
];
