/** Layout, meaning and comments: of every script in the project, of random trees, and of golden texts. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DiagnosticList } from '../../../bpf/diagnostic.ts';
import { format, WIDTH } from '../../../compiler/fmt/format.ts';
import type { Block } from '../../../compiler/syntax/ast.ts';
import { parseScript } from '../../../compiler/syntax/parse.ts';
import { printBlock, printExpression } from '../../../compiler/syntax/print-source.ts';
import { fuzzScripts, seedScripts } from '../../fuzz/scripts.ts';
import { casePath, goldenTests, readCases } from '../../golden.ts';
import { readLanguageFiles } from '../../language/case.ts';
import { readCaseFiles } from '../../recorded/folder.ts';
import { trees } from '../syntax/arbitrary.ts';

function formatted(text: string): string {
  const { text: made, diagnostics } = format({ name: 'stdin', text });
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return made!;
}

function isReadable(text: string): boolean {
  const list = new DiagnosticList();
  parseScript({ name: 'stdin', text }, 0, list);
  return !list.hasErrors;
}

/** `format` compares meaning and comments itself, and fails when they differ. */
function expectStable(text: string): void {
  const once = formatted(text);
  expect(formatted(once)).toBe(once);
  expect(once).not.toMatch(/[ \t]\n/);
  expect(once).toMatch(/^$|[^\n]\n$/);
}

goldenTests('fmt/layout.txt', ({ input }) => formatted(input));

describe('every script of the project', () => {
  const cases = readdirSync(casePath('.'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(check|syntax|fmt)\/.*\.txt$/.test(file))
    .flatMap((file) => readCases(file).map(({ input }) => input));
  const recorded = readCaseFiles().flatMap((file) => file.cases.map(({ script }) => script));
  const samples = readdirSync('samples', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.bt'))
    .map((file) => readFileSync(join('samples', file), 'utf8'));

  test.each([
    ['samples', samples],
    ['golden cases', cases],
    ['recorded cases', recorded],
    ['cases of the language', readLanguageFiles().flatMap((file) => file.cases.map(({ script }) => script))],
    ['seeds of the fuzzer', seedScripts()],
  ] as const)('%s', (_, texts) => {
    const readable = texts.filter(isReadable);
    expect(readable.length).toBeGreaterThan(10);
    for (const text of readable) {
      expectStable(text);
      expectStable(text.replaceAll('\n', '\r\n'));
    }
  });
});

test('random blocks', () => {
  fc.assert(
    fc.property(trees.block, (tree) => {
      const text = `kprobe:f /${printExpression({ ...tree, kind: 'block' }).length > 40 ? '1' : '$x'}/ ${printBlock(tree)}`;
      if (isReadable(text)) expectStable(text);
    }),
    { numRuns: 400, seed: 11 },
  );
});

test('random blocks with comments and line ends between their tokens', () => {
  const gap = fc.constantFrom(
    ' ',
    ' ',
    ' ',
    '\n',
    '\n\n\n',
    ' /* b */ ',
    ' // l\n',
    '\n/*\n * s\n */\n',
    '/* x\ny */',
  );
  fc.assert(
    fc.property(trees.block, fc.array(gap, { minLength: 5 }), (tree, gaps) => {
      const text = `BEGIN ${printBlock(tree as Block)}`;
      let next = 0;
      const spaced = text.replaceAll(/"(?:[^"\\]|\\.)*"| /g, (piece) =>
        piece === ' ' ? ` ${gaps[next++ % gaps.length]} ` : piece,
      );
      if (isReadable(spaced)) expectStable(spaced);
    }),
    { numRuns: 400, seed: 12 },
  );
});

test('mutated scripts never make it throw, and what can be read stays the same', () => {
  fuzzScripts({
    seed: 5,
    runs: 1500,
    target: (text) => {
      if (isReadable(text)) expectStable(text);
      else expect(format({ name: 'stdin', text }).text).toBeUndefined();
    },
  });
}, 60_000);

test('lines keep within the width where they can be broken', () => {
  const call = `printf("${'%d '.repeat(8)}", ${Array.from({ length: 30 }, (_, index) => `$variable${index}`).join(', ')});`;
  const sum = `$x = ${Array.from({ length: 30 }, (_, index) => `$term${index}`).join(' + ')};`;
  for (const line of formatted(`BEGIN { ${call} ${sum} }`).split('\n'))
    expect(line.length).toBeLessThanOrEqual(WIDTH);
});

test('a script that cannot be read is left alone', () => {
  const { text, diagnostics } = format({ name: 'stdin', text: 'BEGIN { $x = ; }' });
  expect(text).toBeUndefined();
  expect(diagnostics.map(({ code }) => code)).toEqual(['BT0101']);
});

test('takes time linear in the text', () => {
  const text = (lines: number): string => `BEGIN {\n${'  $x = $x + 1; // one\n'.repeat(lines)}}\n`;
  const time = (lines: number): number => {
    const started = performance.now();
    formatted(text(lines));
    return performance.now() - started;
  };
  time(500);
  expect(time(8000)).toBeLessThan(40 * time(500) + 500);
}, 60_000);
