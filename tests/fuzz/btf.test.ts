import { describe, expect, it } from 'vitest';
import { btfExtTarget, btfTarget } from './btf.ts';
import { fuzzBytes } from './bytes.ts';

describe('mutated BTF', () => {
  it('ends in an error or is read whole', { timeout: 60_000 }, async () => {
    const summary = await fuzzBytes(btfTarget(), 300, 1);
    expect(summary.errors).toBeGreaterThan(100);
    expect(summary.whole).toBeGreaterThan(30);
  });
});

describe('mutated .BTF.ext', () => {
  it('ends in an error or is read whole', async () => {
    const summary = await fuzzBytes(btfExtTarget(), 300, 1);
    expect(summary.errors).toBeGreaterThan(100);
    expect(summary.whole).toBeGreaterThan(30);
  });
});
