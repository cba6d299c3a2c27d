import { describe, expect, it } from 'vitest';
import { cli } from '../../../cli/support.ts';
import { open, readPart } from './recordings.ts';

const path = (name: string): string => `tests/data/perf-data/${name}.data.gz`;

/** What a script prints, and what it was warned of. */
async function replay(
  name: string,
  script: string,
): Promise<{ readonly lines: string[]; readonly stderr: string }> {
  const { code, stdout, stderr } = await cli(['-q', '--on', path(name), '-e', script]);
  expect(code).toBe(0);
  return { lines: stdout.split('\n').filter((line) => line !== ''), stderr };
}

describe('scripts on perf.data', () => {
  it('see names, processes and CPUs of the moment', async () => {
    const script = `tracepoint:task:task_rename { printf("%s %d/%d -> %s\\n", comm, pid, tid, str(args.newcomm)); }`;
    const { lines } = await replay('sched-stacks', script);
    expect(lines[0]).toMatch(/^perf-exec (\d+)\/\1 -> workload$/);
    const threads = lines
      .map((line) => /^workload (\d+)\/(\d+) -> (first thread|second)$/.exec(line))
      .filter((match) => match);
    expect(threads.map((match) => match![1] !== match![2])).toEqual([true, true]);
    expect(lines.filter((line) => /^renamed \d+\/\d+ -> workload$/.test(line)).length).toBe(3);
  });

  it('see the thread that leaves in its last switch', async () => {
    const { lines } = await replay(
      'sched-stacks',
      'tracepoint:sched:sched_switch /args.prev_state == 16/ { printf("%s %d %d\\n", comm, tid, args.prev_pid); }',
    );
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/ (\d+) \1$/);
  });

  it('of profile run at the recorded samples', async () => {
    const { lines, stderr } = await replay('cpu-clock', 'profile:hz:99 { @[comm] = count(); }');
    const total = lines.reduce((sum, line) => sum + Number(/: (\d+)$/.exec(line)?.[1]), 0);
    expect(total).toBe(109);
    expect(stderr).toMatch(/profile probes run at the recorded samples \(cpu-clock, 1999 times a second\)/);
  });

  it('of profile run by time where nothing was sampled', async () => {
    const { lines, stderr } = await replay('mono', 'profile:hz:99 { @ = count(); }');
    expect(lines[0]).toMatch(/^@: \d+$/);
    expect(stderr).not.toMatch(/recorded samples/);
  });

  it('know the date where the recording tells it', async () => {
    const script = 'tracepoint:sched:sched_process_exec { printf("%s\\n", strftime("%Y", nsecs)); exit(); }';
    const { lines, stderr } = await replay('mono', script);
    expect(lines).toEqual(['2026']);
    expect(stderr).not.toMatch(/wall/);
  });

  it('are told of losses', async () => {
    const { lines, stderr } = await replay('lost', 'tracepoint:raw_syscalls:sys_enter { @ = count(); }');
    expect(lines).toEqual(['@: 4996']);
    expect(stderr).toMatch(/Total lost event count: 652/);
  });

  it('list their tracepoints with arguments', async () => {
    const { stdout } = await cli(['list', '-v', '--on', path('one-event')]);
    expect(stdout).toMatch(/^tracepoint:syscalls:sys_enter_prctl\n/);
    expect(stdout).toMatch(/ {4}int option/);
  });

  it('find no event that was not recorded', async () => {
    const { code, stderr } = await cli(['--on', path('mono'), '-e', 'tracepoint:sched:sched_wakeup { }']);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/sched_wakeup/);
  });
});

describe('attach points', () => {
  it('other than tracepoints have ids of their own', () => {
    const recording = open(readPart('group.data'));
    const id = (kind: 'software' | 'hardware', event: string): number | undefined =>
      recording.eventOf({ kind, event, count: 1 });
    const ids = [id('software', 'cpu-clock'), id('software', 'page-faults'), id('software', 'cs')];
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain(undefined);
    expect(id('software', 'faults')).toBe(id('software', 'page-faults'));
    expect([id('hardware', 'cpu-cycles'), id('software', 'dummy')]).toEqual([undefined, undefined]);
    expect(recording.eventOf({ kind: 'profile', frequencyHz: 99 })).toBe(id('software', 'cpu-clock'));
    expect(recording.sampling?.(ids[1]!)).toBe('page-faults, counted with its group');
  });
});
