import { expect, it } from 'vitest';
import { textFuzzer } from './text.ts';

it('mutated texts and print formats end in an error or a partial read', () => {
  const fuzzer = textFuzzer();
  for (const summary of [fuzzer.texts(600, 1), fuzzer.printFormats(1500, 1)]) {
    expect(summary.errors + summary.partial + summary.whole).toBe(summary.runs);
    expect(summary.errors).toBeGreaterThan(5);
    expect(summary.partial).toBeGreaterThan(50);
    expect(summary.whole).toBeGreaterThan(50);
  }
});
