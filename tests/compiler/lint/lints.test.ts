import { describe, expect, test } from 'vitest';
import { profileFor } from '../../../bpf/profiles/index.ts';
import { check } from '../../../compiler/check-script.ts';
import { LINT_NAMES, type LintName } from '../../../compiler/lint/names.ts';
import { testKernel } from '../support.ts';

/** The marked texts of what one lint says. */
function marked(lint: LintName, text: string): string[] {
  const { diagnostics } = check({
    source: { name: 'stdin', text },
    target: profileFor('6.1'),
    kernel: { ...testKernel(), functions: { has: () => true, list: () => ['finish_task_switch'] } },
    lints: new Set([lint]),
    mockSymbols: true,
  });
  const lints = diagnostics.filter(({ code }) => code.startsWith('BT20'));
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return lints.map(({ span }) => text.slice(span?.start, span?.end));
}

const SWITCH = 'tracepoint:sched:sched_switch';
const OPENAT = 'tracepoint:syscalls:sys_enter_openat';

/** Script → what is marked. Each lint has scripts that look alike and are fine. */
const CASES: Readonly<Record<LintName, readonly (readonly [string, readonly string[]])[]>> = {
  'stable-tracepoint': [
    ['kprobe:finish_task_switch { @ = count(); }', ['kprobe:finish_task_switch']],
    ['k:__x64_sys_openat { @ = count(); }', ['k:__x64_sys_openat']],
    // The kernel checked against has no such tracepoint, or there is none that tells the same.
    ['kprobe:oom_kill_process { @ = count(); }', []],
    ['kretprobe:finish_task_switch { @ = count(); }', []],
    ['kprobe:vfs_read { @ = count(); }', []],
    ['kprobe:finish_task_* { @ = count(); }', []],
  ],
  'hot-output': [
    [`${SWITCH} { printf("%s\\n", comm); }`, ['printf("%s\\n", comm)']],
    [`${SWITCH} /pid == 1/ { printf("%s\\n", comm); }`, []],
    [`${SWITCH} { if (pid == 1) { printf("%s\\n", comm); } }`, []],
    [`${SWITCH} { printf("%s\\n", comm); exit(); }`, []],
    [`${OPENAT} { printf("%s\\n", comm); }`, []],
    [`${SWITCH} { @[comm] = count(); }`, []],
  ],
  'hot-stack': [
    ['kprobe:vfs_read { @[kstack] = count(); }', ['kstack']],
    ['kprobe:vfs_read /pid == 1/ { @[kstack] = count(); }', []],
    // Off-CPU analysis.
    [`${SWITCH} { @[kstack] = count(); }`, []],
    ['profile:hz:99 { @[kstack] = count(); }', []],
  ],
  'unbounded-key': [
    [`${SWITCH} { @[nsecs] = count(); }`, ['nsecs']],
    [`${SWITCH} { @x[pid, nsecs] = 1; }`, ['nsecs']],
    [`${SWITCH} { @[nsecs / 1000000000] = count(); }`, []],
    [`${SWITCH} { @x[nsecs] = 1; clear(@x); }`, []],
    [`${SWITCH} { print(@x[nsecs]); @x[pid] = 1; }`, []],
  ],
  'missing-delete': [
    [`${OPENAT} { @s[tid] = nsecs; } ${SWITCH} { @ = hist(nsecs - @s[tid]); }`, ['@s[tid]']],
    [`${OPENAT} { @s[tid] = nsecs; } ${SWITCH} { @ = hist(nsecs - @s[tid]); delete(@s, tid); }`, []],
    [`${OPENAT} { @s[tid] = nsecs; } ${SWITCH} { @ = hist(nsecs - @s[tid]); } END { clear(@s); }`, []],
    [`${OPENAT} { @s[cpu] = nsecs; } ${SWITCH} { @ = hist(nsecs - @s[cpu]); }`, []],
    [`${OPENAT} { @s[tid] = pid; } ${SWITCH} { @ = hist(nsecs - @s[tid]); }`, []],
  ],
  'racy-counter': [
    [`${SWITCH} { @[comm]++; }`, ['@[comm]']],
    [`${SWITCH} { @n += 1; }`, ['@n']],
    [`${SWITCH} { @n += args.prev_pid; } END { print(@n); }`, ['@n']],
    ['BEGIN { @n++; }', []],
    [`${SWITCH} { @n++; if (@n > 10) { exit(); } }`, []],
    [`${SWITCH} { @n++; } BEGIN { @n = 5; }`, []],
    [`${SWITCH} { $x = @n++; print($x); }`, []],
  ],
  'absence-test': [
    [`${OPENAT} { @fd[tid] = args.dfd; } ${SWITCH} /@fd[tid]/ { print(1); }`, ['@fd[tid]']],
    [`${OPENAT} { @fd[tid] = args.dfd; } ${SWITCH} { if (@fd[tid]) { print(1); } }`, ['@fd[tid]']],
    [`${OPENAT} { @s[tid] = nsecs; } ${SWITCH} /@s[tid]/ { print(1); }`, []],
    [`${OPENAT} { @s[tid] = 1; } ${SWITCH} /@s[tid]/ { print(1); }`, []],
    [`${OPENAT} { @s[tid]++; } ${SWITCH} /@s[tid]/ { print(1); }`, []],
    [`${OPENAT} { @fd[tid] = args.dfd; } ${SWITCH} /has_key(@fd, tid)/ { print(1); }`, []],
  ],
  'print-in-loop': [
    ['BEGIN { @x = 1; for ($i : 0..3) { print(@x); } }', ['print(@x)']],
    ['BEGIN { @x[1] = 1; for ($kv : @x) { print($kv); print(@x[1]); } print(@x); }', []],
  ],
  'unread-map': [
    ['BEGIN { @x = 1; } END { clear(@x); }', ['@x']],
    ['config = { print_maps_on_exit = false } BEGIN { @x = 1; }', ['@x']],
    ['BEGIN { @x = 1; }', []],
    ['BEGIN { @x = 1; print(@x); } END { clear(@x); }', []],
    ['BEGIN { @x[1] = 1; if (has_key(@x, 1)) { exit(); } } END { clear(@x); }', []],
  ],
  'narrow-conversion': [
    ['BEGIN { printf("%d\\n", nsecs); }', ['nsecs']],
    ['BEGIN { $t = nsecs; printf("%u %x\\n", $t, elapsed); }', ['$t', 'elapsed']],
    ['BEGIN { printf("%d\\n", 4294967296); }', ['4294967296']],
    ['BEGIN { printf("%ld %lld\\n", nsecs, nsecs); }', []],
    ['BEGIN { printf("%d %d\\n", pid, pid + 1); }', []],
    ['BEGIN { $s = nsecs; printf("%d us\\n", (nsecs - $s) / 1000); }', []],
    ['BEGIN { $i = 0; while ($i < 3) { $i++; printf("%d\\n", $i); } }', []],
    ['BEGIN { @n[1] = 5; printf("%d%%\\n", @n[1]); }', []],
  ],
  'unused-variable': [
    ['BEGIN { $x = 1; }', ['$x']],
    ['BEGIN { let $x = 1; $x = 2; $x++; }', ['$x']],
    ['BEGIN { $x = 1; print($x); }', []],
    ['BEGIN { $x = 1; $y = $x; print($y); }', []],
    ['BEGIN { $_x = 1; for ($i : 0..3) { print(1); } }', []],
    ['BEGIN { $x = 1; print($x++); }', []],
  ],
};

describe.each(LINT_NAMES)('%s', (lint) => {
  test.each(CASES[lint])('%s', (text, expected) => {
    expect(marked(lint, text)).toEqual(expected);
  });
});

test('what is wanted is all that runs', () => {
  expect(marked('unused-variable', `${SWITCH} { @x++; }`)).toEqual([]);
});
