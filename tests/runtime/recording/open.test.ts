import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { memorySource } from '../../../bpf/byte-source.ts';
import { nodeDecompressor } from '../../../runtime/node/decompressor.ts';
import { openFileSource } from '../../../runtime/node/file-source.ts';
import { isRecording, openAnyRecording } from '../../../runtime/recording/index.ts';
import { cli } from '../../cli/support.ts';
import { readPart } from './perf-data/recordings.ts';
import { dataPath, readData } from './recordings.ts';

const ports = { decompressor: nodeDecompressor };
const folder = mkdtempSync(join(tmpdir(), 'open-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('a recording of any format', () => {
  it.each([
    ['trace.dat', 'trace.dat', 51706],
    ['trace-v6.dat.gz', 'trace.dat', 4465],
    ['perf-data/sched-stacks.data.gz', 'perf.data', 83],
    ['perf-data/pipe.data.gz', 'perf.data', 279],
  ])('is opened by its first bytes (%s)', async (name, format, records) => {
    const wanted = { name: 'recording', accepts: isRecording };
    const source = openFileSource(dataPath(name), { wanted });
    const recording = await openAnyRecording(source, ports);
    expect(recording.format).toBe(format);
    const cursor = recording.cursor();
    let count = 0;
    while (cursor.next()) count++;
    expect(count).toBe(records);
    expect(cursor.consumed).toBe(recording.dataSize);
    source.close();
  });

  it('is nothing else', async () => {
    const bytes = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 3]);
    expect(isRecording(bytes)).toBe(false);
    await expect(openAnyRecording(memorySource(bytes), ports)).rejects.toThrow(
      'file header at byte 0: neither trace.dat, perf.data nor the text of a trace',
    );
    expect(isRecording(readData('trace.dat').subarray(0, 4096))).toBe(true);
  });

  it('that is damaged is an error of the command line with its place', async () => {
    const path = join(folder, 'cut.data');
    writeFileSync(path, readPart('sched-stacks.data').subarray(0, 60));
    const { code, stderr } = await cli(['--on', path, '-e', 'BEGIN { }']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Cannot read the recording '.*cut.data': file header at byte 56/);
  });
});
