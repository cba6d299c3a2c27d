/** Random computations on the reference interpreter and on this machine's kernel: same r0, same maps. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onReference } from '../vm/on-reference.ts';
import { LinuxBpf } from './bpf-syscall.ts';
import { computationOutcomes, computationScript } from './computation-script.ts';

const reason = LinuxBpf.reason();
if (reason !== undefined) console.log(`skipped, ${reason}: computations against the kernel`);

const SEEDS: readonly number[] = Array.from({ length: 150 }, (_, index) => 1_000_000 + index);

describe.skipIf(reason !== undefined)('computations', () => {
  test('the kernel computes the same', () => {
    const folder = mkdtempSync(join(tmpdir(), 'computations-'));
    const program = join(folder, 'bpfrun');
    execFileSync('gcc', ['-O1', '-o', program, join(import.meta.dirname, 'bpfrun.c')]);
    const answers = execFileSync(program, { input: computationScript(SEEDS), maxBuffer: 1 << 28 }).toString();
    rmSync(folder, { recursive: true });
    const outcomes = computationOutcomes(SEEDS, answers);
    const accepted = SEEDS.filter((seed) => outcomes.get(seed) !== undefined);
    expect(accepted.length).toBeGreaterThan(SEEDS.length * 0.9);
    for (const seed of accepted) expect(onReference(seed), `seed ${seed}`).toEqual(outcomes.get(seed));
  });
});
