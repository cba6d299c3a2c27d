import { expect, test } from 'vitest';
import { compileTarget } from './compile-target.ts';
import { fuzzScripts } from './scripts.ts';

test('mutated scripts never break the compiler', { timeout: 60_000 }, () => {
  expect(fuzzScripts({ seed: 11, runs: 400, target: compileTarget() }).runs).toBe(400);
});
