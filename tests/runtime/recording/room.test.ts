/** Records that are read into a machine's memory, in place, are those that are read as they come. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RecordCursor } from '../../../runtime/recording/index.ts';
import type { RecordRoom } from '../../../runtime/recording/stream-state.ts';
import { repeatTrace } from '../../../scripts/repeat-trace.ts';
import { Memory } from '../../../vm/memory.ts';
import { writeFile } from './files.ts';
import { dataPath, open, readData } from './recordings.ts';
import { PAGE_SIZE, type Page, record, USUAL_SHAPE } from './writer.ts';

function createRoom(): RecordRoom {
  const memory = new Memory(64 << 20);
  return {
    u8: memory.u8,
    i32: memory.i32,
    view: memory.view,
    allocate: (size) => memory.allocate(size, 'records'),
  };
}

/** Everything a cursor tells of its records, in order; the bytes by their sum. */
function all(cursor: RecordCursor): readonly string[] {
  const lines: string[] = [];
  while (cursor.next()) {
    let sum = 0;
    for (let at = 0; at < cursor.length; at += 4) {
      sum = (Math.imul(sum, 31) + cursor.view.getInt32(cursor.offset + at, true)) | 0;
    }
    const { cpu, buffer, timeHigh, timeLow, eventId, tid, length, lost } = cursor;
    lines.push([cpu, buffer, timeHigh, timeLow, eventId, tid, length, lost, sum].join(' '));
  }
  return [...lines, `${cursor.lostRecords} ${cursor.lostUncounted} ${cursor.consumed}`];
}

function expectSame(file: Uint8Array): void {
  const plain = open(file);
  const placed = open(file);
  expect(all(placed.cursor(createRoom()))).toEqual(all(plain.cursor()));
  expect(placed.warnings).toEqual(plain.warnings);
}

describe('records in a room', () => {
  it.each(['trace.dat', 'trace-v6.dat.gz'])('are those of %s', (name) => {
    expectSame(readData(name));
  });

  it.each([
    { place: 'a page cut off', cut: 5000 },
    { place: 'nothing of the last CPU', cut: 3 * PAGE_SIZE },
  ])('are those of a file with $place', ({ cut }) => {
    const shape = { ...USUAL_SHAPE, version: 6, compression: 'none' } as const;
    const pages = (base: bigint): readonly Page[] =>
      [0n, 1n, 2n].map((index) => ({
        time: base + index * 1000n,
        lost: index === 2n ? 3 : 0,
        events: Array.from({ length: 50 }, (_, value) => ({ delta: 7, record: record(shape, 9, value) })),
      }));
    const file = writeFile({ buffers: [{ name: '', cpus: [pages(5000n), pages(5003n)] }] }, shape);
    expectSame(file);
    expectSame(file.subarray(0, file.length - cut));
  });
});

describe('a repeated recording', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bpfkit-repeat-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['none', 'zstd'] as const)('has the same records again, later (%s)', (compression) => {
    const path = join(folder, compression);
    const { events } = repeatTrace(dataPath('trace.dat'), path, { events: 60_000, compression });
    const once = all(open(readData('trace.dat')).cursor());
    expect(events).toBe(2 * (once.length - 1));
    const twice = all(open(readFileSync(path)).cursor()).slice(0, -1);
    const untimed = (lines: readonly string[]): readonly string[] =>
      lines.map((line) => line.replace(/^(\d+ \d+) \S+ \S+/, '$1'));
    expect(untimed(twice)).toEqual(untimed([...once.slice(0, -1), ...once.slice(0, -1)]));
    const times = twice.map((line) => line.split(' ').map(Number));
    const later = times.every(([, , high, low], index) => {
      const [, , lastHigh = 0, lastLow = 0] = times[index - 1] ?? [];
      return high! > lastHigh || (high === lastHigh && low! >>> 0 >= lastLow >>> 0);
    });
    expect(later).toBe(true);
  });
});
