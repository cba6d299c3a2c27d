/** Recordings with damage: what was lost is told before anything is said not to be there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, root } from './support.ts';

const SWITCHES = 'tracepoint:sched:sched_switch { @ = count(); }';

let folder = '';
/** Its compressed section of event formats does not unpack. */
let formats = '';
/** The text of one event's format is damaged, which shows when somebody asks for it. */
let format = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'damaged-'));
  formats = join(folder, 'formats.dat');
  const packed = Uint8Array.from(readFileSync(join(root, 'tests/data/trace.dat')));
  writeFileSync(formats, packed.fill(0x55, 2110, 2200));
  format = join(folder, 'format.dat');
  const plain = Uint8Array.from(gunzipSync(readFileSync(join(root, 'tests/data/trace-v6.dat.gz'))));
  const at = Buffer.from(plain.buffer).indexOf(
    'field:',
    Buffer.from(plain.buffer).indexOf('name: sched_switch'),
  );
  writeFileSync(format, plain.fill(0x21, at, at + 12));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('damage found while opening', () => {
  test.each([
    { words: ['-l', '--on'], code: 0 },
    { words: ['list', '--on'], code: 0 },
    { words: ['compile', '-e', SWITCHES, '--on'], code: 1 },
    { words: ['-e', SWITCHES, '--on'], code: 1 },
  ])('is told by bpfkit $words', async ({ words, code }) => {
    const result = await cli([...words, formats]);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(/^WARNING: .*formats\.dat: event formats? at byte \d+: /);
    expect(result.stderr.match(/WARNING: .*formats\.dat: /g)).toHaveLength(1);
  });

  test('is told once by a run, and not when nobody wants warnings', async () => {
    const words = ['-q', '-e', 'interval:s:1 { @ = count(); }', '--on', formats];
    const result = await cli(words);
    expect(result.code).toBe(0);
    expect(result.stderr.match(/event formats? at byte/g)).toHaveLength(1);
    expect((await cli(['--no-warnings', ...words])).stderr).toBe('');
  });
});

describe('damage found when a format is asked for', () => {
  test.each([{ words: ['compile', '-e', SWITCHES, '--on'] }, { words: ['-e', SWITCHES, '--on'] }])(
    'is told by bpfkit $words before its consequence',
    async ({ words }) => {
      const { code, stderr } = await cli([...words, format]);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^WARNING: .*format\.dat: .*sched_switch[^\n]*\n[^\n]*ERROR: tracepoint not found/,
      );
    },
  );

  test('is told by -lv', async () => {
    const { code, stderr } = await cli(['-lv', '*', '--on', format]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^WARNING: .*format\.dat: .*sched_switch/);
  });
});
