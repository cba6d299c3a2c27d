import { expect, test } from 'vitest';
import type { AttachKind, AttachPoint } from '../../../bpf/attach-point.ts';
import { decodeAttachPoint, encodeAttachPoint } from '../../../compiler/object/attach-json.ts';
import { CheckedJson } from '../../../compiler/object/checked-json.ts';

/** Of each kind: a new one is a type error here. */
const POINTS: { readonly [Kind in AttachKind]: readonly (AttachPoint & { readonly kind: Kind })[] } = {
  begin: [{ kind: 'begin' }],
  end: [{ kind: 'end' }],
  self: [{ kind: 'self', signal: 'SIGUSR1' }],
  test: [{ kind: 'test', name: 'a' }],
  bench: [{ kind: 'bench', name: 'a' }],
  tracepoint: [{ kind: 'tracepoint', system: 'sched', event: 'sched_switch' }],
  rawtracepoint: [
    { kind: 'rawtracepoint', event: 'sys_enter' },
    { kind: 'rawtracepoint', event: 'x', module: 'ext4' },
  ],
  kprobe: [{ kind: 'kprobe', function: 'vfs_read', offset: 4 }],
  kretprobe: [{ kind: 'kretprobe', function: 'vfs_read', module: 'ext4' }],
  fentry: [{ kind: 'fentry', function: 'vfs_read', module: 'ext4' }],
  fexit: [{ kind: 'fexit', function: 'vfs_read' }],
  uprobe: [{ kind: 'uprobe', target: '/bin/sh', function: 'main', offset: 4 }],
  uretprobe: [{ kind: 'uretprobe', target: '/bin/sh', function: 'main' }],
  usdt: [{ kind: 'usdt', target: '/bin/sh', provider: 'a', probe: 'b' }],
  interval: [{ kind: 'interval', periodNs: 1_000_000_000 }],
  profile: [
    { kind: 'profile', frequencyHz: 99 },
    { kind: 'profile', periodNs: 1000 },
  ],
  software: [{ kind: 'software', event: 'page-faults', count: 100 }],
  hardware: [{ kind: 'hardware', event: 'cache-misses', count: 1_000_000 }],
  watchpoint: [{ kind: 'watchpoint', address: (1n << 64n) - 8n, length: 8, mode: 'rw' }],
  'kprobe-multi': [{ kind: 'kprobe-multi', pattern: 'vfs_*', mode: 'session' }],
  ksyscall: [{ kind: 'ksyscall', syscall: 'openat', mode: 'return' }],
  'uprobe-multi': [{ kind: 'uprobe-multi', target: '/bin/sh', pattern: 'x*', mode: 'entry' }],
  'fmod-ret': [{ kind: 'fmod-ret', function: 'bpf_modify_return_test', module: 'a' }],
  lsm: [{ kind: 'lsm', hook: 'file_open', cgroup: true }],
  freplace: [{ kind: 'freplace', function: 'f' }],
  iter: [
    { kind: 'iter', target: 'task' },
    { kind: 'iter', target: 'task', pin: '/sys/fs/bpf/x' },
  ],
};

test.each(Object.values(POINTS).flat())('$kind comes back as it was', (point) => {
  const json: unknown = JSON.parse(JSON.stringify(encodeAttachPoint(point)));
  expect(decodeAttachPoint(new CheckedJson(json))).toEqual(point);
});

test.each<[string, object, RegExp]>([
  ['an unknown kind', { kind: 'nowhere' }, /kind is none of begin/],
  ['no event', { kind: 'tracepoint', system: 'sched' }, /has no 'event'/],
  ['a period of nothing', { kind: 'interval', periodNs: 0 }, /periodNs is 0/],
  ['an address of 65 bits', { kind: 'watchpoint', address: '18446744073709551616' }, /does not fit into 64/],
])('refuses %s', (_, json, message) => {
  expect(() => decodeAttachPoint(new CheckedJson(json))).toThrow(message);
});
