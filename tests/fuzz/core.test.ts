import { expect, test } from 'vitest';
import { fuzzBytes } from './bytes.ts';
import { coreTarget } from './core.ts';

test('relocations of mutated types are applied or told', async () => {
  const summary = await fuzzBytes(coreTarget(), 400, 1);
  expect(summary.errors + summary.partial + summary.whole).toBe(400);
  expect(summary.errors).toBeGreaterThan(20);
  expect(summary.partial).toBeGreaterThan(20);
});
