import { describe, expect, test } from 'vitest';
import { PROGRAM_TYPES } from '../../bpf/programs.ts';
import { attachTypeById, attachTypeId, parseSection, sectionFor } from '../../bpf/sections.ts';

describe('sections', () => {
  test.each([
    ['tracepoint/sched/sched_switch', 'tracepoint', null, 'sched/sched_switch', false],
    ['tp/syscalls/sys_enter_read', 'tracepoint', null, 'syscalls/sys_enter_read', false],
    ['raw_tp.w/foo', 'raw_tracepoint_writable', null, 'foo', false],
    ['kprobe.multi/vfs_*', 'kprobe', 'trace_kprobe_multi', 'vfs_*', false],
    ['uprobe//bin/bash:readline', 'kprobe', null, '/bin/bash:readline', false],
    ['fentry.s/do_unlinkat', 'tracing', 'trace_fentry', 'do_unlinkat', true],
    ['xdp.frags/devmap', 'xdp', 'xdp_devmap', '', false],
    ['cgroup/connect6', 'cgroup_sock_addr', 'cgroup_inet6_connect', '', false],
    ['cgroup/recvmsg_unix', 'cgroup_sock_addr', 'cgroup_unix_recvmsg', '', false],
    ['?kprobe/x', 'kprobe', null, 'x', false],
    ['tracepoint', 'tracepoint', null, '', false],
  ] as const)('%s', (name, type, attachType, target, sleepable) => {
    expect(parseSection(name)).toMatchObject({ rule: { type, attachType, sleepable }, target });
  });

  test.each(['', '.text', 'maps', 'xdp/', 'socket/x', 'tracepointx', 'perf_event2'])(
    "'%s' is no program's",
    (name) => {
      expect(parseSection(name)).toBeUndefined();
    },
  );

  test('every program type has a section that leads back to it', () => {
    for (const { name } of PROGRAM_TYPES) expect(parseSection(sectionFor(name, ''))?.rule.type).toBe(name);
    expect(sectionFor('tracing', 'do_exit', 'trace_fexit')).toBe('fexit/do_exit');
  });

  test('attach types have the numbers of enum bpf_attach_type', () => {
    expect(attachTypeId('trace_raw_tp')).toBe(23);
    expect(attachTypeId('xdp')).toBe(37);
    expect(attachTypeById(56)).toBe('trace_kprobe_session');
    expect(attachTypeById(58)).toBeUndefined();
  });
});
