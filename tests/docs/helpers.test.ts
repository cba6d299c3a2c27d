import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { generateHelpers, HELPERS_FILE } from '../../scripts/helper-docs.ts';

describe('docs/helpers.md', () => {
  test('is as new as its sources: npx node scripts/helper-docs.ts', () => {
    expect(readFileSync(HELPERS_FILE, 'utf8')).toBe(generateHelpers());
  });
});
