import { describe, expect, it } from 'vitest';
import { memorySource } from '../../../../bpf/byte-source.ts';
import { expectedLines, linesOf, open, perfComm, readLines, readPart } from './recordings.ts';

/** Recordings, with whether their samples tell the CPU. */
const RECORDINGS: readonly (readonly [string, boolean])[] = [
  ['sched-stacks', true],
  ['zstd', true],
  ['pipe', true],
  ['pipe-zstd', true],
  ['cpu-clock', false],
  ['per-thread', false],
  ['one-event', false],
  ['group', false],
  ['everything', false],
  ['mono', true],
  ['lost', true],
];

describe('the samples of', () => {
  it.each(RECORDINGS)('%s are those perf script shows, in its order', (name, withCpu) => {
    const recording = open(readPart(`${name}.data`));
    expect(linesOf(recording, withCpu)).toEqual(expectedLines(name));
    const damages = recording.warnings.filter(
      ({ message }) => !/end of the round|do not tell their CPU/.test(message),
    );
    expect(damages).toEqual([]);
  });

  it('a file are the same however little of it is read at once', () => {
    const source = memorySource(readPart('sched-stacks.data'));
    const slow = {
      size: source.size,
      read: (offset: number, length: number) => source.read(offset, length).slice(),
    };
    expect(linesOf(open(slow), true)).toEqual(expectedLines('sched-stacks'));
  });

  it('a file are read once, window by window', () => {
    const bytes = readPart('lost.data');
    const source = memorySource(bytes);
    const reads: number[] = [];
    const counted = {
      size: source.size,
      read: (offset: number, length: number) => {
        const read = source.read(offset, length);
        reads.push(read.length);
        return read;
      },
    };
    const cursor = open(counted).cursor();
    reads.length = 0;
    while (cursor.next());
    expect(Math.max(...reads)).toBeLessThanOrEqual(256 * 1024);
    expect(reads.reduce((sum, size) => sum + size)).toBeLessThan(bytes.length * 1.5);
  });

  it('a file without rounds are in order of time', () => {
    const bytes = readPart('lost.data');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const start = Number(view.getBigUint64(40, true));
    const end = start + Number(view.getBigUint64(48, true));
    for (let at = start; at < end; at += view.getUint16(at + 6, true)) {
      // A round's end becomes the harmless FINISHED_INIT.
      if (view.getUint32(at, true) === 68) view.setUint32(at, 82, true);
    }
    const cursor = open(bytes).cursor();
    const times: number[] = [];
    while (cursor.next()) times.push(cursor.time);
    expect(times.length).toBe(9981);
    expect(times.every((time, index) => index === 0 || times[index - 1]! <= time)).toBe(true);
  });

  it('two cursors are the same', () => {
    const recording = open(readPart('zstd.data'));
    const [first, second] = [recording.cursor(), recording.cursor()];
    while (first.next()) {
      expect(second.next()).toBe(true);
      expect([second.time, second.tid, second.eventId]).toEqual([first.time, first.tid, first.eventId]);
    }
    expect(second.next()).toBe(false);
  });
});

describe('the bytes of a tracepoint', () => {
  it('say what perf script prints of them', () => {
    const recording = open(readPart('sched-stacks.data'));
    const rename = recording.events.byName('task', 'task_rename')!;
    const field = (name: string): number => rename.fields.find((one) => one.name === name)!.offset;
    const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
    const cursor = recording.cursor();
    const found: string[] = [];
    while (cursor.next()) {
      if (cursor.eventId !== rename.id) continue;
      const at = (name: string, size: number): Uint8Array =>
        cursor.bytes.subarray(cursor.offset + field(name), cursor.offset + field(name) + size);
      const pid = cursor.view.getInt32(cursor.offset + field('pid'), true);
      const names = `oldcomm=${text(at('oldcomm', 16))} newcomm=${text(at('newcomm', 16))}`;
      found.push(`${perfComm(cursor)} pid=${pid} ${names}`);
      expect(cursor.view.getUint16(cursor.offset, true)).toBe(rename.id);
      expect(cursor.length % 4).toBe(0);
    }
    const lines = readLines('sched-stacks.fields.txt').filter((line) => line.includes('task:task_rename'));
    const expected = lines.map((line) =>
      line.replace(/^ *(.*?) +task:task_rename: /, '$1 ').replace(/ oom_score_adj=.*$/, ''),
    );
    expect(found.length).toBeGreaterThan(5);
    expect(found).toEqual(expected);
  });
});

describe('losses', () => {
  // 18 LOST records sum up to 652, and so does what the six events counted themselves (perf report -D).
  it('are counted once, where they happened', () => {
    const cursor = open(readPart('lost.data')).cursor();
    let sum = 0;
    let places = 0;
    while (cursor.next()) {
      sum += cursor.lost;
      if (cursor.lost > 0) places++;
    }
    expect([sum, cursor.lost, cursor.lostRecords, cursor.lostUncounted]).toEqual([652, 0, 652, 0]);
    expect(places).toBe(18);
  });
});
