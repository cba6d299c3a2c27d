/** Helpers for programs of users without capabilities (the first part of `bpf_base_func_proto`, and those of the packet). */
import type { HelperName } from '../../bpf/helpers/index.ts';
import type { ProgramTypeName } from '../../bpf/programs.ts';

const ANY_PROGRAM: ReadonlySet<HelperName> = new Set<HelperName>([
  'map_lookup_elem',
  'map_update_elem',
  'map_delete_elem',
  'map_push_elem',
  'map_pop_elem',
  'map_peek_elem',
  'map_lookup_percpu_elem',
  'get_prandom_u32',
  'get_smp_processor_id',
  'get_numa_node_id',
  'tail_call',
  'ktime_get_ns',
  'ktime_get_boot_ns',
  'ktime_get_tai_ns',
  'ktime_get_coarse_ns',
  'ringbuf_output',
  'ringbuf_reserve',
  'ringbuf_submit',
  'ringbuf_discard',
  'ringbuf_query',
  'strncmp',
  'strtol',
  'strtoul',
  'get_current_pid_tgid',
  'get_ns_current_pid_tgid',
  'skb_load_bytes',
  'skb_load_bytes_relative',
  'get_socket_cookie',
  'get_socket_uid',
  'perf_event_output',
]);

const CGROUP_PACKET: ReadonlySet<HelperName> = new Set<HelperName>([
  'get_local_storage',
  'sk_fullsock',
  'sk_storage_get',
  'sk_storage_delete',
  'skb_cgroup_id',
  'skb_ancestor_cgroup_id',
  'sk_cgroup_id',
  'sk_ancestor_cgroup_id',
  'sk_lookup_tcp',
  'sk_lookup_udp',
  'sk_release',
  'skc_lookup_tcp',
  'tcp_sock',
  'get_listener_sock',
  'skb_ecn_set_ce',
]);

export function isUnprivilegedHelper(type: ProgramTypeName, name: HelperName): boolean {
  return ANY_PROGRAM.has(name) || (type === 'cgroup_skb' && CGROUP_PACKET.has(name));
}
