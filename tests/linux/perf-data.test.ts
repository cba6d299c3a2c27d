/** perf of this machine says of each recording what this reader says, and its counts by name are a script's. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { cli } from '../cli/support.ts';
import { linesOf, open, readPart } from '../runtime/recording/perf-data/recordings.ts';

const RECORDINGS = ['sched-stacks', 'zstd', 'pipe', 'pipe-zstd', 'mono', 'lost'] as const;

const hasPerf = spawnSync('perf', ['--version']).status === 0;
if (!hasPerf) console.log('perf.data tests skipped: perf is not installed (Debian package linux-perf)');

const folder = mkdtempSync(join(tmpdir(), 'perf-data-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string): string {
  const path = join(folder, `${name}.data`);
  writeFileSync(path, readPart(`${name}.data`));
  return path;
}

function perfScript(path: string, fields: string): string[] {
  const { stdout } = spawnSync('perf', ['script', '--ns', '-i', path, '-F', fields, '-G'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('\t'));
}

it.skipIf(!hasPerf).each(RECORDINGS)('%s: every sample', (name) => {
  const path = fileOf(name);
  const expected = perfScript(path, 'comm,pid,tid,cpu,time,event').map((line) => {
    const match = /^ *(.*?) +(-?\d+\/-?\d+) +(\[\d+\]) +(\d+\.\d+): +(.*?): *$/.exec(line);
    return match === null ? line : match.slice(1).join(' ');
  });
  expect(linesOf(open(readPart(`${name}.data`)), true)).toEqual(expected);
  expect(expected.length).toBeGreaterThan(40);
});

it.skipIf(!hasPerf)('counts by name', async () => {
  const path = fileOf('zstd');
  const counts = new Map<string, number>();
  for (const line of perfScript(path, 'comm,event')) {
    const comm = /^ *(.*?) +raw_syscalls:sys_enter:/.exec(line)?.[1];
    if (comm !== undefined) counts.set(comm, (counts.get(comm) ?? 0) + 1);
  }
  const script = 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }';
  const { code, stdout } = await cli(['-q', '--on', path, '-e', script]);
  expect(code).toBe(0);
  const found = new Map(
    [...stdout.matchAll(/^@\[(.*)\]: (\d+)$/gm)].map((match) => [match[1], Number(match[2])]),
  );
  expect(found).toEqual(counts);
  expect(found.size).toBeGreaterThan(3);
});

it.skipIf(!hasPerf)('what it says of its machine', () => {
  const path = fileOf('sched-stacks');
  const { stdout } = spawnSync('perf', ['report', '--header-only', '-i', path], { encoding: 'utf8' });
  const { features, header } = open(readPart('sched-stacks.data'));
  const seconds = (time: bigint): string =>
    `${time / 1_000_000_000n}.${String((time % 1_000_000_000n) / 1000n).padStart(6, '0')}`;
  for (const line of [
    `# data offset    : ${header.data.offset}`,
    `# data size      : ${header.data.size}`,
    `# hostname : ${features.hostname}`,
    `# os release : ${features.osRelease}`,
    `# perf version : ${features.perfVersion}`,
    `# arch : ${features.architecture}`,
    `# nrcpus online : ${features.cpusOnline}`,
    `# nrcpus avail : ${features.cpusAvailable}`,
    `# cpudesc : ${features.cpuDescription}`,
    `# cpuid : ${features.cpuId}`,
    `# total memory : ${features.totalMemory! / 1024} kB`,
    `# cmdline : ${features.commandLine?.join(' ')} `,
    `# pmu mappings: ${features.pmuMappings?.map(({ name, type }) => `${name} = ${type}`).join(', ')}`,
    `# time of first sample : ${seconds(features.sampleTime!.first)}`,
    `# time of last sample : ${seconds(features.sampleTime!.last)}`,
  ]) {
    expect(stdout.split('\n')).toContain(line);
  }
});
