/**
 * Random computations on the reference interpreter and on Linux 6.12 in a guest: same r0, same maps. `BPFKIT_COMPUTATIONS`
 * says how many (`FIRST:COUNT`); by itself it is a small part.
 */
import { readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { computationOutcomes, computationScript } from '../linux/computation-script.ts';
import { onReference } from '../vm/on-reference.ts';
import { boot } from './boot.ts';
import { run } from './command.ts';
import { buildImage } from './image.ts';
import { fetchKernel, findKernel } from './kernel.ts';
import { installPackages } from './packages.ts';

const packages = await installPackages(['gcc', 'libc6-dev']);
if (packages.kind === 'unavailable') console.log(`computations in a guest skipped: ${packages.reason}`);

const [FIRST = 2_000_000, COUNT = 150] = (process.env.BPFKIT_COMPUTATIONS ?? '')
  .split(':')
  .filter(Boolean)
  .map(Number);
const SEEDS: readonly number[] = Array.from({ length: COUNT }, (_, index) => FIRST + index);
const JOB_SEEDS = 2000;
const JOB_SECONDS = 600;
const OUTPUT_BYTES = 512 * 2 ** 20;

async function buildRunner(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'computations-'));
  const program = join(folder, 'bpfrun');
  await run('gcc', ['-O1', '-static', '-o', program, join(import.meta.dirname, '../linux/bpfrun.c')]);
  return program;
}

describe.skipIf(packages.kind === 'unavailable')('computations', () => {
  it('Linux 6.12 computes the same', { timeout: 3_600_000 }, async (context) => {
    const kernel = await findKernel('6.12.').catch(() => fetchKernel('6.12.').catch(() => undefined));
    if (kernel === undefined) return context.skip('no kernel 6.12 is on offer');
    const parts = Array.from({ length: Math.ceil(COUNT / JOB_SEEDS) }, (_, index) =>
      SEEDS.slice(index * JOB_SEEDS, (index + 1) * JOB_SEEDS),
    );
    const program = await buildRunner();
    const result = await boot({
      kernel,
      image: await buildImage({ extra: new Map([['/usr/bin/bpfrun', { kind: 'file', from: program }]]) }),
      jobs: parts.map((seeds, index) => ({
        name: `computations ${index}`,
        command: 'bpfrun < commands > answers',
        files: { commands: computationScript(seeds) },
        limit: JOB_SECONDS,
      })),
      outputBytes: OUTPUT_BYTES,
    });
    let accepted = 0;
    for (const [index, seeds] of parts.entries()) {
      const answers = readFileSync(join(result.jobs[index]!.folder, 'answers'), 'utf8');
      for (const [seed, outcome] of computationOutcomes(seeds, answers)) {
        if (outcome === undefined) continue;
        accepted++;
        expect(onReference(seed), `seed ${seed}`).toEqual(outcome);
      }
    }
    rmSync(result.folder, { recursive: true });
    await rm(join(program, '..'), { recursive: true });
    console.log(
      `${accepted} of ${COUNT} computations ran on ${kernel.release}, and gave what the reference gives`,
    );
    expect(accepted).toBeGreaterThan(COUNT * 0.9);
  });
});
