/** Text recordings: what their lines say comes back as records, what they do not say is told. */
import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../bpf/byte-source.ts';
import { nodeDecompressor } from '../../../../runtime/node/decompressor.ts';
import { type EventRecording, openAnyRecording } from '../../../../runtime/recording/index.ts';
import { readInteger, readText } from '../../../../runtime/recording/record-field.ts';
import { openTextRecording, type TextPorts } from '../../../../runtime/recording/text/text-recording.ts';
import { parseAll, splitFormats } from '../../report/synthetic.ts';
import { readData } from '../recordings.ts';

const ALL = parseAll(splitFormats(new TextDecoder().decode(readData('formats-6.1.txt.gz'))));
const FORMATS: NonNullable<TextPorts['formats']> = {
  find: (system, event) => ALL.find((format) => format.system === system && format.name === event),
  list: () => ALL,
};

function open(text: string, formats?: TextPorts['formats']): EventRecording {
  const bytes = new TextEncoder().encode(text);
  return openTextRecording(memorySource(bytes), formats === undefined ? {} : { formats });
}

interface Row {
  readonly event: string;
  readonly task: string;
  readonly cpu: number;
  readonly time: number;
  readonly fields: Readonly<Record<string, number | string | undefined>>;
}

function rowsOf(recording: EventRecording): readonly Row[] {
  const rows: Row[] = [];
  const cursor = recording.cursor();
  const threads = recording.threads();
  while (cursor.next()) {
    threads.observe(cursor);
    const format = recording.events.byId(cursor.eventId)!;
    const fields = format.fields
      .filter((field) => !field.common)
      .map((field) => [
        field.name,
        field.kind.endsWith('string') ? readText(cursor, field) : readInteger(cursor, field),
      ]);
    const task = `${threads.commOf(cursor.tid, cursor.cpu)}-${cursor.tid}/${threads.tgidOf(cursor.tid)}`;
    rows.push({
      event: format.name,
      task,
      cpu: cursor.cpu,
      time: cursor.time,
      fields: Object.fromEntries(fields),
    });
  }
  return rows;
}

const messages = (recording: EventRecording): string =>
  recording.warnings.map(({ message }) => message).join('\n');

function counts(values: Iterable<string>): Readonly<Record<string, number>> {
  const map = new Map<string, number>();
  for (const value of values) map.set(value, (map.get(value) ?? 0) + 1);
  return Object.fromEntries([...map].sort());
}

const FTRACE = `# tracer: nop
#
# entries-in-buffer/entries-written: 3/9   #P:2
#
#           TASK-PID     (    TGID) CPU#  |||||  TIMESTAMP  FUNCTION
     my task-2-123     (    120) [001] dNh21    25.151735: sched_switch: prev_comm=my task-2 prev_pid=123 prev_prio=120 prev_state=R+ ==> next_comm=swapper/1 next_pid=0 next_prio=120
CPU:0 [LOST 7 EVENTS]
          <idle>-0       (-------) [000] d..2.    25.151800: sched_wakeup: comm=my task-2 pid=123 prio=120 target_cpu=001
           <...>-99      (-------) [000] .....    25.151900: sys_openat(dfd: ffffff9c, filename: 7ffe, flags: 80000, mode: 1b6)
           <...>-99      (-------) [000] .....    25.152000: sys_openat -> 0xfffffffffffffffe
`;

describe('the trace file', () => {
  it('gives records with fields, tasks, flags and losses', () => {
    const recording = open(FTRACE, FORMATS);
    const rows = rowsOf(recording);
    expect(rows.map(({ event, task, cpu, time }) => [event, task, cpu, time])).toEqual([
      ['sched_switch', 'my task-2-123/120', 1, 25_151_735_000],
      ['sched_wakeup', 'swapper/0-0/undefined', 0, 25_151_800_000],
      ['sys_enter_openat', 'undefined-99/undefined', 0, 25_151_900_000],
      ['sys_exit_openat', 'undefined-99/undefined', 0, 25_152_000_000],
    ]);
    expect(rows[0]!.fields).toEqual({
      prev_comm: 'my task-2',
      prev_pid: 123,
      prev_prio: 120,
      prev_state: 0x100,
      next_comm: 'swapper/1',
      next_pid: 0,
      next_prio: 120,
    });
    expect(rows[2]!.fields).toMatchObject({ dfd: 0xffffff9c, filename: 0x7ffe, flags: 0x80000, mode: 0x1b6 });
    expect(rows[3]!.fields).toMatchObject({ ret: 0xfffffffe });
    const cursor = recording.cursor();
    cursor.next();
    expect([...cursor.bytes.subarray(2, 4)]).toEqual([1 | 4 | 8, 0x12]);
    cursor.next();
    expect([cursor.lost, cursor.lostRecords]).toEqual([7, 7]);
  });

  it('tells once what several events do not print', () => {
    const line = (event: string): string => `  sh-113   [001]     9.907789: ${event}:       0x1\n`;
    const told = messages(open(`cpus=2\n${line('sys_exit_write')}${line('sys_exit_read')}`, FORMATS));
    expect(told).toContain(
      'syscalls:sys_exit_write, syscalls:sys_exit_read do not print __syscall_nr wholly',
    );
  });

  it.each([
    ['ftrace', '# tracer: nop\n#\n              sh-7       [000] .....     1.000001: '],
    ['trace-cmd', 'cpus=1\n              sh-7     [000]     1.000001: '],
    ['perf', '              sh     7/7     [000]     1.000001: '],
  ])('takes the numbers of system calls from the names of %s events', (form, start) => {
    const line = `${form === 'perf' ? 'syscalls:' : ''}sys_exit_newfstat: 0x0\n`;
    const bytes = new TextEncoder().encode(start + line);
    const ports = { formats: FORMATS, syscalls: [{ number: 5, name: 'newfstat' }] };
    const recording = openTextRecording(memorySource(bytes), ports);
    expect(rowsOf(recording)[0]!.fields).toEqual({ __syscall_nr: 5, ret: 0 });
    expect(messages(recording)).not.toContain('__syscall_nr');
  });

  it('tells what is lost, once a kind', () => {
    const told = messages(open(FTRACE, FORMATS));
    expect(told).toContain('ftrace text: times are rounded to microseconds');
    expect(told).toContain('sched:sched_switch does not print prev_state wholly');
    expect(told).toContain('6 events before the first were overwritten');
    expect(told).toContain('tasks without a name stay without one');
    expect(told).not.toContain('sched_wakeup');
  });

  it('makes fields of keys where the format is not known', () => {
    const recording = open(FTRACE);
    const rows = rowsOf(recording);
    expect(rows[0]!.fields).toMatchObject({ prev_comm: 'my task-2', prev_pid: 123, prev_state: 'R+' });
    expect(recording.events.names.map(({ system, name }) => `${system}:${name}`)).toEqual([
      'unknown:sched_switch',
      'unknown:sched_wakeup',
      'syscalls:sys_enter_openat',
      'syscalls:sys_exit_openat',
    ]);
    expect(messages(recording)).toContain('no format is known of unknown:sched_switch, unknown:sched_wakeup');
  });

  it('keeps records whose text does not fit, and says that their fields are lost', () => {
    const line = '            init-1       [000] .....    25.151881: sched_process_fork: something else';
    const recording = open(`# tracer: nop\n${line}\n${line}\n`, FORMATS);
    expect(rowsOf(recording).map(({ fields }) => fields.child_pid)).toEqual([0, 0]);
    expect(messages(recording)).toContain('the text of sched:sched_process_fork does not fit its format');
    expect(recording.warnings.filter(({ message }) => message.includes('does not fit'))).toHaveLength(1);
  });

  it('reads what trace-cmd report prints', () => {
    const text = `cpus=2
              sh-113   [001]     9.907386: sys_exit:             NR 1 = 1
       trace-cmd-112   [000]     9.908667: sched_switch:         trace-cmd:112 [120] R ==> rcu_preempt:15 [120]
CPU:0 [2 EVENTS DROPPED]
     rcu_preempt-15    [000]     9.908746: sched_switch:         rcu_preempt:15 [120] W ==> kworker/0:2:53 [120]
`;
    const rows = rowsOf(open(text, FORMATS));
    expect(rows.map(({ event }) => event)).toEqual(['sys_exit', 'sched_switch', 'sched_switch']);
    expect(rows[2]!.fields).toMatchObject({ prev_state: 128, next_comm: 'kworker/0:2', next_pid: 53 });
  });

  it('says that the kernel hides addresses from its own text', () => {
    const line = 'sh-1   [000] d..2.    25.151735: timer_cancel: timer=00000000abcdef01';
    expect(messages(open(`# tracer: nop\n            ${line}\n`, FORMATS))).toContain(
      'addresses that timer:timer_cancel print with %p are hashes',
    );
    expect(messages(open(`cpus=1\n            ${line}\n`, FORMATS))).not.toContain('hashes');
  });

  it.each(['function_graph', 'wakeup'])('refuses text of the %s tracer', (tracer) => {
    const line = ' 0)   0.5 us    |  fn();';
    expect(() => open(`# tracer: ${tracer}\n#\n${line}\n`)).toThrow(
      `text of the ${tracer} tracer is not supported`,
    );
  });

  it('reads every line of a real one', async () => {
    const bytes = readData('text/ftrace.txt.gz');
    const recording = await openAnyRecording(memorySource(bytes), {
      decompressor: nodeDecompressor,
      formats: FORMATS,
    });
    const lines = new TextDecoder()
      .decode(bytes)
      .split('\n')
      .filter((line) => /^ /.test(line));
    const printed = lines.map((line) => /\.\d{6}: (\w+): /.exec(line)![1]!);
    const rows = rowsOf(recording);
    expect(counts(rows.map(({ event }) => event))).toEqual(counts(printed));
    expect(rows).toHaveLength(7448);
    expect(messages(recording)).not.toContain('fit');
    const pids = lines.map((line) => / next_pid=(\d+)/.exec(line)?.[1]).filter((pid) => pid !== undefined);
    const switches = rows.filter(({ event }) => event === 'sched_switch');
    expect(switches.map(({ fields }) => String(fields.next_pid))).toEqual(pids);
  });
});

describe('function traces', () => {
  it('gives each function its own event, with the counts of the text', () => {
    const bytes = readData('text/function-trace.txt.gz');
    const recording = openTextRecording(memorySource(bytes), {});
    const text = new TextDecoder().decode(bytes);
    const called = counts([...text.matchAll(/: ([\w.]+) <-/g)].map((match) => match[1]!));
    const names = new Map(
      recording
        .functions!.list()
        .map((name) => [recording.eventOf({ kind: 'kprobe', function: name })!, name]),
    );
    const cursor = recording.cursor();
    const seen: string[] = [];
    while (cursor.next()) seen.push(names.get(cursor.eventId)!);
    expect(counts(seen)).toEqual(called);
    expect(names.size).toBe(877);
    expect(recording.functions!.has('vfs_read')).toBe(Object.hasOwn(called, 'vfs_read'));
    expect(recording.eventOf({ kind: 'kprobe', function: 'no_such_function' })).toBeUndefined();
    expect(recording.eventOf({ kind: 'kretprobe', function: 'mutex_unlock' })).toBeUndefined();
  });
});

const PERF = `       my comm   123/124   [001]    19.156086:       sched:sched_switch: prev_comm=my comm prev_pid=124 prev_prio=120 prev_state=S ==> next_comm=x next_pid=16 next_prio=0
	ffffffff81001234 __schedule+0x4 ([kernel.kallsyms])
	    7f0011223344 main+0x12 (/usr/bin/x)

          :-1    -1/-1    [000]    19.156100:       sched:sched_switch: prev_comm=dd prev_pid=262 prev_prio=120 prev_state=X ==> next_comm=swapper/0 next_pid=0 next_prio=120
           perf   196/196   [000]    19.155707123:          1 raw_syscalls:sys_enter: NR 16 (e, 2400, 0, 7efd0f22b5e0, 1, ffffffffffffffff)
`;

describe('perf script', () => {
  it('gives records with their call chains', () => {
    const recording = open(PERF, FORMATS);
    const rows = rowsOf(recording);
    expect(rows.map(({ event, task, cpu, time }) => [event, task, cpu, time])).toEqual([
      ['sched_switch', 'my comm-124/123', 1, 19_156_086_000],
      ['sched_switch', 'dd-262/undefined', 0, 19_156_100_000],
      ['sys_enter', 'perf-196/196', 0, 19_155_707_123],
    ]);
    const cursor = recording.cursor();
    cursor.next();
    expect(cursor.callChain!()).toEqual({ kernel: [0xffff_ffff_8100_1234n], user: [0x7f00_1122_3344n] });
    cursor.next();
    expect(cursor.callChain!()).toBeUndefined();
    cursor.next();
    expect(cursor.view.getBigInt64(16 + 5 * 8, true)).toBe(-1n);
  });

  it.each([
    [
      'comm,tid,time,event,trace',
      'sh 7  1.000001: sched:sched_wakeup: comm=a pid=5 prio=1 target_cpu=003',
      'sh-7/undefined',
      0,
    ],
    [
      'tid,cpu,time,event,trace',
      '  7 [002]  1.000001: sched:sched_wakeup: comm=a pid=5 prio=1 target_cpu=003',
      'undefined-7/undefined',
      2,
    ],
    [
      'pid,tid,cpu,time,event,trace',
      ' 6/7 [002]  1.000001: sched:sched_wakeup: comm=a pid=5 prio=1 target_cpu=003',
      'undefined-7/6',
      2,
    ],
    [
      'a comm with blanks',
      ' a 1 b  7 [002]  1.000001: sched:sched_wakeup: comm=a pid=5 prio=1 target_cpu=003',
      'a 1 b-7/undefined',
      2,
    ],
  ])('reads the columns %s', (_, line, task, cpu) => {
    const [row] = rowsOf(open(`${line}\n`, FORMATS));
    expect(row).toMatchObject({
      task,
      cpu,
      time: 1_000_001_000,
      fields: { comm: 'a', pid: 5, target_cpu: 3 },
    });
  });

  it('tells that columns are missing', () => {
    const told = messages(
      open('sh 7  1.000001: sched:sched_wakeup: comm=a pid=5 prio=1 target_cpu=003\n', FORMATS),
    );
    expect(told).toContain('no CPU is printed');
    expect(told).toContain('common_flags and common_preempt_count are not printed');
  });

  it('is known by its header, however long', () => {
    const header = `# ========\n# captured on    : Mon\n${'# feature : x\n'.repeat(400)}# ========\n#\n`;
    expect(rowsOf(open(header + PERF, FORMATS))).toHaveLength(3);
  });

  it('is no recording without times', () => {
    expect(() => open('sh 7 [001] sched:sched_wakeup: comm=a pid=5\n')).toThrow('no text of a tracer');
  });
});
