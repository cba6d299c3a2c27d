import { expect, it } from 'vitest';
import { fuzzBytes } from './bytes.ts';
import { pcapTarget } from './pcap.ts';

it('mutated captures end in an error, a partial or a whole read', async () => {
  const summary = await fuzzBytes(pcapTarget(), 600, 1);
  expect(summary.errors).toBeGreaterThan(50);
  expect(summary.partial).toBeGreaterThan(30);
  expect(summary.whole).toBeGreaterThan(50);
});
