import { describe, expect, test } from 'vitest';
import { type Diagnostic, DiagnosticList } from '../../bpf/diagnostic.ts';
import { renderDiagnostics } from '../../compiler/diagnostics/render.ts';
import { parseScript } from '../../compiler/syntax/parse.ts';
import { printScript } from '../../compiler/syntax/print-ast.ts';
import { fuzzScripts, ScriptFuzzFailure } from './scripts.ts';

/** Parses, prints the tree, renders the messages; holds them to lie in the text and in its order. */
function parseAll(text: string): readonly Diagnostic[] {
  const source = { name: 'fuzz', text };
  const list = new DiagnosticList();
  printScript(parseScript(source, 0, list, { params: ['a', 'b:c'] }));
  renderDiagnostics(list.items, [source]);
  let last = 0;
  for (const { span, message } of list.items) {
    if (!span || span.start < last || span.end < span.start || span.end > text.length) {
      throw new Error(`place ${JSON.stringify(span)} of "${message}"`);
    }
    last = span.start;
  }
  return list.items;
}

describe('mutated scripts', () => {
  test('never break the parser', { timeout: 60_000 }, () => {
    let wrong = 0;
    const target = (text: string): void => {
      if (parseAll(text).length > 0) wrong++;
    };
    fuzzScripts({ seed: 1, runs: 500, target });
    // Mutations that all parse, or none, would not search the grammar.
    expect(wrong).toBeGreaterThan(250);
    expect(wrong).toBeLessThan(500);
  });

  test('are the same for the same seed', () => {
    const texts = (seed: number): string[] => {
      const list: string[] = [];
      fuzzScripts({ seed, runs: 20, target: (text) => list.push(text) });
      return list;
    };
    expect(texts(7)).toEqual(texts(7));
    expect(texts(7)).not.toEqual(texts(8));
  });

  test('a failure names the text', () => {
    const target = (): void => {
      throw new Error('broken');
    };
    expect(() => fuzzScripts({ seed: 1, runs: 1, target })).toThrow(ScriptFuzzFailure);
    expect(() => fuzzScripts({ seed: 1, runs: 1, target })).toThrow(/seed 1, run 0: ".*\n.*broken/);
  });
});
