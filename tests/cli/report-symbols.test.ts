/** Names in the call chains of perf.data, against `perf script`, and what is never read for them. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLines, readPart } from '../runtime/recording/perf-data/recordings.ts';
import { body, padded, record, writePerfData } from '../runtime/recording/perf-data/writer.ts';
import { cli, root } from './support.ts';

const data = (name: string): string => `tests/data/perf-data/${name}.gz`;
const BUILD_ID = 'ee97bcb746af6bf5a587d50c33f7e83c40536b93';
let folder: string;
const inFolder = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bpfkit-report-'));
  copyFileSync(join(root, 'tests/data/user/sample-gcc-v5.so'), inFolder('library.so'));
  symlinkSync('library.so', inFolder('link.so'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** One sample whose chain is the file's byte at `offset`, and an address nothing was mapped at. */
function writeRecording(path: string, buildId: string, offset: bigint): string {
  const event = { sampleType: 0x27, type: 1, config: 0n, ids: [5n] };
  const start = 0x7f00_0000_0000n;
  const map = body((w) =>
    w.u32(10).u32(10).u64(start).u64(0x1000n).u64(0).bytes(padded(path)).u32(10).u32(10).u64(1),
  );
  const id = body((w) => w.u32(10).bytes(Buffer.from(buildId, 'hex')).u32(20).bytes(padded(path)));
  const chain = [-512n, start + offset, 0x1234n];
  const sample = body((w) => {
    w.u64(start + offset)
      .u32(10)
      .u32(10)
      .u64(2)
      .u64(chain.length);
    for (const address of chain) w.u64(BigInt.asUintN(64, address));
    return w;
  });
  const records = [record(1, 2, map), record(67, 0x8000, id), record(9, 2, sample)];
  writeFileSync(inFolder('perf.data'), writePerfData({ events: [event], records }));
  return inFolder('perf.data');
}

async function framesOf(argv: readonly string[]): Promise<string[]> {
  const { stdout } = await cli(['report', ...argv]);
  return stdout.split('\n').filter((line) => line.startsWith('\t'));
}

describe('the functions of the kernel', () => {
  /** Which names programs of the guest have depends on what is at hand where the test runs. */
  const withoutPrograms = (line: string): string =>
    line.replace(/ \S+ \((\/.*|\[vdso\])\)$/, ' [unknown] ($1)');

  test.each(['sched-stacks', 'pipe', 'cpu-clock', 'per-thread', 'group', 'mono'])(
    'and mapped files are those perf script tells (%s)',
    async (name) => {
      const frames = await framesOf([data(`${name}.data`), '--kallsyms', data(`${name}.kernel.txt`)]);
      const expected = readLines(`${name}.stacks.txt`).filter((line) => line.startsWith('\t'));
      expect(frames.map(withoutPrograms)).toEqual(expected.map(withoutPrograms));
      expect(frames.some((line) => line.includes('+0x'))).toBe(true);
    },
  );

  test('may be in a text that is not packed', async () => {
    writeFileSync(inFolder('kallsyms'), readPart('mono.kernel.txt'));
    const plain = await framesOf([data('mono.data'), '--kallsyms', inFolder('kallsyms')]);
    expect(plain).toEqual(await framesOf([data('mono.data'), '--kallsyms', data('mono.kernel.txt')]));
  });

  test.each<[string, readonly string[], string]>([
    [
      'another recording',
      ['tests/data/trace-v6.dat.gz', '--kallsyms', data('mono.kernel.txt')],
      "--kallsyms is for perf.data, and 'tests/data/trace-v6.dat.gz' is none",
    ],
    [
      'a missing file',
      [data('mono.data'), '--kallsyms', 'nowhere'],
      "Failed to open file 'nowhere': No such file or directory",
    ],
    [
      'another text',
      [data('mono.data'), '--kallsyms', 'package.json'],
      "'package.json' is no text of /proc/kallsyms",
    ],
    [
      'to be written over',
      [data('mono.data'), '--kallsyms', data('mono.kernel.txt'), '-o', data('mono.kernel.txt')],
      `'${data('mono.kernel.txt')}' is the file of --kallsyms`,
    ],
  ])('refuse %s', async (_, argv, message) => {
    const result = await cli(['report', ...argv]);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(message);
  });

  test('refuse a text without addresses', async () => {
    writeFileSync(inFolder('zeroes.gz'), gzipSync('0000000000000000 T _stext\n0000000000000000 t idle\n'));
    const { code, stderr } = await cli(['report', data('mono.data'), '--kallsyms', inFolder('zeroes.gz')]);
    expect(code).toBe(1);
    expect(stderr).toContain('save /proc/kallsyms as root');
  });
});

describe('the functions of a program', () => {
  test.each([
    ['library.so', 0x412n, 'move+0x2'],
    ['link.so', 0x390n, 'walk+0x0'],
  ])('come from its file of that build (%s)', async (name, offset, symbol) => {
    const path = inFolder(name);
    expect(await framesOf([writeRecording(path, BUILD_ID, offset)])).toEqual([
      `\t${offset.toString(16).padStart(16)} ${symbol} (${path})`,
      '\t            1234 [unknown] ([unknown])',
    ]);
  });

  test('do not come from another build', async () => {
    const path = inFolder('library.so');
    const [frame] = await framesOf([writeRecording(path, BUILD_ID.replace('e', 'f'), 0x412n)]);
    expect(frame).toBe(`\t             412 [unknown] (${path})`);
  });

  test.skipIf(process.platform === 'win32')('do not come from what is no regular file', async () => {
    execFileSync('mkfifo', [inFolder('pipe')]);
    symlinkSync('/dev/zero', inFolder('zero'));
    const paths = [
      '/dev/zero',
      '/dev/../dev/zero',
      '/proc/self/exe',
      '/proc/kmsg',
      '//anon',
      '[heap]',
      folder,
    ];
    for (const path of [...paths, inFolder('pipe'), inFolder('zero'), inFolder('none')]) {
      const [frame] = await framesOf([writeRecording(path, BUILD_ID, 0x412n)]);
      expect(frame).toBe(`\t             412 [unknown] (${path})`);
    }
  });
});
