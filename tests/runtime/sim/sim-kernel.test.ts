import { describe, expect, test } from 'vitest';
import { createSimKernel, SimKernel } from '../../../runtime/sim/sim-kernel.ts';
import { collector, runKernel, type Seen, testObject, tracepoint } from '../kernel-support.ts';

const SECOND = 1_000_000_000;
const POINTS = [tracepoint('raw_syscalls', 'sys_enter'), tracepoint('sched', 'sched_switch')];

async function events(options: { seed?: number; sliceNs?: number }): Promise<readonly Seen[]> {
  const kernel = createSimKernel({ durationNs: SECOND / 5, ...options });
  return (await runKernel(kernel, 'copy', POINTS)).output.seen;
}

describe('SimKernel', () => {
  test('the same seed gives the same events, however the time is cut', async () => {
    const once = await events({ seed: 7 });
    expect(once.length).toBeGreaterThan(500);
    expect(await events({ seed: 7 })).toEqual(once);
    expect(await events({ seed: 7, sliceNs: 77_777 })).toEqual(once);
    expect(await events({ seed: 8 })).not.toEqual(once);
  });

  test('time goes forward and pid, comm and record agree', async () => {
    const seen = await events({});
    for (const [index, each] of seen.entries()) {
      if (index > 0) expect(each.time).toBeGreaterThanOrEqual(seen[index - 1]!.time);
      expect(new DataView(each.context.buffer).getInt32(4, true)).toBe(each.tid);
      if (each.tid === 0) expect(each.comm).toBe(`swapper/${each.cpu}`);
    }
    expect(new Set(seen.map((each) => each.comm)).size).toBeGreaterThan(4);
  });

  test('a tracepoint nobody traces builds no record', async () => {
    const kernel = new SimKernel({ durationNs: SECOND / 10 });
    await runKernel(kernel, 'count', [tracepoint('sched', 'sched_switch')]);
    const built = [...kernel.world.points.all()]
      .filter((point) => point.built > 0)
      .map((point) => point.name);
    expect(built).toEqual(['sched:sched_switch']);
    expect(kernel.world.tracer.passed).toBeGreaterThan(1000);
  });

  test('raw tracepoints get their arguments: the system call number in arg1', async () => {
    const kernel = createSimKernel({ durationNs: SECOND / 10 });
    const { output } = await runKernel(kernel, 'copy', [{ kind: 'rawtracepoint', event: 'sys_enter' }]);
    const numbers = output.seen.map((each) =>
      Number(new DataView(each.context.buffer).getBigUint64(8, true)),
    );
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers).toContain(232);
    expect(Math.max(...numbers)).toBeLessThan(335);
  });

  test('interval fires on one CPU and profile on all, in virtual time', async () => {
    const once = await runKernel(createSimKernel({ durationNs: SECOND }), 'copy', [
      { kind: 'interval', periodNs: SECOND / 10 },
    ]);
    expect(once.output.seen.map((each) => each.cpu)).toEqual(Array(10).fill(0));
    const all = await runKernel(createSimKernel({ durationNs: SECOND, cpus: 3 }), 'count', [
      { kind: 'profile', frequencyHz: 99 },
    ]);
    expect(all.count).toBe(99 * 3);
  });

  test('stops at once when told to, and goes on from there', async () => {
    const output = collector();
    output.stopAfter = 3;
    const kernel = createSimKernel({ durationNs: SECOND });
    await runKernel(kernel, 'copy', [tracepoint('sched', 'sched_switch')], output);
    expect(output.seen.length).toBe(3);
    expect(kernel.clock().bootNs).toBe(output.seen[2]!.time);
  });

  test('BEGIN and END run in the tracer, also after exit()', async () => {
    const kernel = createSimKernel();
    const object = testObject();
    await kernel.load(object);
    const output = collector();
    output.stopAfter = 0;
    await kernel.runOnce(object.programs[0]!, output);
    expect(output.seen[0]).toMatchObject({
      comm: 'bpfkit',
      tid: 400,
      tgid: 400,
      time: kernel.clock().bootNs,
    });
  });

  test('refuses what it does not have', async () => {
    const kernel = createSimKernel();
    const object = testObject();
    await kernel.load(object);
    const attach = kernel.attach(object.programs[0]!, tracepoint('sched', 'nothing'), 'out');
    await expect(attach).rejects.toThrow('the simulated kernel has no tracepoint sched:nothing');
  });
});
