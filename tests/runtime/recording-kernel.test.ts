import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { Kernel } from '../../runtime/kernel.ts';
import { nodeDecompressor } from '../../runtime/node/decompressor.ts';
import { openRecording, readInteger } from '../../runtime/recording/index.ts';
import { createRecordingKernel } from '../../runtime/recording-kernel.ts';
import { collector, runKernel, type Seen, testObject, tracepoint } from './kernel-support.ts';

const FILE = new URL('../data/trace.dat', import.meta.url);

function open(durationNs?: number): Kernel {
  const recording = openRecording(new Uint8Array(readFileSync(FILE)), { decompressor: nodeDecompressor });
  return createRecordingKernel(recording, {
    name: 'trace.dat',
    ...(durationNs === undefined ? {} : { durationNs }),
  });
}

describe('RecordingKernel', () => {
  // trace-cmd report -i tests/data/trace.dat | grep -c ' sys_enter: '
  test('runs a program on each record of its event', async () => {
    const { count } = await runKernel(open(), 'count', [tracepoint('raw_syscalls', 'sys_enter')]);
    expect(count).toBe(10_189);
  });

  test('shows programs the record, its thread, CPU, time and name', async () => {
    const { output } = await runKernel(open(), 'copy', [tracepoint('raw_syscalls', 'sys_enter')]);
    const dd = output.seen.find((each) => each.comm === 'dd' && each.tid === 117)!;
    expect(dd.cpu).toBe(1);
    expect(new DataView(dd.context.buffer).getInt32(4, true)).toBe(117);
    const times = output.seen.map((each) => each.time);
    expect(times.every((time, index) => index === 0 || time >= times[index - 1]!)).toBe(true);
  });

  test('fires interval on one CPU and profile on all, by the recording’s clock', async () => {
    const interval = await runKernel(open(), 'copy', [{ kind: 'interval', periodNs: 100_000_000 }]);
    const profile = await runKernel(open(), 'copy', [{ kind: 'profile', periodNs: 100_000_000 }]);
    expect(interval.output.seen.length).toBeGreaterThan(3);
    expect(profile.output.seen.length).toBe(interval.output.seen.length * 2);
    const [first, second] = interval.output.seen;
    expect(second!.time - first!.time).toBe(100_000_000n);
  });

  test('stops after the wanted duration', async () => {
    const { output } = await runKernel(open(50_000_000), 'copy', [tracepoint('raw_syscalls', 'sys_enter')]);
    const last = output.seen.at(-1)!.time;
    expect(last - output.seen[0]!.time).toBeLessThanOrEqual(50_000_000n);
    expect(output.seen.length).toBeLessThan(10_189);
  });

  test('stops in the middle when told to', async () => {
    const output = collector();
    output.stopAfter = 5;
    await runKernel(open(), 'copy', [tracepoint('sched', 'sched_switch')], output);
    expect(output.seen.length).toBe(5);
  });

  test('runs the programs of many batches and of timers in the order of time', async () => {
    const points = [tracepoint('sched', 'sched_switch'), tracepoint('raw_syscalls', 'sys_enter')];
    const alone = await runKernel(open(), 'copy', points);
    const timed = await runKernel(open(), 'copy', [...points, { kind: 'interval', periodNs: 1_000_000 }]);
    const times = timed.output.seen.map((each) => each.time);
    expect(times.every((time, index) => index === 0 || time >= times[index - 1]!)).toBe(true);
    const isTimer = (each: Seen): boolean => each.context.every((byte) => byte === 0);
    expect(timed.output.seen.filter(isTimer).length).toBeGreaterThan(300);
    // Timers cut the batches differently, and no event may see another moment for it.
    expect(timed.output.seen.filter((each) => !isTimer(each))).toEqual(alone.output.seen);
  });

  test('shows an interval the task its CPU was switched to', async () => {
    const points: AttachPoint[] = [
      { kind: 'interval', periodNs: 1_000_000 },
      tracepoint('sched', 'sched_switch'),
    ];
    const { seen } = (await runKernel(open(), 'copy', points)).output;
    const recording = openRecording(new Uint8Array(readFileSync(FILE)), { decompressor: nodeDecompressor });
    const nextPid = recording.events
      .byName('sched', 'sched_switch')!
      .fields.find((f) => f.name === 'next_pid')!;
    const cursor = recording.cursor();
    const expected: number[] = [];
    let current = 0;
    let due = -1;
    while (cursor.next()) {
      if (due < 0) due = cursor.time + 1_000_000;
      for (; due < cursor.time; due += 1_000_000) expected.push(current);
      if (cursor.cpu !== 0) continue;
      const isSwitch = cursor.eventId === recording.events.byName('sched', 'sched_switch')!.id;
      current = isSwitch ? readInteger(cursor, nextPid)! : cursor.tid;
    }
    const timers = seen.filter((each) => each.context.every((byte) => byte === 0));
    expect(timers.map((each) => each.tid)).toEqual(expected);
  });

  test('goes on where it was stopped, with the clock at the event that stopped it', async () => {
    const kernel = open();
    const first = collector();
    first.stopAfter = 5;
    await runKernel(kernel, 'copy', [tracepoint('sched', 'sched_switch')], first);
    expect(kernel.clock().bootNs).toBe(first.seen.at(-1)!.time);
    const second = collector();
    while ((await kernel.pump(second)) !== 'ended');
    const whole = await runKernel(open(), 'copy', [tracepoint('sched', 'sched_switch')]);
    expect([...first.seen, ...second.seen]).toEqual(whole.output.seen);
  });

  test('refuses what a recording does not have', async () => {
    const kernel = open();
    const object = testObject();
    await kernel.load(object);
    const [program] = object.programs;
    await expect(kernel.attach(program!, tracepoint('sched', 'nothing'), 'out')).rejects.toThrow(
      'the recording has no tracepoint sched:nothing',
    );
    await expect(kernel.attach(program!, { kind: 'kprobe', function: 'vfs_read' }, 'out')).rejects.toThrow(
      'kprobe',
    );
  });

  test('describes the recorded kernel', () => {
    const info = open().describe();
    expect(info.version).toMatchObject({ major: 6, minor: 1 });
    expect(info.cpus).toBe(2);
    expect(info.reach.userMemory).toBe(false);
    expect(info.tracepoints!.find('sched', 'sched_switch')!.id).toBe(314);
  });
});
