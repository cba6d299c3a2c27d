import { expect, test } from 'vitest';
import { compileText } from '../support.ts';

test('a probe of very many statements is refused for its length', () => {
  const { diagnostics } = compileText(`BEGIN { ${'@a = 1; '.repeat(150_000)} }`);
  expect(diagnostics.map(({ message }) => message)).toEqual([
    'the script becomes more than 200000 instructions',
  ]);
}, 60_000);
