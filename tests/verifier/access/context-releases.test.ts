import { expect, test } from 'vitest';
import { ldx8, ldx16, ldx32, ldx64, r0, r1, r2, st32, stx32, stx64 } from '../../../bpf/build/index.ts';
import type { KernelRelease } from '../../../bpf/kernel-release.ts';
import type { ProgramTypeName } from '../../../bpf/programs.ts';
import { UNKNOWN, walk } from './walk.ts';

const refused = (off: number, size: number): string => `invalid bpf_context access off=${off} size=${size}`;

test.each([
  ['socket_filter', ldx64(r0, r1, 168), '5.0', refused(168, 8)],
  ['socket_filter', ldx64(r0, r1, 168), '5.1', undefined],
  ['socket_filter', ldx8(r0, r1, 2), '4.18', refused(2, 1)],
  ['socket_filter', ldx8(r0, r1, 0), '4.18', undefined],
  ['sched_cls', ldx64(r0, r1, 184), '5.15', refused(184, 8)],
  ['sched_cls', stx32(r1, 12, r2), '5.0', refused(12, 4)],
  ['sched_cls', stx32(r1, 12, r2), '5.1', undefined],
  ['cgroup_skb', ldx32(r0, r1, 76), '4.19', refused(76, 4)],
  ['kprobe', ldx8(r0, r1, 3), '4.15', undefined],
  ['tracepoint', ldx16(r0, r1, 4000), '5.15', refused(4000, 2)],
  ['tracepoint', ldx16(r0, r1, 4000), '5.16', undefined],
  ['sock_ops', ldx64(r0, r1, 216), '6.1', refused(216, 8)],
] as const satisfies readonly (readonly [ProgramTypeName, unknown, KernelRelease, unknown])[])(
  '%s %#',
  (type, insn, release, expected) => {
    expect(walk([insn], { type, registers: { 2: UNKNOWN }, options: { kernel: { release } } }).message).toBe(
      expected,
    );
  },
);

test('a machine may let programs write registers', () => {
  const ask = (release: KernelRelease, kprobeWrites: boolean): string | undefined =>
    walk([stx64(r1, 0, r2)], {
      type: 'kprobe',
      registers: { 2: UNKNOWN },
      options: { kernel: { release, config: { kprobeWrites } } },
    }).message;
  expect(ask('6.18', true)).toBeUndefined();
  expect(ask('6.18', false)).toBe(refused(0, 8));
  expect(ask('6.17', true)).toBe(refused(0, 8));
});

test('the context is written from registers only before 6.4', () => {
  const ask = (release: KernelRelease): string | undefined =>
    walk([st32(r1, 48, 0)], { options: { kernel: { release } } }).message;
  expect(ask('6.3')).toBe('BPF_ST stores into R1 ctx is not allowed');
  expect(ask('6.4')).toBeUndefined();
});
