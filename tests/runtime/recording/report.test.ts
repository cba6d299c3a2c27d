/** The committed recordings against what `trace-cmd report` says of them (tests/data/report/make.sh). */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EventField } from '../../../bpf/event-format.ts';
import { openFileSource } from '../../../runtime/node/file-source.ts';
import {
  type RecordCursor,
  type Recording,
  readInteger,
  readText,
} from '../../../runtime/recording/index.ts';
import { dataPath, lineOf, linesOf, open, readData, timeText } from './recordings.ts';

const reported = (name: string): string[] =>
  readFileSync(dataPath(`report/${name}`), 'utf8')
    .trimEnd()
    .split('\n');
const hashes = new Map(reported('hashes.txt').map((line) => [line.split(' ')[0]!, line.split(' ').slice(1)]));

function summary(lines: readonly string[]): string[] {
  const hash = createHash('sha256').update(lines.map((line) => `${line}\n`).join(''));
  return [String(lines.length), hash.digest('hex')];
}

function count(recording: Recording, keyOf: (cursor: RecordCursor) => string | undefined): string[] {
  const counts = new Map<string, number>();
  const cursor = recording.cursor();
  while (cursor.next()) {
    const key = keyOf(cursor);
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, value]) => `${key} ${value}`).sort((a, b) => (a < b ? -1 : 1));
}

/** `name=value` of an event's own fields, as `-R` prints signed integers and strings. */
function fieldsText(recording: Recording, cursor: RecordCursor): string {
  const format = recording.events.byId(cursor.eventId)!;
  const text = (field: EventField): string =>
    `${field.name}=${field.kind.endsWith('string') ? readText(cursor, field) : readInteger(cursor, field)}`;
  const fields = format.fields.filter((field) => !field.common).map(text);
  return `${timeText(cursor)} ${format.name}: ${fields.join(' ')}`;
}

function fieldLines(recording: Recording, events: readonly string[]): string[] {
  const ids = new Set(events.map((name) => recording.events.byName('sched', name)!.id));
  const lines: string[] = [];
  const cursor = recording.cursor();
  while (cursor.next()) if (ids.has(cursor.eventId)) lines.push(fieldsText(recording, cursor));
  return lines;
}

describe('trace.dat, version 7 with zstd', () => {
  const recording = open(openFileSource(dataPath('trace.dat')));

  it('has every record of trace-cmd report, at its time and in its order', () => {
    expect(summary(linesOf(recording))).toEqual(hashes.get('trace.dat'));
    expect(recording.warnings).toEqual([]);
  });

  it('begins and ends as reported', () => {
    const lines = linesOf(recording);
    expect([...lines.slice(0, 5), ...lines.slice(-5)]).toEqual(reported('ends.txt'));
  });

  it('counts events and system calls as reported', () => {
    expect(count(recording, (cursor) => recording.events.byId(cursor.eventId)?.name)).toEqual(
      reported('events.txt'),
    );
    const enter = recording.events.byName('raw_syscalls', 'sys_enter')!.id;
    const comms = count(recording, (cursor) =>
      cursor.eventId === enter ? recording.commOf(cursor.tid) : undefined,
    );
    expect(comms).toEqual(reported('sys-enter-comms.txt'));
    expect(comms.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0)).toBe(10_189);
  });

  it('has the field values reported', () => {
    const lines = fieldLines(recording, ['sched_process_exec', 'sched_process_fork']);
    expect(lines.slice(0, 40)).toEqual(reported('fields.txt'));
    expect(summary(fieldLines(recording, ['sched_switch']))).toEqual(hashes.get('sched_switch'));
  });

  it('describes its machine', () => {
    expect(recording.header).toMatchObject({
      version: 7,
      littleEndian: true,
      longSize: 8,
      compression: 'zstd',
    });
    expect(recording.buffers).toEqual([{ name: '', clock: 'global', pageSize: 4096, cpus: [0, 1] }]);
    expect([recording.clock, recording.nanoseconds]).toEqual(['global', true]);
    expect(recording.machine).toMatchObject({
      release: '6.1.0-56-cloud-amd64',
      architecture: 'x86_64',
      cpuCount: 2,
      writerVersion: '3.1.6 not-a-git-repo',
      traceId: 0x92fd2995679d6358n,
      timeOffset: 0n,
    });
    expect(recording.machine.cpuStats.map((cpu) => [cpu.cpu, cpu.values.get('entries')])).toEqual([
      [0, 14974],
      [1, 15367],
    ]);
    expect(recording.pageLayout).toEqual({ timeOffset: 0, commitOffset: 8, longSize: 8, dataOffset: 16 });
    expect(recording.events.names).toHaveLength(756);
    expect(recording.sections().map((section) => [section.id, section.name])).toContainEqual([
      3,
      'buffer flyrecord ',
    ]);
  });

  it('resolves symbols and printk formats', () => {
    const symbols = recording.kernelSymbols();
    expect(symbols.size).toBe(87_350);
    const schedule = symbols.symbolOf('schedule')!;
    expect(symbols.symbolAt(schedule.address + 5n)).toEqual(schedule);
    expect(symbols.symbolAt(schedule.address - 1n)?.name).not.toBe('schedule');
    expect(recording.printkFormats().size).toBe(133);
  });

  it('tells the process of what forked and called exec while it was recorded', () => {
    const threads = recording.threads();
    expect(threads.tgidOf(114)).toBeUndefined();
    const cursor = recording.cursor();
    while (cursor.next()) threads.observe(cursor);
    expect([113, 114, 116].map((tid) => threads.tgidOf(tid))).toEqual([113, 114, 116]);
    expect(threads.tgidOf(53)).toBeUndefined();
    expect([threads.commOf(0, 1), threads.commOf(113, 0)]).toEqual(['swapper/1', 'sh']);
  });

  it('shows its progress and its bytes', () => {
    const cursor = recording.cursor();
    expect(cursor.consumed).toBe(0);
    cursor.next();
    expect(lineOf(recording, cursor)).toBe(reported('ends.txt')[0]);
    expect(cursor.time).toBe(9_907_385_806);
    expect(cursor.view.getUint16(cursor.offset, true)).toBe(cursor.eventId);
    expect(cursor.bytes[cursor.offset]).toBe(cursor.eventId & 0xff);
    while (cursor.next());
    expect(cursor.consumed).toBe(recording.dataSize);
    expect([cursor.lostRecords, cursor.lostUncounted]).toEqual([0, 0]);
    expect(cursor.next()).toBe(false);
  });
});

describe('trace-v6.dat, version 6', () => {
  it('has every record of trace-cmd report, at its time and in its order', () => {
    const recording = open(readData('trace-v6.dat.gz'));
    expect(summary(linesOf(recording))).toEqual(hashes.get('trace-v6.dat'));
    expect(recording.warnings).toEqual([]);
    expect(recording.header).toMatchObject({ version: 6, compression: 'none' });
    expect([recording.clock, recording.machine.cpuCount]).toEqual(['global', 2]);
  });

  it('opens gzipped files as they are', () => {
    const source = openFileSource(dataPath('trace-v6.dat.gz'));
    expect(summary(linesOf(open(source)))).toEqual(hashes.get('trace-v6.dat'));
    source.close();
  });
});
