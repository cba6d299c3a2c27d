import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DiagnosticList } from '../../../bpf/diagnostic.ts';
import type { Expression } from '../../../compiler/syntax/ast.ts';
import { createGrammar, parseExpression } from '../../../compiler/syntax/parse.ts';
import { printExpression } from '../../../compiler/syntax/print-source.ts';
import { SPAN, trees } from './arbitrary.ts';

const grammar = createGrammar();

/** The tree with all spans the same. */
function withoutSpans(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutSpans);
  if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, /span$/i.test(key) ? SPAN : withoutSpans(value)]),
  );
}

function reparse(text: string): { tree: unknown; messages: string[] } {
  const list = new DiagnosticList();
  const tree = parseExpression({ name: 'p', text }, 0, list, { grammar });
  return { tree: tree && withoutSpans(tree), messages: list.items.map((item) => item.message) };
}

describe('printed trees read back as themselves', () => {
  test('expressions', () => {
    fc.assert(
      fc.property(trees.expression, (tree) => {
        expect(reparse(printExpression(tree as Expression))).toEqual({
          tree: withoutSpans(tree),
          messages: [],
        });
      }),
      { numRuns: 1500, seed: 1 },
    );
  });

  test('blocks of statements', () => {
    fc.assert(
      fc.property(trees.block, (tree) => {
        expect(reparse(printExpression(tree))).toEqual({ tree: withoutSpans(tree), messages: [] });
      }),
      { numRuns: 500, seed: 2 },
    );
  });
});

test('blanks and comments between tokens change nothing', () => {
  const gap = fc.constantFrom(' ', '\n', '/* ) */', '// {\n', '\t');
  fc.assert(
    fc.property(trees.expression, fc.array(gap, { minLength: 1 }), (tree, gaps) => {
      const text = printExpression(tree as Expression);
      let next = 0;
      // Strings keep their blanks.
      const spaced = text.replaceAll(/"(?:[^"\\]|\\.)*"| /g, (piece) =>
        piece === ' ' ? ` ${gaps[next++ % gaps.length]} ` : piece,
      );
      expect(reparse(spaced).tree).toEqual(reparse(text).tree);
    }),
    { numRuns: 300, seed: 3 },
  );
});
