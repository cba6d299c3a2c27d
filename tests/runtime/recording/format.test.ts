/** Files of every shape, written by the tests; the expected lines are what `trace-cmd report -t -R -N` prints for them. */
import { describe, expect, it } from 'vitest';
import { writeFile } from './files.ts';
import { linesOf, open } from './recordings.ts';
import { type FileContent, type Page, record, type Shape, USUAL_SHAPE } from './writer.ts';

const SHAPES: readonly Shape[] = [true, false].flatMap((littleEndian) =>
  ([4, 8] as const).flatMap((longSize): Shape[] => [
    { version: 6, littleEndian, longSize, compression: 'none' },
    { version: 7, littleEndian, longSize, compression: 'none' },
    { version: 7, littleEndian, longSize, compression: 'zlib' },
    { version: 7, littleEndian, longSize, compression: 'zstd' },
  ]),
);

function nameOf(shape: Shape): string {
  const endian = shape.littleEndian ? 'little' : 'big';
  return `version ${shape.version}, ${endian} endian, long ${shape.longSize}, ${shape.compression}`;
}

/** Every kind of ring-buffer event, both kinds of loss, two CPUs and an instance whose times tie. */
function everything(shape: Shape): FileContent {
  const tick = (delta: number, tid: number, value: number) => ({ delta, record: record(shape, tid, value) });
  const cpu0: Page[] = [
    {
      time: 5_000_000_000n,
      events: [
        tick(0, 10, 1),
        tick(5, 20, 2),
        { ...tick(3, 10, 3), long: true },
        { type: 29, delta: 7, words: [8, 0] },
        tick(1, 10, 4),
      ],
    },
    {
      time: 5_000_000_100n,
      events: [tick(10, 10, 5), { type: 30, delta: 9, words: [33] }, tick(4, 20, 6)],
      lost: 12,
    },
    {
      time: 20_000_000_000n,
      events: [tick(0, 10, 7), { type: 31, delta: 77, words: [200] }, tick(1, 10, 8)],
      lost: -1,
    },
    { time: 30_000_000_000n, events: [] },
    { time: 40_000_000_000n, events: [tick(1, 10, 9), { type: 29, delta: 1, words: [4] }] },
  ];
  const cpu1: Page[] = [
    { time: 5_000_000_000n, events: [tick(0, 30, 101), tick(5, 30, 102), tick(100, 30, 103)] },
  ];
  const instance: Page[] = [{ time: 5_000_000_000n, events: [tick(0, 40, 201), tick(5, 40, 202)] }];
  return {
    buffers: [
      { name: '', cpus: [cpu0, cpu1] },
      { name: 'inst', cpus: [instance, []] },
    ],
  };
}

const EVERYTHING = `ten-10 [000] 5.000000000 tick
<...>-30 [001] 5.000000000 tick
<...>-40 [000] 5.000000000 tick
two words-20 [000] 5.000000005 tick
<...>-30 [001] 5.000000005 tick
<...>-40 [000] 5.000000005 tick
ten-10 [000] 5.000000008 tick
ten-10 [000] 5.000000016 tick
<...>-30 [001] 5.000000105 tick
CPU:0 [12 EVENTS DROPPED]
ten-10 [000] 5.000000110 tick
two words-20 [000] 9.429185147 tick
CPU:0 [EVENTS DROPPED]
ten-10 [000] 20.000000000 tick
ten-10 [000] 26.843545678 tick
ten-10 [000] 40.000000001 tick`;

describe.each(SHAPES.map((shape) => ({ name: nameOf(shape), shape })))('$name', ({ shape }) => {
  it('yields all records in the order of trace-cmd', () => {
    const recording = open(writeFile(everything(shape), shape));
    expect(linesOf(recording).join('\n')).toBe(EVERYTHING);
    expect(recording.warnings).toEqual([]);
    const cursor = recording.cursor();
    const values: number[] = [];
    while (cursor.next()) values.push(cursor.view.getInt32(cursor.offset + 8, shape.littleEndian));
    expect(values).toEqual([1, 101, 201, 2, 102, 202, 3, 4, 103, 5, 6, 7, 8, 9]);
    expect([cursor.lostRecords, cursor.lostUncounted]).toEqual([12, 1]);
    expect(cursor.consumed).toBe(recording.dataSize);
  });
});

describe('ring buffer', () => {
  const tick = (delta: number, value: number) => ({ delta, record: record(USUAL_SHAPE, 10, value) });
  const openPages = (cpus: readonly (readonly (Page | Uint8Array)[])[]) =>
    open(writeFile({ buffers: [{ name: '', cpus }] }, USUAL_SHAPE));

  it('keeps the bits above an absolute time, and carries over when they wrapped', () => {
    const time = 0xf800_0000_0000_0000n + 0x07ff_ffff_ffff_fff0n;
    const recording = openPages([
      [{ time, events: [tick(0, 1), { type: 31, delta: 5, words: [0] }, tick(0, 2)] }],
    ]);
    const cursor = recording.cursor();
    cursor.next();
    expect([cursor.timeHigh >>> 0, cursor.timeLow >>> 0]).toEqual([0xffff_ffff, 0xffff_fff0]);
    cursor.next();
    expect([cursor.timeHigh >>> 0, cursor.timeLow >>> 0]).toEqual([0, 5]);
  });

  it('compares times beyond 2^53 and 2^63 exactly', () => {
    const page = (time: bigint, value: number): Page => ({ time, events: [tick(0, value)] });
    const times = [2n ** 63n + 1n, 2n ** 63n, 2n ** 53n + 1n, 2n ** 53n, 2n ** 32n, 2n ** 32n - 1n];
    const recording = openPages(times.map((time, index) => [page(time, index)]));
    const cursor = recording.cursor();
    const values: number[] = [];
    while (cursor.next()) values.push(cursor.view.getInt32(cursor.offset + 8, true));
    expect(values).toEqual([5, 4, 3, 2, 1, 0]);
  });

  it('merges many CPUs', () => {
    const cpus = Array.from({ length: 37 }, (_, cpu): Page[] => [
      { time: BigInt(cpu), events: Array.from({ length: 90 }, () => tick(41, cpu)) },
    ]);
    const cursor = openPages(cpus).cursor();
    const keys: number[] = [];
    while (cursor.next()) keys.push(cursor.time * 64 + cursor.cpu);
    expect(keys).toHaveLength(37 * 90);
    expect(keys).toEqual([...keys].sort((a, b) => a - b));
  });

  it('ends a page at padding without a length', () => {
    const rest = { type: 29, delta: 0, words: [4, 0, 0] } as const;
    const recording = openPages([
      [
        { time: 1n, events: [tick(0, 1), rest] },
        { time: 2n, events: [tick(0, 2)] },
      ],
    ]);
    expect(linesOf(recording)).toHaveLength(2);
    expect(recording.warnings).toEqual([]);
  });

  it('counts what was lost after the last record', () => {
    const recording = openPages([
      [
        { time: 1n, events: [tick(0, 1)] },
        { time: 2n, events: [], lost: 5 },
      ],
    ]);
    const cursor = recording.cursor();
    while (cursor.next());
    expect(cursor.lostRecords).toBe(5);
  });

  it.each([
    [
      'a page that claims too much',
      { time: 2n, events: [], commit: 5000 },
      'a page claims 5000 bytes of records',
    ],
    [
      'a record beyond the page',
      { time: 2n, events: [{ type: 28, delta: 0, words: [7] }] },
      'a record of 112 bytes',
    ],
    [
      'a long record without length',
      { time: 2n, events: [{ type: 0, delta: 0, words: [0] }] },
      'a record of 0 bytes',
    ],
    ['a huge record', { time: 2n, events: [{ type: 0, delta: 0, words: [0xffff_ffff] }] }, 'does not fit'],
    [
      'a record without common fields',
      { time: 2n, events: [{ type: 1, delta: 0, words: [7] }] },
      'a record of 4 bytes',
    ],
    ['odd padding', { time: 2n, events: [{ type: 29, delta: 1, words: [5, 0] }] }, 'padding of 5 bytes'],
    ['a cut time extend', { time: 2n, events: [{ type: 30, delta: 1, words: [] }] }, 'an event of type 30'],
  ] satisfies [string, Page, string][])(
    'warns of %s and goes on with the next page',
    (_, damaged, message) => {
      const good = (time: bigint): Page => ({ time, events: [tick(0, 1)] });
      const recording = openPages([[good(1n), damaged, good(3n)]]);
      expect(linesOf(recording)).toEqual([
        'ten-10 [000] 0.000000001 tick',
        'CPU:0 [EVENTS DROPPED]',
        'ten-10 [000] 0.000000003 tick',
      ]);
      expect(recording.warnings.map((warning) => warning.message).join()).toContain(message);
      expect(recording.warnings[0]!.section).toBe('CPU 0 data (decompressed)');
    },
  );

  it('warns when time goes backwards from page to page', () => {
    const recording = openPages([
      [
        { time: 9n, events: [tick(0, 1)] },
        { time: 3n, events: [tick(0, 2)] },
      ],
    ]);
    expect(linesOf(recording)).toHaveLength(2);
    expect(recording.warnings[0]!.message).toBe(
      'CPU 0 data (decompressed) at byte 4096: time goes backwards at this page',
    );
  });
});
