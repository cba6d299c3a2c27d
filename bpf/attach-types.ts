/** What the kernel asks of a program's attach type at load (`expected_attach_type`). */
import type { KernelRelease } from './kernel-release.ts';
import type { ProgramTypeName } from './programs.ts';
import type { AttachTypeName } from './sections.ts';
import { ATTACH_TYPES_SINCE } from './tables/attach-types.ts';

const SINCE: ReadonlyMap<AttachTypeName, KernelRelease> = new Map(
  ATTACH_TYPES_SINCE.flatMap(([release, names]) => names.map((name) => [name, release] as const)),
);

/** First release that has the attach type. */
export function attachTypeSince(name: AttachTypeName): KernelRelease {
  return SINCE.get(name)!;
}

/**
 * Program types of which the load is refused with another attach type than these (`bpf_prog_load_check_attach`). Other types
 * take any number; what it means is asked at attachment.
 */
export const REQUIRED_ATTACH_TYPES: Readonly<Partial<Record<ProgramTypeName, readonly AttachTypeName[]>>> = {
  cgroup_sock: [
    'cgroup_inet_sock_create',
    'cgroup_inet_sock_release',
    'cgroup_inet4_post_bind',
    'cgroup_inet6_post_bind',
  ],
  cgroup_sock_addr: [
    'cgroup_inet4_bind',
    'cgroup_inet6_bind',
    'cgroup_inet4_connect',
    'cgroup_inet6_connect',
    'cgroup_unix_connect',
    'cgroup_inet4_getpeername',
    'cgroup_inet6_getpeername',
    'cgroup_unix_getpeername',
    'cgroup_inet4_getsockname',
    'cgroup_inet6_getsockname',
    'cgroup_unix_getsockname',
    'cgroup_udp4_sendmsg',
    'cgroup_udp6_sendmsg',
    'cgroup_unix_sendmsg',
    'cgroup_udp4_recvmsg',
    'cgroup_udp6_recvmsg',
    'cgroup_unix_recvmsg',
  ],
  cgroup_skb: ['cgroup_inet_ingress', 'cgroup_inet_egress'],
  cgroup_sockopt: ['cgroup_setsockopt', 'cgroup_getsockopt'],
  sk_lookup: ['sk_lookup'],
  sk_reuseport: ['sk_reuseport_select', 'sk_reuseport_select_or_migrate'],
  netfilter: ['netfilter'],
  // The first of the table, number 0, stands for none.
  syscall: ['cgroup_inet_ingress'],
  ext: ['cgroup_inet_ingress'],
};

/** What an attach type of 0 is taken for (`bpf_prog_load_fixup_attach_type`). */
export const DEFAULT_ATTACH_TYPES: Readonly<Partial<Record<ProgramTypeName, AttachTypeName>>> = {
  cgroup_sock: 'cgroup_inet_sock_create',
  sk_reuseport: 'sk_reuseport_select',
};
