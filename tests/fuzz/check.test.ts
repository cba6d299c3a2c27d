import { expect, test } from 'vitest';
import { checkTarget, formatTarget } from './check-target.ts';
import { fuzzScripts } from './scripts.ts';

test('mutated scripts never break check', { timeout: 60_000 }, () => {
  expect(fuzzScripts({ seed: 21, runs: 250, target: checkTarget() }).runs).toBe(250);
});

test('mutated scripts never break fmt', { timeout: 60_000 }, () => {
  expect(fuzzScripts({ seed: 22, runs: 400, target: formatTarget() }).runs).toBe(400);
});
