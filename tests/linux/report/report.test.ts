/** Whole reports against `trace-cmd report`, line for line: the committed recordings, written ones, and all events of a kernel. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeDecompressor } from '../../../runtime/node/decompressor.ts';
import { openRecording } from '../../../runtime/recording/index.ts';
import { type ReportOptions, reportRecording } from '../../../runtime/report/report.ts';
import { dataPath, readData } from '../../runtime/recording/recordings.ts';
import { PLUGIN_FORMATS } from '../../runtime/report/plugin-formats.ts';
import { splitFormats, syntheticRecording } from '../../runtime/report/synthetic.ts';
import { functionFile, graphFile, instancesFile, printkFile } from '../../runtime/report/tracer-files.ts';

/**
 * Events whose print formats trace-cmd 3.1.6 reads otherwise than C does. Numbers are of Linux 6.1.
 * - a tab in the format string: it gives up;
 * - `a & (b | c)`, `a < (b ? c : d)`, `a == b ? c : d == e ? f : g`: it binds the operators wrongly;
 * - enumerators left by name count as 0;
 * - `__print_array` is printed in decimal with spaces, not as the kernel and later versions print it.
 */
const READ_OTHERWISE: ReadonlySet<string> = new Set([
  'ma_op',
  'ma_read',
  'ma_write',
  'timer_start',
  'mm_page_alloc_extfrag',
  'aer_event',
  'mm_vmscan_throttled',
  'xen_mc_batch',
  'xen_mc_issue',
  'xen_mc_flush_reason',
  'xen_mc_extend_args',
  'thermal_power_allocator',
]);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bpfkit-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function traceCmd(bytes: Uint8Array, flags: readonly string[] = []): string[] {
  const file = join(folder, 'trace.dat');
  writeFileSync(file, bytes);
  const output = execFileSync('trace-cmd', ['report', ...flags, file], {
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 1 << 28,
  });
  return output.toString('latin1').split('\n');
}

function ours(bytes: Uint8Array, options: ReportOptions = {}): string[] {
  let text = '';
  reportRecording(openRecording(bytes, { decompressor: nodeDecompressor }), options, (lines) => {
    text += lines;
  });
  return text.split('\n');
}

function differences(ourLines: readonly string[], theirLines: readonly string[]): string[] {
  const found: string[] = [];
  for (let index = 0; index < Math.max(ourLines.length, theirLines.length); index++) {
    if (ourLines[index] !== theirLines[index]) {
      found.push(`${index + 1}\n  ours   ${ourLines[index]}\n  theirs ${theirLines[index]}`);
    }
  }
  return found.slice(0, 5);
}

describe('report', () => {
  const modes: readonly (readonly [string, readonly string[], ReportOptions])[] = [
    ['as it is', [], {}],
    ['raw', ['-R'], { raw: true }],
    ['with latency flags', ['-l'], { latency: true }],
    ['with nanoseconds', ['-t'], { nanoseconds: true }],
    ['of one CPU', ['--cpu', '1'], { cpus: new Set([1]) }],
  ];
  for (const name of ['trace.dat', 'trace-v6.dat.gz']) {
    it.each(modes)(`prints ${name} %s`, (_, flags, options) => {
      const bytes = readFileSync(dataPath(name));
      const file = name.endsWith('.gz') ? readData(name) : new Uint8Array(bytes);
      expect(differences(ours(file, options), traceCmd(file, flags))).toEqual([]);
    });
  }

  it.each([
    ['functions', functionFile()],
    ['a function graph', graphFile()],
    ['trace_printk', printkFile()],
    ['two instances', instancesFile()],
  ])('prints %s', (_, file) => {
    expect(differences(ours(file), traceCmd(file))).toEqual([]);
  });

  it('prints virtual machines', () => {
    const shape = { version: 6, littleEndian: true, longSize: 8, compression: 'none' } as const;
    const file = syntheticRecording(PLUGIN_FORMATS, { shape, seed: 3, each: 200 });
    expect(differences(ours(file), traceCmd(file))).toEqual([]);
  });

  it('prints random records of every event of the kernel', () => {
    const formats = splitFormats(new TextDecoder().decode(readData('formats-6.1.txt.gz')));
    const shape = { version: 6, littleEndian: true, longSize: 8, compression: 'none' } as const;
    const file = syntheticRecording(formats, { shape, seed: 11, each: 6 });
    const mine = ours(file);
    const theirs = traceCmd(file);
    expect(mine).toHaveLength(theirs.length);
    const isOtherwise = (line: string): boolean => READ_OTHERWISE.has(/: (\w+): /.exec(line)?.[1] ?? '');
    const compared = mine.flatMap((line, index) => (isOtherwise(line) ? [] : [index]));
    expect(
      differences(
        compared.map((index) => mine[index]!),
        compared.map((index) => theirs[index]!),
      ),
    ).toEqual([]);
    expect(compared.length).toBeGreaterThan(mine.length * 0.98);
  });
});
