import { expect, it } from 'vitest';
import { btfDumpTarget } from './btf-dump.ts';
import { fuzzBytes } from './bytes.ts';

it('mutated BTF becomes text, or an error', { timeout: 60_000 }, async () => {
  const summary = await fuzzBytes(btfDumpTarget(), 300, 1);
  expect(summary.errors).toBeGreaterThan(100);
  expect(summary.whole).toBeGreaterThan(20);
  expect(summary.partial).toBeGreaterThan(5);
});
