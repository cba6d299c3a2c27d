import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generateLanguage, LANGUAGE_FILE, namedTests, sections } from '../../scripts/language-docs.ts';
import { root } from '../cli/support.ts';

describe('docs/language.md', () => {
  const text = generateLanguage();

  test('is as new as its sources: npx node scripts/language-docs.ts', () => {
    expect(readFileSync(LANGUAGE_FILE, 'utf8')).toBe(text);
  });

  test('names only tests that exist', () => {
    for (const file of [...namedTests(), ...(text.match(/tests\/[\w./-]+\.(?:ts|txt)/g) ?? [])])
      expect(existsSync(join(root, file)), file).toBe(true);
  });

  test('has every section of the inventory', () => {
    expect(sections().map(({ number }) => number)).toEqual(
      Array.from({ length: 18 }, (_, index) => `2.${index + 1}`),
    );
  });
});
