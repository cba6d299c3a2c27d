import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explain } from '../../../compiler/diagnostics/explain.ts';
import { expectedSyntax, rootLet, unterminatedComment } from '../../../compiler/diagnostics/messages.gen.ts';
import { generateAll, generateConstructors, parseMessages, readMessages } from '../../../scripts/messages.ts';

const ROOT = join(import.meta.dirname, '../../..');
const SPAN = { source: 0, start: 1, end: 2 };

describe('message table', () => {
  test('generated files are up to date (npx node scripts/messages.ts)', () => {
    for (const [file, content] of generateAll())
      expect(readFileSync(join(ROOT, file), 'utf8'), file).toBe(content);
  });

  test('every message is made somewhere', () => {
    const sources = ['compiler', 'runtime', 'cli'].flatMap((room) =>
      globSync(`${room}/**/*.ts`, { cwd: ROOT }).filter((file) => !file.endsWith('.gen.ts')),
    );
    const words = new Set(
      sources.flatMap((file) => readFileSync(join(ROOT, file), 'utf8').match(/\w+/g) ?? []),
    );
    const unused = readMessages(join(ROOT, 'compiler/messages')).filter(({ name }) => !words.has(name));
    expect(unused.map(({ code, name }) => `${code} ${name}`)).toEqual([]);
  });

  test('constructors give diagnostics', () => {
    expect(expectedSyntax(SPAN, { expected: "';'" })).toEqual({
      code: 'BT0101',
      severity: 'error',
      message: "syntax: expected ';'",
      span: SPAN,
    });
    expect(unterminatedComment(undefined).severity).toBe('warning');
    expect(rootLet(SPAN, { hints: ['do'], related: [] })).toMatchObject({ hints: ['do'], related: [] });
  });

  test('explanations are found by code in any case', async () => {
    expect(await explain('bt0101')).toContain('# BT0101 expectedSyntax\n\n> syntax: expected %expected%\n');
    expect(await explain('BT9999')).toBeUndefined();
    expect(await explain('toString')).toBeUndefined();
  });

  test('a message with placeholders, quotes and hints', () => {
    const text =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is about them
      '# T\n\n## BT0999 oddThing\n\n> WARNING: `%a%` is ${odd} \\ %b%\n> HINT: use %a% or %c%\n\nLong.\n';
    const code = generateConstructors(parseMessages(text, 't.md'));
    expect(code).toContain(
      'values: { readonly a: MessageValue; readonly b: MessageValue; readonly c: MessageValue },',
    );
    expect(code).toContain(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the text is about them
      "'warning', `\\`${values.a}\\` is \\${odd} \\\\ ${values.b}`, span, [`use ${values.a} or ${values.c}`]",
    );
  });

  test.each([
    { name: 'bad code', text: '## X1 name\n\n> t\n\nl', message: 't.md:1: want "## BT0123 constructorName"' },
    { name: 'bad name', text: '## BT0999 a-b\n\n> t\n\nl', message: 'camelCase' },
    {
      name: 'no text',
      text: '\n## BT0999 a\n\nl',
      message: 't.md:2: BT0999 wants one "> text" line, found 0',
    },
    { name: 'no long text', text: '## BT0999 a\n\n> t\n', message: 'has no long text' },
  ])('rejects $name', ({ text, message }) => {
    expect(() => parseMessages(text, 't.md')).toThrow(message);
  });
});
