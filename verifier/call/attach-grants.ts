/** Helpers that depend on the attach type of a program, beyond its type. */
import type { HelperName } from '../../bpf/helpers/index.ts';
import { isAtLeast, type KernelRelease } from '../../bpf/kernel-release.ts';
import type { ProgramTypeName } from '../../bpf/programs.ts';

/** Hooks whose result is not the system call's (`cgroup_common_func_proto`). */
const WITHOUT_RETVAL: ReadonlySet<string> = new Set([
  'cgroup_inet_ingress',
  'cgroup_inet_egress',
  'cgroup_sock_ops',
  'cgroup_udp4_recvmsg',
  'cgroup_udp6_recvmsg',
  'cgroup_unix_recvmsg',
  'cgroup_inet4_getpeername',
  'cgroup_inet6_getpeername',
  'cgroup_unix_getpeername',
  'cgroup_inet4_getsockname',
  'cgroup_inet6_getsockname',
  'cgroup_unix_getsockname',
]);

/** Hooks that hold the socket (`sock_addr_func_proto`). */
const WITH_SOCKOPT: ReadonlySet<string> = new Set([
  'cgroup_inet4_bind',
  'cgroup_inet6_bind',
  'cgroup_inet4_connect',
  'cgroup_inet6_connect',
  'cgroup_unix_connect',
  'cgroup_udp4_recvmsg',
  'cgroup_udp6_recvmsg',
  'cgroup_unix_recvmsg',
  'cgroup_udp4_sendmsg',
  'cgroup_udp6_sendmsg',
  'cgroup_unix_sendmsg',
  'cgroup_inet4_getpeername',
  'cgroup_inet6_getpeername',
  'cgroup_inet4_getsockname',
  'cgroup_inet6_getsockname',
]);

/** Programs of cgroups, on all of whose other hooks the result of the system call is at hand. */
const CGROUP_TYPES: ReadonlySet<ProgramTypeName> = new Set<ProgramTypeName>([
  'cgroup_skb',
  'cgroup_sock',
  'cgroup_sock_addr',
  'cgroup_device',
  'cgroup_sysctl',
  'cgroup_sockopt',
  'sock_ops',
]);

/** Undefined: the program's type alone decides. */
export function isGrantedByAttachType(
  type: ProgramTypeName,
  attach: string | undefined,
  name: HelperName,
  release: KernelRelease,
): boolean | undefined {
  // Number 0: what a program that names none is taken for.
  const attachType = attach ?? 'cgroup_inet_ingress';
  switch (name) {
    case 'get_retval':
    case 'set_retval':
      if (type === 'lsm' && attachType === 'lsm_cgroup') return true;
      if (!CGROUP_TYPES.has(type)) return undefined;
      if (!isAtLeast(release, '6.1')) return undefined;
      return !WITHOUT_RETVAL.has(attachType);
    case 'skb_pull_data':
      // Taken back from the releases that are maintained longest.
      return type === 'lwt_seg6local' && (release === '6.1' || release === '6.12') ? false : undefined;
    case 'bind':
      if (type !== 'cgroup_sock_addr') return undefined;
      return attachType === 'cgroup_inet4_connect' || attachType === 'cgroup_inet6_connect';
    case 'setsockopt':
    case 'getsockopt':
      return mayUseSocketOptions(type, attachType, release);
    default:
      return undefined;
  }
}

function mayUseSocketOptions(
  type: ProgramTypeName,
  attachType: string,
  release: KernelRelease,
): boolean | undefined {
  switch (type) {
    case 'cgroup_sock_addr':
      if (attachType === 'cgroup_unix_getpeername' || attachType === 'cgroup_unix_getsockname') {
        return isAtLeast(release, '6.16');
      }
      return WITH_SOCKOPT.has(attachType);
    case 'cgroup_sockopt':
      return isAtLeast(release, '5.15') ? attachType === 'cgroup_setsockopt' : undefined;
    default:
      return undefined;
  }
}
