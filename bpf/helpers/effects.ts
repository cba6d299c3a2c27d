/** What helpers do besides what their prototypes say. */
import type { HelperName } from './helper.ts';

/** The packet may move: pointers into it are void afterwards (`bpf_helper_changes_pkt_data`). */
export const MOVES_PACKET: ReadonlySet<HelperName> = new Set<HelperName>([
  'clone_redirect',
  'l3_csum_replace',
  'l4_csum_replace',
  'lwt_push_encap',
  'lwt_seg6_action',
  'lwt_seg6_adjust_srh',
  'lwt_seg6_store_bytes',
  'msg_pop_data',
  'msg_pull_data',
  'msg_push_data',
  'skb_adjust_room',
  'skb_change_head',
  'skb_change_proto',
  'skb_change_tail',
  'skb_pull_data',
  'skb_store_bytes',
  'skb_vlan_pop',
  'skb_vlan_push',
  'store_hdr_opt',
  'xdp_adjust_head',
  'xdp_adjust_meta',
  'xdp_adjust_tail',
  // The program that is called may do any of it.
  'tail_call',
]);

/** What they return must be given back (`is_acquire_function`). */
export const ACQUIRES: ReadonlySet<HelperName> = new Set<HelperName>([
  'sk_lookup_tcp',
  'sk_lookup_udp',
  'skc_lookup_tcp',
  'ringbuf_reserve',
  'kptr_xchg',
]);

/** What they return is their argument seen as another type, and lives as long (`is_ptr_cast_function`). */
export const CASTS_POINTER: ReadonlySet<HelperName> = new Set<HelperName>([
  'tcp_sock',
  'sk_fullsock',
  'skc_to_tcp_sock',
  'skc_to_tcp6_sock',
  'skc_to_udp6_sock',
  'skc_to_mptcp_sock',
  'skc_to_tcp_timewait_sock',
  'skc_to_tcp_request_sock',
]);

/** They call a function of the program that they are given: before they return (`is_sync_callback_calling_function`), or later. */
export const CALLS_BACK: ReadonlyMap<HelperName, 'sync' | 'async'> = new Map<HelperName, 'sync' | 'async'>([
  ['for_each_map_elem', 'sync'],
  ['find_vma', 'sync'],
  ['loop', 'sync'],
  ['user_ringbuf_drain', 'sync'],
  ['timer_set_callback', 'async'],
]);
