/** A recording that several replay at once gives, byte for byte, what one gives that replays it in order. */
import { describe, expect, it } from 'vitest';
import { directEngine } from '../../../vm/jit/engine.ts';
import { cli } from '../../cli/support.ts';
import { writeFile } from '../recording/files.ts';
import { readData } from '../recording/recordings.ts';
import { ByteWriter, type Event, type Page, record, type Shape, USUAL_SHAPE } from '../recording/writer.ts';
import { replay } from './replay.ts';

const TRACE: Uint8Array = readData('trace.dat');
const SHAPE: Shape = { ...USUAL_SHAPE, compression: 'none' };

/** So many ticks on each of `cpus` CPUs, with times and values that interleave. */
function ticks(cpus: number, count: number, pages = 3, tids: readonly number[] = [10, 20, 0]): Uint8Array {
  const events = (cpu: number, page: number): Event[] =>
    Array.from({ length: count }, (_, index) => {
      const seed = (cpu * 7919 + page * 104_729 + index * 31) % 1009;
      return { delta: (seed % 50) + 1, record: record(SHAPE, tids[seed % tids.length]!, seed - 300) };
    });
  const list = Array.from({ length: cpus }, (_, cpu) =>
    Array.from(
      { length: pages },
      (_, page): Page => ({ time: BigInt(1000 + page * 20_000 + cpu), events: events(cpu, page) }),
    ),
  );
  const options = [{ id: 8, data: new ByteWriter(true).u32(cpus).done() }];
  return writeFile({ options, buffers: [{ name: '', clock: 'mono', cpus: list }] }, SHAPE);
}

async function expectShared(file: Uint8Array, script: string, shares: number): Promise<void> {
  const serial = await replay(file, script, { plain: true });
  const kinds: string[] = [];
  const text = await replay(file, script, {
    shares,
    engine: directEngine,
    onShare: (kind) => kinds.push(kind),
  });
  expect(text).toBe(serial);
  expect(kinds).toEqual(Array.from({ length: shares }, () => 'done'));
}

async function expectOrdered(file: Uint8Array, script: string): Promise<void> {
  const serial = await replay(file, script, { plain: true });
  const kinds: string[] = [];
  const text = await replay(file, script, { shares: 2, onShare: (kind) => kinds.push(kind) });
  expect(text).toBe(serial);
  expect(kinds.includes('ordered') || kinds.length === 0).toBe(true);
}

describe('replaying by shares', { timeout: 60_000 }, () => {
  it.each([
    'tracepoint:*:* { @ = count(); } tracepoint:raw_syscalls:sys_enter { @i[args.id] = count(); @i[args.id % 7] = count(); }',
    `tracepoint:sched:sched_switch { @[args.next_comm] = count(); @c[comm, tid] = sum(nsecs % 1000); @lo = min(args.next_pid);
      @hi[cpu] = max(args.next_pid); @a[comm] = avg(args.prev_prio); @s = stats(args.next_prio); }
      END { printf("%llu\\n", nsecs); print(@lo); clear(@hi); }`,
    `BEGIN { printf("begin %d\\n", 1); } tracepoint:raw_syscalls:sys_exit /args.ret >= 0/ { $x = args.ret * 2;
      if ($x > 100) { @h[probe] = hist($x); } else { @l = lhist($x, 0, 100, 10); } }`,
  ])('%s', async (script) => {
    await expectShared(TRACE, script, 2);
  });

  it('merges the values of many CPUs', async () => {
    const script = `tracepoint:test:tick { @[tid, cpu] = count(); @v = stats(args.value); @lo[comm] = min(args.value);
      @hi = max((uint64)args.value); @h[tid] = hist(args.value); @k[args.value] = count(); @t = avg(nsecs); }`;
    for (const shares of [2, 5]) await expectShared(ticks(5, 40), script, shares);
  });

  it.each([
    {
      what: 'something is printed',
      script: 'tracepoint:test:tick { printf("%d\\n", args.value); @ = count(); }',
    },
    { what: 'a map is read', script: 'tracepoint:test:tick { @n++; if (@n < 50) { @[tid] = count(); } }' },
    {
      what: 'a timer fires',
      script: 'interval:us:1 { @t = count(); } tracepoint:test:tick { @ = count(); }',
    },
    {
      what: 'the script ends itself',
      script: 'tracepoint:test:tick { @ = count(); if (args.value > 600) { exit(3); } }',
    },
    { what: 'numbers are drawn', script: 'tracepoint:test:tick { @[rand % 4] = count(); }' },
    {
      what: 'a loop goes by the order of keys',
      script:
        'tracepoint:test:tick { @[args.value] = count(); } END { for ($kv : @) { printf("%d\\n", (int64)$kv.0); } }',
    },
    {
      what: 'a divisor is zero',
      script: 'tracepoint:test:tick { @[1000 / (args.value % 2)] = count(); }',
    },
    {
      what: 'a map is full',
      script: 'config = { max_map_keys = 16 } tracepoint:test:tick { @[args.value] = count(); }',
    },
  ])('keeps the order when $what', async ({ script }) => {
    await expectOrdered(ticks(2, 60), script);
  });

  it('keeps the order when a name is learnt from events, or something was lost', async () => {
    await expectOrdered(ticks(2, 40, 2, [10, 99]), 'tracepoint:test:tick { @[comm] = count(); }');
    const lossy = (lost: number): Page[] => [
      { time: 1000n, events: [{ delta: 1, record: record(SHAPE, 10, 5) }] },
      { time: 2000n, events: [{ delta: 1, record: record(SHAPE, 10, 6) }], lost },
    ];
    const file = writeFile({ buffers: [{ name: '', clock: 'mono', cpus: [lossy(3), lossy(0)] }] }, SHAPE);
    await expectOrdered(file, 'tracepoint:test:tick { @ = count(); }');
  });

  it('is done by worker threads', async () => {
    const script =
      'tracepoint:raw_syscalls:sys_enter { @[comm, args.id] = count(); } END { printf("%llu\\n", nsecs); }';
    const run = (threads: string): ReturnType<typeof cli> =>
      cli(['-q', '--threads', threads, '--on', 'tests/data/trace.dat', '-e', script]);
    const [serial, shared] = [await run('1'), await run('2')];
    expect(shared).toEqual(serial);
    expect(shared.stdout).toContain('@[dd, 0]');
  });
});
