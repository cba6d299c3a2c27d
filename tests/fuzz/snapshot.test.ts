import { describe, expect, it } from 'vitest';
import { fuzzBytes } from './bytes.ts';
import { snapshotTarget } from './snapshot.ts';

describe('mutated snapshots', () => {
  it('end in an error or a partial read', async () => {
    const summary = await fuzzBytes(snapshotTarget(), 500, 1);
    expect(summary.errors).toBeGreaterThan(50);
    expect(summary.partial).toBeGreaterThan(5);
    expect(summary.whole).toBeGreaterThan(20);
  });
});
