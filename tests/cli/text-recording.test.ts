/** Scripts on recordings that are text: events by their fields, calls of functions as kprobes. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readData } from '../runtime/recording/recordings.ts';
import { cli } from './support.ts';

const EVENTS = 'tests/data/text/ftrace.txt.gz';
const CALLS = 'tests/data/text/function-trace.txt.gz';

const run = (file: string, script: string): ReturnType<typeof cli> =>
  cli(['-q', '--no-warnings', '--on', file, '-e', script]);

function countsOf(output: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...output.matchAll(/@\[(.*)\]: (\d+)/g)].map((match) => [match[1]!, Number(match[2])]),
  );
}

function countMatches(file: string, pattern: RegExp): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const text = new TextDecoder().decode(readData(file.replace('tests/data/', '')));
  for (const [, key] of text.matchAll(pattern)) counts[key!] = (counts[key!] ?? 0) + 1;
  return counts;
}

describe('the trace file', () => {
  test('runs tracepoint programs on fields made of the text', async () => {
    const { stdout } = await run(EVENTS, 'tracepoint:sched:sched_switch { @[args.next_comm] = count(); }');
    expect(countsOf(stdout)).toEqual(countMatches(EVENTS, / next_comm=(.*) next_pid=/g));
  });

  test('knows the numbers of system calls', async () => {
    const line = 'sys_enter_openat: dfd: 0xffffff9c, filename: 0x7ffe, flags: 0x80000, mode: 0x1b6';
    const text = `perf 7/7 [000] 1.000001: syscalls:${line}\n`;
    const path = join(mkdtempSync(join(tmpdir(), 'text-')), 'perf.txt');
    writeFileSync(path, text);
    const probe = 'tracepoint:syscalls:sys_enter_openat';
    const { stdout, stderr } = await cli(['-q', '--on', path, '-e', `${probe} { print(args.__syscall_nr) }`]);
    rmSync(dirname(path), { recursive: true });
    expect(stdout.trimEnd()).toBe('257');
    expect(stderr).not.toContain('__syscall_nr');
  });

  test('says what the text does not', async () => {
    const result = await cli(['--on', EVENTS, '-e', 'tracepoint:sched:sched_switch { exit() }']);
    expect(result.stderr).toContain('times are rounded to microseconds');
    expect(result.stderr).toContain('sched:sched_switch does not print prev_state wholly');
  });
});

describe('a function trace', () => {
  test('runs kprobe programs at the calls', async () => {
    const { stdout } = await run(CALLS, 'kprobe:vfs_*, k:ksys_dup3 { @[func] = count(); }');
    expect(countsOf(stdout)).toEqual(countMatches(CALLS, /: (vfs_\w+|ksys_dup3) <-/g));
    const byTask = await run(CALLS, 'kprobe:mutex_unlock { @[comm] = count(); }');
    expect(countsOf(byTask.stdout)).toEqual(countMatches(CALLS, /^ *(\S+)-\d+ .*: mutex_unlock <-/gm));
  });

  test('prints the probe, and lists the functions', async () => {
    const { stdout } = await run(CALLS, 'kprobe:ksys_dup3 { printf("%s %d\\n", probe, tid); exit() }');
    expect(stdout.trimEnd()).toBe('kprobe:ksys_dup3 1');
    const listed = await cli(['list', 'kprobe:*', '--on', CALLS]);
    expect(listed.stdout.trimEnd().split('\n')).toHaveLength(877);
  });

  test.each([
    ['kprobe:mutex_unlock { print(arg0) }', 'arg0 needs the registers of the call, which the recording'],
    ['kprobe:mutex_unlock { print(reg("ip")) }', 'reg needs the registers of the call'],
    ['kprobe:nowhere { exit() }', "No probes to attach for 'kprobe:nowhere'"],
    ['kprobe:mutex_unlock+4 { exit() }', 'recordings tell of calls, not of places inside functions'],
    ['kprobe { exit() }', 'kprobe:function'],
    ['BEGIN { print(func) }', 'The func builtin can only be used with kprobe'],
  ])('refuses %s', async (script, message) => {
    const result = await run(CALLS, script);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(message);
  });
});
