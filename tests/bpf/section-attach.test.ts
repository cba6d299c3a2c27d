import { expect, test } from 'vitest';
import type { AttachPoint } from '../../bpf/attach-point.ts';
import { attachPointsOf, attachProblem } from '../../bpf/section-attach.ts';

test.each<readonly [string, AttachPoint]>([
  ['tp/sched/sched_switch', { kind: 'tracepoint', system: 'sched', event: 'sched_switch' }],
  ['?tracepoint/a/b', { kind: 'tracepoint', system: 'a', event: 'b' }],
  ['raw_tp/sys_enter', { kind: 'rawtracepoint', event: 'sys_enter' }],
  ['raw_tp.w/x', { kind: 'rawtracepoint', event: 'x' }],
  ['tp_btf/sched_switch', { kind: 'rawtracepoint', event: 'sched_switch' }],
  ['kprobe/vfs_read', { kind: 'kprobe', function: 'vfs_read' }],
  ['kprobe/f.isra.0+0x1f', { kind: 'kprobe', function: 'f.isra.0', offset: 31 }],
  ['kretprobe/vfs_read', { kind: 'kretprobe', function: 'vfs_read' }],
  ['kprobe.multi/tcp_*', { kind: 'kprobe-multi', pattern: 'tcp_*', mode: 'entry' }],
  ['kretprobe.multi/tcp_*', { kind: 'kprobe-multi', pattern: 'tcp_*', mode: 'return' }],
  ['kprobe.session/tcp_*', { kind: 'kprobe-multi', pattern: 'tcp_*', mode: 'session' }],
  ['ksyscall/openat', { kind: 'ksyscall', syscall: 'openat', mode: 'entry' }],
  ['kretsyscall/openat', { kind: 'ksyscall', syscall: 'openat', mode: 'return' }],
  ['uprobe//bin/sh:main+16', { kind: 'uprobe', target: '/bin/sh', function: 'main', offset: 16 }],
  ['uretprobe.s/libc.so.6:malloc', { kind: 'uretprobe', target: 'libc.so.6', function: 'malloc' }],
  ['uprobe.multi//bin/sh:x*', { kind: 'uprobe-multi', target: '/bin/sh', pattern: 'x*', mode: 'entry' }],
  [
    'uprobe.session.s//bin/sh:x*',
    { kind: 'uprobe-multi', target: '/bin/sh', pattern: 'x*', mode: 'session' },
  ],
  ['usdt//a:b/c:prov:name', { kind: 'usdt', target: '/a:b/c', provider: 'prov', probe: 'name' }],
  ['fentry/vfs_read', { kind: 'fentry', function: 'vfs_read' }],
  ['fexit.s/ext4:ext4_open', { kind: 'fexit', function: 'ext4_open', module: 'ext4' }],
  ['fmod_ret/security_file_open', { kind: 'fmod-ret', function: 'security_file_open' }],
  ['lsm.s/file_open', { kind: 'lsm', hook: 'file_open', cgroup: false }],
  ['lsm_cgroup/socket_bind', { kind: 'lsm', hook: 'socket_bind', cgroup: true }],
  ['iter.s/task', { kind: 'iter', target: 'task' }],
  ['freplace/subprogram', { kind: 'freplace', function: 'subprogram' }],
])('%s', (section, point) => {
  expect(attachPointsOf(section)).toEqual([point]);
  expect(attachProblem(section)).toBeUndefined();
});

test.each(['xdp', 'socket', 'perf_event', 'kprobe', 'struct_ops/anything', 'nothing/known'])(
  '%s asks for no point',
  (section) => {
    expect(attachPointsOf(section)).toEqual([]);
    expect(attachProblem(section)).toBeUndefined();
  },
);

test.each([
  ['tp/sched', "'sched' is not of the form SYSTEM/EVENT"],
  ['kprobe/not a name', "'not a name' is not of the form FUNCTION[+OFFSET]"],
  ['?kretprobe/vfs_*', "'vfs_*' is not of the form FUNCTION[+OFFSET]"],
  ['uprobe//bin/sh', "'/bin/sh' is not of the form PATH:FUNCTION[+OFFSET]"],
  ['uprobe.multi.s/x', "'x' is not of the form PATH:PATTERN"],
  ['usdt//bin/sh:only', "'/bin/sh:only' is not of the form PATH:PROVIDER:PROBE"],
])('%s asks for a point that there is not', (section, problem) => {
  expect(attachPointsOf(section)).toEqual([]);
  expect(attachProblem(section)).toBe(problem);
});
