import { expect, test } from 'vitest';
import { EngineComparison } from './engine-comparison.ts';
import { testEngines } from './engines.ts';

/** `npm run fuzz -- --only engines` goes on. */
const PROGRAMS = 20;

test('all engines give what the reference gives', async () => {
  const comparison = new EngineComparison(await testEngines());
  let ran = 0;
  for (let seed = 1; seed <= PROGRAMS; seed++) if (comparison.compare(seed)) ran++;
  expect(ran).toBeGreaterThan(PROGRAMS * 0.9);
}, 60_000);
