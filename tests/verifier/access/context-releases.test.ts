import { expect, test } from 'vitest';
import { ldx8, ldx16, ldx32, ldx64, r0, r1, st32, st64 } from '../../../bpf/build/index.ts';
import type { KernelRelease } from '../../../bpf/kernel-release.ts';
import type { ProgramTypeName } from '../../../bpf/programs.ts';
import { walk } from './walk.ts';

const refused = (off: number, size: number): string => `invalid bpf_context access off=${off} size=${size}`;

test.each([
  ['socket_filter', ldx64(r0, r1, 168), '5.0', refused(168, 8)],
  ['socket_filter', ldx64(r0, r1, 168), '5.1', undefined],
  ['socket_filter', ldx8(r0, r1, 2), '4.18', refused(2, 1)],
  ['socket_filter', ldx8(r0, r1, 0), '4.18', undefined],
  ['sched_cls', ldx64(r0, r1, 184), '5.15', refused(184, 8)],
  ['sched_cls', st32(r1, 12, 0), '5.0', refused(12, 4)],
  ['sched_cls', st32(r1, 12, 0), '5.1', undefined],
  ['cgroup_skb', ldx32(r0, r1, 76), '4.19', refused(76, 4)],
  ['kprobe', st64(r1, 0, 0), '6.17', refused(0, 8)],
  ['kprobe', st64(r1, 0, 0), '6.18', undefined],
  ['kprobe', ldx8(r0, r1, 3), '4.15', undefined],
  ['tracepoint', ldx16(r0, r1, 4000), '5.15', refused(4000, 2)],
  ['tracepoint', ldx16(r0, r1, 4000), '5.16', undefined],
  ['sock_ops', ldx64(r0, r1, 216), '6.1', refused(216, 8)],
] as const satisfies readonly (readonly [ProgramTypeName, unknown, KernelRelease, unknown])[])(
  '%s %#',
  (type, insn, release, expected) => {
    const kernel = { release, config: { kprobeWrites: true } };
    expect(walk([insn], { type, options: { kernel } }).message).toBe(expected);
  },
);

test('a machine may keep registers from programs', () => {
  const options = { kernel: { release: '6.18', config: { kprobeWrites: false } } } as const;
  expect(walk([st64(r1, 0, 0)], { type: 'kprobe', options }).message).toBe(refused(0, 8));
});
