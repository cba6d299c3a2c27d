import { expect, test } from 'vitest';
import { assembleInstructions } from '../../../bpf/asm/index.ts';
import { encodeInstructions } from '../../../bpf/encode.ts';
import type { KernelRelease } from '../../../bpf/kernel-release.ts';
import type { ProgramTypeName } from '../../../bpf/programs.ts';
import { verify } from '../../../verifier/verify.ts';

function answer(
  type: ProgramTypeName,
  attachType: string | undefined,
  text: string,
  release: KernelRelease,
  privileged = true,
): string {
  const { bytes } = encodeInstructions(assembleInstructions(`${text}\nr0 = 1\nexit`).instructions);
  const input = { type, bytes, license: 'GPL', ...(attachType === undefined ? {} : { attachType }) };
  const report = verify(input, { kernel: { release }, privileged });
  return report.accepted === true ? 'accepted' : (report.refusal?.message ?? 'no verdict');
}

test.each([
  ['cgroup_device', 'cgroup_device', 'call bpf_get_retval', '6.18', 'accepted'],
  [
    'cgroup_skb',
    'cgroup_inet_ingress',
    'call bpf_get_retval',
    '6.18',
    'program of this type cannot use helper bpf_get_retval#186',
  ],
  [
    'cgroup_sock_addr',
    'cgroup_udp4_sendmsg',
    'call bpf_bind',
    '6.18',
    'program of this type cannot use helper bpf_bind#64',
  ],
  ['cgroup_sock_addr', 'cgroup_inet4_connect', 'call bpf_bind', '6.18', 'R2 !read_ok'],
  ['kprobe', undefined, 'call bpf_skb_load_bytes', '6.1', 'unknown func bpf_skb_load_bytes#26'],
  ['kprobe', undefined, 'call 4000', '6.1', 'invalid func unknown#4000'],
  ['kprobe', undefined, 'call bpf_cgrp_storage_get', '6.1', 'invalid func unknown#210'],
] as const)('%s %s: %s on %s', (type, attachType, text, release, expected) => {
  expect(answer(type, attachType, text, release)).toBe(expected);
});

test('programs of users without capabilities have a few helpers only', () => {
  expect(answer('socket_filter', undefined, 'call bpf_ktime_get_ns', '6.18', false)).toBe('accepted');
  expect(answer('socket_filter', undefined, 'call bpf_jiffies64', '6.18', false)).toBe(
    'program of this type cannot use helper bpf_jiffies64#118',
  );
  expect(answer('socket_filter', undefined, 'call bpf_get_current_task', '6.18', false)).toBe(
    'program of this type cannot use helper bpf_get_current_task#35',
  );
});
