import { expect, it } from 'vitest';
import { textFuzzer } from './text.ts';

it('mutated texts, print formats and reports end in an error or a partial read', { timeout: 60_000 }, () => {
  const fuzzer = textFuzzer();
  for (const summary of [fuzzer.texts(600, 1), fuzzer.printFormats(1500, 1), fuzzer.reports(150, 1)]) {
    expect(summary.errors + summary.partial + summary.whole).toBe(summary.runs);
    expect(summary.errors).toBeGreaterThan(2);
    expect(summary.partial).toBeGreaterThan(10);
    expect(summary.whole).toBeGreaterThan(10);
  }
});
