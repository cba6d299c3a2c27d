import { describe, expect, it } from 'vitest';
import { readPart } from '../runtime/recording/perf-data/recordings.ts';
import { fuzzPerfData, PERF_LIMITS, PERF_RECORDINGS } from './perf-data.ts';

describe('mutated perf.data files', () => {
  it('end in an error or a partial read', async () => {
    const files = PERF_RECORDINGS.map((name) => readPart(`${name}.data`));
    const summary = await fuzzPerfData(files, 300, 1);
    expect(summary.errors + summary.partial + summary.whole).toBe(300);
    expect(summary.errors).toBeGreaterThan(20);
    expect(summary.partial).toBeGreaterThan(50);
    expect(summary.whole).toBeGreaterThan(20);
    expect(summary.slowest).toBeLessThan(PERF_LIMITS.milliseconds);
  });

  it('fail when one takes more than it may', async () => {
    const files = [readPart('zstd.data')];
    const greedy = fuzzPerfData(files, 20, 1, { ...PERF_LIMITS, peakBytes: () => 1000 });
    await expect(greedy).rejects.toThrow(/seed 1, run \d+: .* bytes held, 1000 allowed/);
    const slow = fuzzPerfData(files, 20, 1, { ...PERF_LIMITS, milliseconds: 0 });
    await expect(slow).rejects.toThrow(/seed 1, run 0: .*: took \d+ ms/);
  });
});
