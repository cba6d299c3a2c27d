import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nodeDecompressor } from '../../../../runtime/node/decompressor.ts';
import { openPerfData } from '../../../../runtime/recording/perf-data/index.ts';
import { open, timeOf } from './recordings.ts';
import {
  body,
  padded,
  record,
  sectionString,
  type TestEvent,
  tick,
  tracingData,
  writePerfData,
  writePipe,
} from './writer.ts';

const IP = 1;
const TID = 2;
const TIME = 4;
const CPU = 1 << 7;
const RAW = 1 << 10;
const IDENTIFIER = 1 << 16;
const USUAL = IP | TID | TIME | CPU | RAW | IDENTIFIER;
const EVENT: TestEvent = { type: 2, config: 7n, sampleType: USUAL, ids: [5n] };

/** A `test:tick` sample of thread 20 of process 10 on CPU 1. */
function sample(time: bigint, value: bigint, littleEndian = true, id = 5n): Uint8Array {
  return record(
    9,
    1,
    body(
      (writer) =>
        tick(writer.u64(id).u64(0xffffffff81000000n).u32(10).u32(20).u64(time).u32(1).u32(0), 20, value),
      littleEndian,
    ),
    littleEndian,
  );
}

/** A COMM record with its time. */
function comm(tid: number, name: string, time: bigint, littleEndian = true, id = 5n): Uint8Array {
  const content = body(
    (writer) => writer.u32(10).u32(tid).bytes(padded(name)).u32(10).u32(tid).u64(time).u32(1).u32(0).u64(id),
    littleEndian,
  );
  return record(3, 0, content, littleEndian);
}

const ROUND = record(68, 0, new Uint8Array(0));
const FEATURES = new Map([[1, tracingData()]]);

/** `time value comm` of each sample. */
function ticks(bytes: Uint8Array): { readonly lines: string[]; readonly warnings: readonly string[] } {
  const recording = open(bytes);
  const value = recording.events.byName('test', 'tick')?.fields.find((field) => field.name === 'value');
  const cursor = recording.cursor();
  const threads = recording.threads();
  const lines: string[] = [];
  while (cursor.next()) {
    threads.observe(cursor);
    const at = cursor.offset + (value?.offset ?? 8);
    const number = cursor.length > 0 ? cursor.view.getBigUint64(at, cursor.littleEndian) : '-';
    lines.push(`${timeOf(cursor)} ${number} ${threads.commOf(cursor.tid, cursor.cpu) ?? '?'}`);
  }
  return { lines, warnings: recording.warnings.map(({ message }) => message) };
}

describe('a perf.data file', () => {
  it.each([true, false])('is read in both byte orders (little: %s)', (littleEndian) => {
    const records = [
      comm(20, 'first', 1n, littleEndian),
      sample(2n, 11n, littleEndian),
      sample(3n, 12n, littleEndian),
    ];
    const features = new Map([[1, tracingData(littleEndian)]]);
    for (const write of [writePerfData, writePipe]) {
      const bytes = write({ littleEndian, events: [EVENT], records, features });
      expect(open(bytes).littleEndian).toBe(littleEndian);
      expect(ticks(bytes)).toEqual({ lines: ['2 11 first', '3 12 first'], warnings: [] });
    }
  });

  it.each([64, 72, 80, 96, 112, 128, 136, 200])('is read with attributes of %i bytes', (attrSize) => {
    const records = [sample(2n, 11n)];
    const events = [EVENT, { ...EVENT, type: 1, config: 0n, ids: [6n] }];
    const bytes = writePerfData({ events, records, attrSize, features: FEATURES });
    expect(ticks(bytes)).toEqual({ lines: ['2 11 ?'], warnings: [] });
    expect(open(bytes).sampledEvents.map(({ ids }) => ids)).toEqual([[5n], [6n]]);
  });

  it('gives its samples by time, ties in file order, with names as of then', () => {
    const records = [
      comm(20, 'old', 1n),
      sample(50n, 3n),
      sample(30n, 1n),
      ROUND,
      comm(20, 'new', 40n),
      sample(50n, 4n),
      sample(30n, 2n),
      ROUND,
      sample(60n, 5n),
    ];
    const bytes = writePerfData({ events: [EVENT], records, features: FEATURES });
    expect(ticks(bytes).lines).toEqual(['30 1 old', '30 2 old', '50 3 new', '50 4 new', '60 5 new']);
  });

  it('shows late records where perf does, and says so', () => {
    const records = [sample(10n, 1n), sample(20n, 2n), ROUND, ROUND, sample(5n, 3n), sample(30n, 4n)];
    const { lines, warnings } = ticks(writePerfData({ events: [EVENT], records, features: FEATURES }));
    expect(lines).toEqual(['10 1 ?', '20 2 ?', '5 3 ?', '30 4 ?']);
    expect(warnings.join()).toMatch(/1 record was written after the end of the round/);
  });

  it('gives a new thread its parent’s name, and forgets who had its id before', () => {
    const fork = (time: bigint): Uint8Array => {
      const content = body((writer) =>
        writer.u32(20).u32(10).u32(20).u32(10).u64(time).u32(10).u32(10).u64(time).u32(0).u32(0).u64(5n),
      );
      return record(7, 0, content);
    };
    const records = [
      comm(20, 'before', 1n),
      comm(10, 'parent', 1n),
      sample(2n, 1n),
      fork(3n),
      sample(4n, 2n),
    ];
    const { lines } = ticks(writePerfData({ events: [EVENT], records, features: FEATURES }));
    expect(lines).toEqual(['2 1 before', '4 2 parent']);
  });

  it('without formats says how to get them', () => {
    const { warnings } = ticks(writePerfData({ events: [EVENT], records: [sample(2n, 1n)] }));
    expect(warnings).toEqual([expect.stringContaining('no event formats')]);
    expect(warnings[0]).toMatch(/SIGINT/);
  });

  it('of tracepoints without their bytes says that no program runs', () => {
    const event = { ...EVENT, sampleType: USUAL & ~RAW };
    const bytes = writePerfData({ events: [event], records: [ROUND], features: FEATURES });
    expect(ticks(bytes).warnings).toEqual([
      expect.stringMatching(/test:tick was recorded without its bytes/),
    ]);
  });

  it('of a killed recorder is read up to its end', () => {
    const bytes = writePerfData({ events: [EVENT], records: [sample(2n, 1n), sample(3n, 2n)] });
    const killed = bytes.slice(0, bytes.length - 16 - sectionString('test').length);
    new DataView(killed.buffer).setBigUint64(48, 0n, true);
    const { lines, warnings } = ticks(killed);
    expect(lines).toEqual(['2 1 ?', '3 2 ?']);
    expect(warnings[0]).toMatch(/the recorder did not end properly/);
  });

  it('tells the wall clock where the recording does', () => {
    const event = { ...EVENT, flags: [18, 25], clockId: 1 };
    const clock = body((writer) => writer.u32(1).u32(1).u64(1_700_000_000_000_000_000n).u64(1_000n));
    const features = new Map([...FEATURES, [29, clock]]);
    const recording = open(writePerfData({ events: [event], records: [ROUND], features }));
    expect(recording.clock).toBe('mono');
    expect(recording.wallClockOffsetNs).toBe(1_699_999_999_999_999_000n);
    expect(open(writePerfData({ events: [EVENT], records: [ROUND] })).wallClockOffsetNs).toBeUndefined();
  });

  it('skips what it does not know, telling each once', () => {
    const odd = record(99, 0, new Uint8Array(8));
    const records = [
      odd,
      sample(2n, 1n),
      odd,
      record(50, 0, new Uint8Array(8)),
      record(12, 0, new Uint8Array(8)),
    ];
    const { lines, warnings } = ticks(writePerfData({ events: [EVENT], records, features: FEATURES }));
    expect(lines).toEqual(['2 1 ?']);
    expect(warnings).toEqual([expect.stringMatching(/type 99/), expect.stringMatching(/type 50/)]);
  });

  it('skips AUX data behind its record, and says so', () => {
    const aux = record(
      71,
      0,
      body((writer) => writer.u64(16).u64(0).u64(0).u32(0).u32(0).u32(0).u32(0)),
    );
    const records = [aux, new Uint8Array(16).fill(0xff), sample(2n, 1n), aux, new Uint8Array(16)];
    const { lines, warnings } = ticks(writePerfData({ events: [EVENT], records, features: FEATURES }));
    expect(lines).toEqual(['2 1 ?']);
    expect(warnings).toEqual([expect.stringMatching(/AUX data\) are not decoded/)]);
  });

  it('says what else it leaves out', () => {
    const deferred = record(
      22,
      0,
      body((writer) => writer.u64(1).u64(1).u64(0x1000).u32(1).u32(1).u64(3).u32(0).u32(0).u64(5)),
    );
    const features = new Map([...FEATURES, [24, body((writer) => writer.u64(1))]]);
    const { warnings } = ticks(writePerfData({ events: [EVENT], records: [deferred, deferred], features }));
    expect(warnings).toEqual([
      expect.stringMatching(/a folder of files/),
      expect.stringMatching(/user stacks that the kernel wrote after/),
    ]);
  });

  it('has as many CPUs as it says, else as its events have ids', () => {
    const event = { ...EVENT, ids: [5n, 6n, 7n, 8n] };
    const cpus = body((writer) => writer.u32(64).u32(3));
    expect(open(writePerfData({ events: [event], records: [ROUND] })).cpus).toBe(4);
    expect(
      open(writePerfData({ events: [event], records: [ROUND], features: new Map([[7, cpus]]) })).cpus,
    ).toBe(64);
  });
});

describe('compressed records', () => {
  const plain = Buffer.concat([sample(2n, 1n), sample(3n, 2n), sample(4n, 3n)]);
  const lines = ['2 1 ?', '3 2 ?', '4 3 ?'];
  const cut = (bytes: Uint8Array, size: number): Uint8Array[] => {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) parts.push(bytes.subarray(at, at + size));
    return parts;
  };

  it.each([1, 7, 30, 1000])('are one stream over many records (%i bytes each)', (size) => {
    const packed = cut(new Uint8Array(zstdCompressSync(plain)), size);
    const records = packed.map((part) => record(81, 0, part));
    expect(ticks(writePerfData({ events: [EVENT], records, features: FEATURES }))).toEqual({
      lines,
      warnings: [],
    });
  });

  it('may be padded, with their size told', () => {
    const records = cut(new Uint8Array(zstdCompressSync(plain)), 13).map((part) =>
      record(
        83,
        0,
        body((writer) => writer.u64(part.length).bytes(part).bytes(new Uint8Array(3))),
      ),
    );
    expect(ticks(writePerfData({ events: [EVENT], records, features: FEATURES }))).toEqual({
      lines,
      warnings: [],
    });
  });

  it('that are damaged are told of, and the rest is read', () => {
    const records = [sample(1n, 9n), record(81, 0, new Uint8Array(40).fill(0xa5)), sample(5n, 4n)];
    const found = ticks(writePerfData({ events: [EVENT], records, features: FEATURES }));
    expect(found.lines).toEqual(['1 9 ?', '5 4 ?']);
    expect(found.warnings).toEqual([expect.stringMatching(/event data at byte \d+: damaged zstd data/)]);
  });

  it('of a bomb are cut off', () => {
    const bomb = Buffer.concat([sample(2n, 1n), Buffer.alloc(80 << 20)]);
    // Zeros are no records, so the first is the last.
    const records = cut(new Uint8Array(zstdCompressSync(bomb)), 60_000).map((part) => record(81, 0, part));
    const found = ticks(writePerfData({ events: [EVENT], records, features: FEATURES }));
    expect(found.lines).toEqual(['2 1 ?']);
    expect(found.warnings).toEqual([expect.stringMatching(/a decompressed record of 0 bytes/)]);
  });

  it('without rounds wait only so long', { timeout: 60_000 }, () => {
    const count = 90_000;
    const bytes = Buffer.concat(Array.from({ length: count }, (_, index) => sample(BigInt(index + 1), 1n)));
    const records = cut(new Uint8Array(zstdCompressSync(bytes)), 60_000).map((part) => record(81, 0, part));
    const cursor = open(writePerfData({ events: [EVENT], records })).cursor();
    let samples = 0;
    let held = 0;
    while (cursor.next()) {
      samples++;
      expect(cursor.time).toBe(samples);
      held = Math.max(held, cursor.held);
    }
    expect(samples).toBe(count);
    expect(bytes.length).toBeGreaterThan(6 * 2 ** 20);
    // 4 MiB of records, a piece more, and their places.
    expect(held).toBeLessThan(8 * 2 ** 20);
  });

  it('need a stream decompressor', () => {
    const records = [record(81, 0, new Uint8Array(zstdCompressSync(plain)))];
    const bytes = writePerfData({ events: [EVENT], records, features: FEATURES });
    const { decompress } = nodeDecompressor;
    const recording = openPerfData(bytes, { decompressor: { decompress } });
    expect(recording.cursor().next()).toBe(false);
    expect(recording.warnings[0]?.message).toMatch(/no zstd decompressor/);
  });
});

describe('damage', () => {
  const whole = writePerfData({
    events: [EVENT],
    records: [sample(2n, 1n), sample(3n, 2n)],
    features: FEATURES,
  });
  const changed = (at: number, value: bigint): Uint8Array => {
    const bytes = whole.slice();
    new DataView(bytes.buffer).setBigUint64(at, value, true);
    return bytes;
  };

  it.each([
    ['nothing', new Uint8Array(0), 'not a perf.data file'],
    ['the first format', new TextEncoder().encode('PERFFILE........'), 'before Linux 3.0'],
    ['a short header', whole.slice(0, 60), 'file header at byte 56'],
    ['a header size', changed(8, 50n), 'header size 50'],
    ['a huge header size', changed(8, 1n << 60n), 'header size'],
    ['an attribute size', changed(16, 8n), 'attribute size 8'],
    ['no events', changed(32, 0n), 'describes no events'],
  ])('of the header (%s) is an error', (_, bytes, message) => {
    expect(() => open(bytes)).toThrow(message);
  });

  it('of a record’s size ends the reading', () => {
    const bytes = whole.slice();
    const start = Number(new DataView(bytes.buffer).getBigUint64(40, true));
    new DataView(bytes.buffer).setUint16(start + sample(2n, 1n).length + 6, 4, true);
    const found = ticks(bytes);
    expect(found.lines).toEqual(['2 1 ?']);
    expect(found.warnings).toEqual([
      expect.stringMatching(/a record of 4 bytes; the records after it are not read/),
    ]);
  });

  it('of sizes within a sample leaves it out', () => {
    const bad = sample(2n, 1n);
    new DataView(bad.buffer, bad.byteOffset).setUint32(48, 0xffff, true);
    const found = ticks(
      writePerfData({ events: [EVENT], records: [bad, sample(3n, 2n)], features: FEATURES }),
    );
    expect(found.lines).toEqual(['3 2 ?']);
    expect(found.warnings).toEqual([expect.stringMatching(/raw data does not fit/)]);
  });

  it('of the formats leaves the samples', () => {
    const features = new Map([[1, tracingData().slice(0, 60)]]);
    const found = ticks(writePerfData({ events: [EVENT], records: [sample(2n, 1n)], features }));
    expect(found.lines).toEqual(['2 1 ?']);
    expect(found.warnings[0]).toMatch(/tracing data at byte/);
  });
});
