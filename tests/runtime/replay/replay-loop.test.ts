/** The generated loop over records does what replaying them one by one does. */
import { describe, expect, it } from 'vitest';
import { directEngine } from '../../../vm/jit/engine.ts';
import { writeFile } from '../recording/files.ts';
import { readData } from '../recording/recordings.ts';
import {
  ByteWriter,
  type Event,
  FORMAT,
  formatText,
  type Page,
  record,
  type Shape,
  USUAL_SHAPE,
} from '../recording/writer.ts';
import { type Replay, replay } from './replay.ts';

const TRACE: Uint8Array = readData('trace.dat');

async function expectSame(file: Uint8Array, script: string, how: Replay = {}): Promise<string> {
  const expected = await replay(file, script, { ...how, plain: true });
  expect(await replay(file, script, how)).toBe(expected);
  expect(await replay(file, script, { ...how, engine: directEngine })).toBe(expected);
  return expected;
}

describe('replaying trace.dat in place', { timeout: 60_000 }, () => {
  it.each([
    `tracepoint:raw_syscalls:sys_enter { @[args.id] = count(); } tracepoint:*:* { @all = count(); @last[cpu] = max(nsecs); }
      tracepoint:sched:sched_switch { @c[args.next_comm] = count(); } tracepoint:sched:sched_switch { @n++; }`,
    `tracepoint:sched:*, tracepoint:raw_syscalls:sys_exit { @[comm, pid, tid, cpu] = count(); @h[tid] = hist(nsecs % 1000); }
      tracepoint:syscalls:sys_enter_write /args.count > 1/ { printf("%s %d %llu %d\\n", comm, cpu, nsecs, args.count); }
      tracepoint:sched:sched_process_exec { printf("%s %s\\n", str(args.filename), comm); }`,
    `interval:ms:100 { printf("%s %d\\n", comm, tid); print(@); clear(@); } tracepoint:sched:* { @[comm] = count(); }
      profile:hz:99 { @p[cpu, comm] = count(); }`,
    'tracepoint:sched:sched_switch { @[kstack] = count(); } tracepoint:sched:sched_wakeup { @w++; }',
  ])('%s', async (script) => {
    const text = await expectSame(TRACE, script);
    expect(text).toContain('lost 0, 51706 events');
  });

  it('stops at exit(), in the middle of an event', async () => {
    const script = `tracepoint:sched:sched_switch { if (nsecs % 7 == 3) { @n++; printf("%llu\\n", nsecs); } if (@n == 20) { exit(); } }
      tracepoint:sched:sched_switch { @after = count(); } END { printf("%llu\\n", nsecs); }`;
    const text = await expectSame(TRACE, script);
    expect(text).toContain('some events');
  });

  it('ends with the wanted duration', async () => {
    const text = await expectSame(TRACE, 'interval:ms:30 { print(@); } tracepoint:*:* { @ = count(); }', {
      durationNs: 250_000_000,
    });
    expect(text).not.toContain('51706 events');
  });
});

const SHAPE: Shape = { ...USUAL_SHAPE, compression: 'none' };
const WORDS = formatText(
  'words',
  8,
  '\tfield:u32 a;\toffset:8;\tsize:4;\tsigned:0;\n\tfield:char text[64];\toffset:12;\tsize:64;\tsigned:0;\n',
);
const FORMATS = { test: [FORMAT, WORDS] };

function file(cpus: readonly (readonly (Page | Uint8Array)[])[], shape: Shape = SHAPE): Uint8Array {
  const options = [{ id: 8, data: new ByteWriter(true).u32(4).done() }];
  return writeFile({ formats: FORMATS, options, buffers: [{ name: '', clock: 'mono', cpus }] }, shape);
}

function ticks(count: number, from: number, delta = 10): Event[] {
  return Array.from({ length: count }, (_, index) => ({
    delta,
    record: record(SHAPE, 10 + (index % 3) * 10, from + index),
  }));
}

/** A record that ends in the middle of its text, with `text` in what there is of it. */
function shortWords(text: string, length: number): Uint8Array {
  const bytes = new ByteWriter(true).u16(8).u16(0).u32(10).u32(99).text(text).done();
  const whole = new Uint8Array(length);
  whole.set(bytes.subarray(0, length));
  return whole;
}

const SEES_ALL =
  'tracepoint:test:tick { printf("%d %d %d %llu\\n", cpu, tid, args.value, nsecs); @ = count(); @c[comm] = count(); }';

describe('replaying in place', { timeout: 60_000 }, () => {
  it('keeps the order of CPUs, times and ties', async () => {
    const page = (time: bigint, from: number): Page => ({ time, events: ticks(40, from) });
    const cpus = [0, 1, 2, 3].map((cpu) => [
      page(1000n, cpu * 100),
      page(1400n + BigInt(cpu), cpu * 100 + 50),
    ]);
    for (const compression of ['none', 'zstd'] as const) {
      const text = await expectSame(file(cpus, { ...SHAPE, compression }), SEES_ALL);
      expect(text).toContain('320 events');
    }
  });

  it('passes what is no record: time extends, absolute times, discarded events, a page without end', async () => {
    const extend: Event = { type: 30, delta: 5, words: [3] };
    const absolute: Event = { type: 31, delta: 77, words: [90] };
    const discarded: Event = { type: 29, delta: 4, words: [12, 0, 0] };
    const rest: Event = { type: 29, delta: 0, words: [0, 0] };
    const events = [ticks(2, 0), extend, ticks(2, 10), discarded, discarded, extend, ticks(1, 20)].flat();
    const pages: Page[] = [
      { time: 1000n, events: [...events, absolute, ...ticks(3, 30), rest, ...ticks(1, 90)] },
      { time: 60_000_000_000n, events: [extend, ...ticks(2, 40), discarded] },
      { time: 60_500_000_000n, events: [] },
      { time: 61_000_000_000n, events: ticks(1, 50) },
    ];
    const text = await expectSame(file([pages, [{ time: 900n, events: ticks(9, 100, 300) }]]), SEES_ALL);
    expect(text).toContain('20 events');
  });

  it('tells of losses and damage in the same places', async () => {
    const pages: (Page | Uint8Array)[] = [
      { time: 1000n, events: ticks(5, 0) },
      { time: 2000n, events: ticks(5, 10), lost: 7 },
      { time: 3000n, events: [...ticks(3, 20), { type: 0, delta: 1, words: [4000] }, ...ticks(3, 25)] },
      { time: 4000n, events: ticks(5, 30), lost: -1, commit: 90_000 },
      { time: 3500n, events: ticks(5, 40) },
      { time: 5000n, events: [], lost: 3 },
    ];
    const script = `${SEES_ALL} interval:us:1 { printf("timer %d\\n", tid); }`;
    const text = await expectSame(file([pages, [{ time: 1500n, events: ticks(50, 100, 40) }]]), script);
    expect(text).toContain('Lost 7 events');
    await expectSame(file([pages, [{ time: 1500n, events: ticks(50, 100, 40) }]]), SEES_ALL);
  });

  it('shows programs nothing behind a record', async () => {
    const events = [shortWords('abcdefgh', 20), shortWords('ABCDEFGH', 12), shortWords('xy', 76)].map(
      (bytes): Event => ({ delta: 1, record: bytes }),
    );
    const long: Event = { delta: 2, record: shortWords('a long record', 400), long: true };
    const pages = [{ time: 50n, events: [...events, ...ticks(2, 0), ...events, long, ...ticks(1, 9)] }];
    const script =
      'tracepoint:test:words { printf("%d [%s] %r\\n", args.a, args.text, buf(args.text, 20)); @[args.a] = count(); }';
    const text = await expectSame(file([pages]), script);
    expect(text).toContain('99 [abcdefgh]');
    await expectSame(
      file([pages]),
      'tracepoint:test:words { @[args.text] = count(); @s = sum(args.text[5]); }',
    );
  });
});
