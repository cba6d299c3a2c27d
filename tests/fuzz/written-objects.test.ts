import { expect, test } from 'vitest';
import { fuzzBytes } from './bytes.ts';
import { writtenObjectTarget } from './written-objects.ts';

test('mutated objects are written, linked and described, or refused', async () => {
  const summary = await fuzzBytes(writtenObjectTarget(), 400, 1);
  expect(summary.errors).toBeGreaterThan(100);
  expect(summary.whole).toBeGreaterThan(30);
});
