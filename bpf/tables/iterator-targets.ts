/**
 * Arguments of iterator programs (`bpf_iter_reg` of each target): what they point to and whether they may be trusted. Where
 * `type` is null it is a buffer. `bpf_iter_meta`, the first argument of each, is not in the table.
 */

export interface IteratorArgument {
  /** Bytes from the start of the context. */
  readonly off: number;
  /** Struct of the kernel; null: a buffer of keys or values. */
  readonly type: string | null;
  readonly trusted: boolean;
  readonly readOnly: boolean;
}

const object = (off: number, type: string, trusted = true): IteratorArgument => ({
  off,
  type,
  trusted,
  readOnly: false,
});
const buffer = (off: number, readOnly: boolean): IteratorArgument => ({
  off,
  type: null,
  trusted: false,
  readOnly,
});

/** By the function a program attaches to, without `bpf_iter_`. */
export const ITERATOR_TARGETS: Readonly<Record<string, readonly IteratorArgument[]>> = {
  task: [object(8, 'task_struct')],
  task_file: [object(8, 'task_struct', false), object(24, 'file', false)],
  task_vma: [object(8, 'task_struct', false), object(16, 'vm_area_struct', false)],
  bpf_map: [object(8, 'bpf_map')],
  bpf_map_elem: [buffer(16, true), buffer(24, false)],
  bpf_prog: [object(8, 'bpf_prog', false)],
  bpf_link: [object(8, 'bpf_link', false)],
  bpf_sk_storage_map: [object(16, 'sock', false), buffer(24, false)],
  cgroup: [object(8, 'cgroup')],
  tcp: [object(8, 'sock_common')],
  udp: [object(8, 'udp_sock')],
  unix: [object(8, 'unix_sock')],
  netlink: [object(8, 'netlink_sock', false)],
  ipv6_route: [object(8, 'fib6_info', false)],
  sockmap: [buffer(16, true), object(24, 'sock')],
  ksym: [object(8, 'kallsym_iter', false)],
  kmem_cache: [object(8, 'kmem_cache')],
  dmabuf: [object(8, 'dma_buf')],
};
