/** One-liners over the recorded trace against numbers counted from trace-cmd's text (scripts/expected-replay.ts). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, root } from './support.ts';

interface Expected {
  readonly byEvent: Readonly<Record<string, number>>;
  readonly sysEnterByComm: Readonly<Record<string, number>>;
  readonly switchByPrevComm: Readonly<Record<string, number>>;
  readonly readReturn: Readonly<Record<string, number>>;
  readonly wakeupLatencyUs: Readonly<Record<string, number>>;
}

const expected = JSON.parse(readFileSync(join(root, 'tests/data/expected-replay.json'), 'utf8')) as Expected;
const RECORDING = 'tests/data/trace.dat';

interface HistogramRow {
  readonly min?: number;
  readonly max: number;
  readonly count: number;
}

/** The data of the last JSON line for a map. */
async function replay(script: string, map = '@'): Promise<unknown> {
  const result = await cli(['--on', RECORDING, '-q', '-f', 'json', '-e', script]);
  expect(result.stderr).toBe('');
  expect(result.code).toBe(0);
  const lines = result.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { data: Record<string, unknown> });
  return lines.findLast((line) => map in line.data)?.data[map];
}

function byLowerBound(rows: readonly HistogramRow[]): Record<string, number> {
  const used = rows.filter((row) => row.count > 0);
  return Object.fromEntries(used.map((row) => [row.min === undefined ? 'neg' : String(row.min), row.count]));
}

describe('replay of tests/data/trace.dat', () => {
  test('system calls by process', async () => {
    const counts = await replay('tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }');
    expect(counts).toEqual(expected.sysEnterByComm);
    expect(Object.values(counts as Record<string, number>).reduce((sum, count) => sum + count, 0)).toBe(
      10_189,
    );
  });

  test('context switches by the task that leaves', async () => {
    const counts = await replay('tracepoint:sched:sched_switch { @[args.prev_comm] = count(); }');
    expect(counts).toEqual(expected.switchByPrevComm);
  });

  test('sizes of reads', async () => {
    const rows = await replay('tracepoint:syscalls:sys_exit_read { @ = hist(args.ret); }');
    expect(byLowerBound(rows as HistogramRow[])).toEqual(expected.readReturn);
  });

  test('time from wakeup to running', async () => {
    const rows = await replay(
      `tracepoint:sched:sched_wakeup, tracepoint:sched:sched_wakeup_new { @start[args.pid] = nsecs; }
       tracepoint:sched:sched_switch /@start[args.next_pid]/ {
         @us = hist((uint64)(nsecs - @start[args.next_pid]) / 1000);
         delete(@start, args.next_pid);
       }`,
      '@us',
    );
    expect(byLowerBound(rows as HistogramRow[])).toEqual(expected.wakeupLatencyUs);
  });

  test('every event by name', async () => {
    const counts = (await replay('tracepoint:*:* { @[probe] = count(); }')) as Record<string, number>;
    const byName = Object.fromEntries(
      Object.entries(counts).map(([probe, count]) => [probe.split(':')[2]!, count]),
    );
    expect(byName).toEqual(expected.byEvent);
  });
});
