import { expect, test } from 'vitest';
import { fuzzScriptSection } from './script-section.ts';

test('objects with changed script sections run or are refused', { timeout: 60_000 }, async () => {
  const { codes } = await fuzzScriptSection(120, 1);
  // Changes that are all refused, or none, would not search what comes behind the checks.
  expect(codes.get(0)).toBeGreaterThan(5);
  expect(codes.get(1)).toBeGreaterThan(30);
});
