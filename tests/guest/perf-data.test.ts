/** New recordings, of the kernels at hand: this reader says of them what perf says in the guest that made them. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { linesOf, open, parseSamples } from '../runtime/recording/perf-data/recordings.ts';
import { fetchKernel, findKernel, type GuestKernel } from './kernel.ts';
import { installPackages } from './packages.ts';
import { PERF_VARIANTS, recordInGuest } from './perf-data-recordings.ts';

const packages = await installPackages(['linux-perf', 'gcc', 'libc6-dev', 'binutils']);
if (packages.kind === 'unavailable') console.log(`guest tests skipped: ${packages.reason}`);
const unavailable = packages.kind === 'unavailable';

/** The newer kernel needs a package source that has it. */
const newer = unavailable ? undefined : await fetchKernel('6.12.').catch(() => undefined);
if (newer === undefined) console.log('perf.data of Linux 6.12: skipped, there is no such kernel');

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function compareAll(kernel: GuestKernel, names: readonly string[]): Promise<void> {
  const variants = PERF_VARIANTS.filter(({ name }) => names.includes(name));
  const { boot } = await recordInGuest(kernel, variants);
  folders.push(boot.folder);
  for (const [index, { name, cpu = true }] of variants.entries()) {
    const { folder, exitCode } = boot.jobs[index]!;
    expect(exitCode).toBe(0);
    const recording = open(new Uint8Array(await readFile(join(folder, `${name}.data`))));
    const expected = parseSamples(await readFile(join(folder, 'samples.txt'), 'utf8'));
    expect(expected.length, name).toBeGreaterThan(2);
    expect(linesOf(recording, cpu), name).toEqual(expected);
    expect(recording.machine.release).toBe(kernel.release);
  }
}

describe.skipIf(unavailable)('new recordings', () => {
  it('are read as perf reads them', async () => {
    await compareAll(await findKernel(), ['sched-stacks', 'zstd', 'pipe', 'group', 'everything', 'mono']);
  });

  it.skipIf(newer === undefined)('are read so on a newer kernel', async () => {
    await compareAll(newer!, ['sched-stacks', 'pipe-zstd', 'cpu-clock', 'everything', 'lost']);
  });
});
