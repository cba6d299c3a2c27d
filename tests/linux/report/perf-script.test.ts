/** What `perf script` prints of a perf.data, read as text, against the perf.data itself: same records, same kernel stacks. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../../bpf/byte-source.ts';
import type { EventFormat } from '../../../bpf/event-format.ts';
import { nodeDecompressor } from '../../../runtime/node/decompressor.ts';
import { type EventCursor, type EventRecording, openAnyRecording } from '../../../runtime/recording/index.ts';
import { readInteger, readText } from '../../../runtime/recording/record-field.ts';
import { readData } from '../../runtime/recording/recordings.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bpfkit-perf-script-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function open(bytes: Uint8Array, formats?: EventRecording['events']): Promise<EventRecording> {
  const known =
    formats === undefined
      ? {}
      : {
          formats: {
            find: (system: string, event: string) => formats.byName(system, event),
            list: () => formats.lazy(),
          },
        };
  return openAnyRecording(memorySource(bytes), { decompressor: nodeDecompressor, ...known });
}

function perfScript(bytes: Uint8Array, flags: readonly string[]): Uint8Array {
  const file = join(folder, 'perf.data');
  writeFileSync(file, bytes);
  const options = { stdio: ['ignore', 'pipe', 'ignore'] as const, maxBuffer: 1 << 28 };
  return new Uint8Array(
    execFileSync('perf', ['script', '-i', file, ...flags], { ...options, stdio: [...options.stdio] }),
  );
}

function values(format: EventFormat, cursor: EventCursor): string {
  const own = format.fields.filter(({ common }) => !common);
  return own
    .map(
      (field) =>
        `${field.name}=${field.kind.endsWith('string') ? readText(cursor, field) : readInteger(cursor, field)}`,
    )
    .join(' ');
}

function linesOf(recording: EventRecording, chains: boolean): string[] {
  const cursor = recording.cursor();
  const threads = recording.threads();
  const lines: string[] = [];
  while (cursor.next()) {
    threads.observe(cursor);
    const format = recording.events.byId(cursor.eventId);
    if (format === undefined || format.system === 'unknown') continue;
    const micros = Math.floor(cursor.time / 1000);
    const chain = chains ? cursor.callChain?.() : undefined;
    // perf prints the frames of user space as offsets in their file.
    const frames = chain === undefined ? '' : chain.kernel.map((frame) => frame.toString(16)).join(',');
    lines.push(
      `${threads.commOf(cursor.tid, cursor.cpu)} ${cursor.tid} ${cursor.cpu} ${micros} ${format.name} ${values(format, cursor)} ${frames}`,
    );
  }
  return lines;
}

describe('perf script', () => {
  it.each([
    ['zstd', [], false],
    ['zstd', ['-F', 'comm,pid,tid,cpu,time,event,trace'], false],
    ['sched-stacks', ['--ns'], true],
    ['mono', ['--ns'], true],
  ] as const)('of %s with %j', async (name, flags, chains) => {
    const bytes = readData(`perf-data/${name}.data.gz`);
    const original = await open(bytes);
    const text = await open(perfScript(bytes, flags), original.events);
    expect(text.format).toBe('perf script text');
    const [got, wanted] = [linesOf(text, chains), linesOf(original, chains)];
    expect(got.length).toBeGreaterThan(20);
    expect(got.filter((line, index) => line !== wanted[index]).slice(0, 4)).toEqual([]);
    expect(got).toHaveLength(wanted.length);
  });
});
