/**
 * What `generate-helpers.ts` cannot read from its inputs: releases by helper number, prototypes that the kernel keeps
 * in other files, the structures behind BTF id lists and `sizeof`.
 */
import type { Prototype } from './generate-helpers.ts';

/** Newest kernel whose answers count: from 7.2 on an unknown helper is refused only after the probe's verdict. */
export const LAST_PROBED = '7.1';

/** `[last id, release]`: helpers are numbered in the order they came. */
export const RELEASES: readonly (readonly [number, string])[] = [
  [3, '3.19'],
  [11, '4.1'],
  [16, '4.2'],
  [22, '4.3'],
  [25, '4.4'],
  [26, '4.5'],
  [30, '4.6'],
  [36, '4.8'],
  [41, '4.9'],
  [44, '4.10'],
  [45, '4.11'],
  [47, '4.12'],
  [50, '4.13'],
  [53, '4.14'],
  [57, '4.15'],
  [59, '4.16'],
  [64, '4.17'],
  [80, '4.18'],
  [83, '4.19'],
  [90, '4.20'],
  [92, '5.0'],
  [98, '5.1'],
  [108, '5.2'],
  [110, '5.3'],
  [115, '5.5'],
  [119, '5.6'],
  [124, '5.7'],
  [135, '5.8'],
  [141, '5.9'],
  [155, '5.10'],
  [162, '5.11'],
  [163, '5.12'],
  [165, '5.13'],
  [168, '5.14'],
  [175, '5.15'],
  [179, '5.16'],
  [185, '5.17'],
  [193, '5.18'],
  [203, '5.19'],
  [207, '6.0'],
  [209, '6.1'],
  [211, '6.2'],
];

const scalarArgs = (count: number): readonly string[] => Array.from({ length: count }, () => 'ANYTHING');

/** Helpers whose prototype has no file-wide definition of its own name, or that another one was taken for. */
export const HIDDEN_PROTOTYPES: Readonly<Record<string, Prototype>> = {
  45: {
    name: 'probe_read_str',
    ret: 'INTEGER',
    args: ['PTR_TO_UNINIT_MEM', 'CONST_SIZE_OR_ZERO', 'ANYTHING'],
    gpl: true,
  },
  51: {
    name: 'redirect_map',
    ret: 'INTEGER',
    args: ['CONST_MAP_PTR', ...scalarArgs(2)],
    gpl: false,
  },
  73: {
    name: 'lwt_push_encap',
    ret: 'INTEGER',
    args: ['PTR_TO_CTX', 'ANYTHING', 'PTR_TO_MEM | MEM_RDONLY', 'CONST_SIZE'],
    gpl: false,
  },
  77: { name: 'rc_repeat', ret: 'INTEGER', args: ['PTR_TO_CTX'], gpl: true },
  78: { name: 'rc_keydown', ret: 'INTEGER', args: ['PTR_TO_CTX', ...scalarArgs(3)], gpl: true },
  82: {
    name: 'sk_select_reuseport',
    ret: 'INTEGER',
    args: ['PTR_TO_CTX', 'CONST_MAP_PTR', 'PTR_TO_MAP_KEY', 'ANYTHING'],
    gpl: false,
  },
  92: { name: 'rc_pointer_rel', ret: 'INTEGER', args: ['PTR_TO_CTX', ...scalarArgs(2)], gpl: true },
  116: {
    name: 'tcp_send_ack',
    ret: 'INTEGER',
    args: ['PTR_TO_BTF_ID', 'ANYTHING'],
    gpl: false,
    arg1_btf_id: 'tcp_sock',
  },
  173: { name: 'get_func_ip', ret: 'INTEGER', args: ['PTR_TO_CTX'], gpl: true },
};

/** Structure names by the expression in the prototype. */
export const BTF_NAMES: Readonly<Record<string, string>> = {
  tcp_sock: 'tcp_sock',
  '&bpf_skb_output_btf_ids[0]': 'sk_buff',
  '&bpf_xdp_output_btf_ids[0]': 'xdp_buff',
  '&btf_seq_file_ids[0]': 'seq_file',
  '&btf_sock_ids[BTF_SOCK_TYPE_TCP6]': 'tcp6_sock',
  '&btf_sock_ids[BTF_SOCK_TYPE_TCP]': 'tcp_sock',
  '&btf_sock_ids[BTF_SOCK_TYPE_TCP_TW]': 'tcp_timewait_sock',
  '&btf_sock_ids[BTF_SOCK_TYPE_TCP_REQ]': 'tcp_request_sock',
  '&btf_sock_ids[BTF_SOCK_TYPE_UDP6]': 'udp6_sock',
  '&btf_sock_ids[BTF_SOCK_TYPE_UNIX]': 'unix_sock',
  '&btf_sock_ids[BTF_SOCK_TYPE_MPTCP]': 'mptcp_sock',
  '&btf_tracing_ids[BTF_TRACING_TYPE_TASK]': 'task_struct',
  '&bpf_inode_storage_btf_ids[0]': 'inode',
  '&bpf_d_path_btf_ids[0]': 'path',
  '&bpf_bprm_opts_set_btf_ids[0]': 'linux_binprm',
  '&bpf_ima_inode_hash_btf_ids[0]': 'inode',
  '&bpf_sock_from_file_btf_ids[0]': 'socket',
  '&bpf_sock_from_file_btf_ids[1]': 'file',
  '&bpf_task_pt_regs_ids[0]': 'pt_regs',
  '&bpf_ima_file_hash_btf_ids[0]': 'file',
  '&bpf_cgroup_btf_id[0]': 'cgroup',
};

/** Bytes of the fixed-size buffers. */
export const SIZES: Readonly<Record<string, number>> = {
  'sizeof(s64)': 8,
  'sizeof(u64)': 8,
  'sizeof(u32)': 4,
  'sizeof(struct iphdr)': 20,
  'sizeof(struct ipv6hdr)': 40,
  'sizeof(struct tcphdr)': 20,
};

/**
 * Helpers that Linux took back from program types (`ktime_get_coarse_ns` from tracing, in 5.16). Others that a probed
 * kernel lacks after an older one had them are a matter of configuration.
 */
export const REVOKED: readonly number[] = [160];
