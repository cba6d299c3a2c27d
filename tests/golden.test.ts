import { describe, expect, test } from 'vitest';
import { parseCases, printCases } from './golden.ts';

const FILE = `# one

#include <a.h>
BEGIN { }

==>

dump

# two {"params": ["a"]}

x
==>
y

  z
`;

describe('golden case files', () => {
  test('split into name, options, input and expected', () => {
    const [one, two] = parseCases(FILE, 'f');
    expect(one).toEqual({
      name: 'one',
      options: {},
      input: '#include <a.h>\nBEGIN { }',
      expected: 'dump',
      line: 1,
    });
    expect(two).toEqual({
      name: 'two',
      options: { params: ['a'] },
      input: 'x',
      expected: 'y\n\n  z',
      line: 10,
    });
  });

  test('are read back as printed', () => {
    const cases = parseCases(FILE, 'f');
    const again = parseCases(printCases(cases), 'f');
    expect(again.map(({ line: _, ...rest }) => rest)).toEqual(cases.map(({ line: _, ...rest }) => rest));
  });

  test.each([
    { name: 'no arrow', text: '# a\nx\n', message: 'f:1: case "a" has no "==>" line' },
    { name: 'arrow of the next case', text: '# a\nx\n# b\ny\n==>\nz\n', message: 'f:1: case "a" has no' },
    { name: 'text before', text: 'x\n# a\n==>\n', message: 'f:1: text before' },
    { name: 'same name twice', text: '# a\n==>\n# a\n==>\n', message: 'f:3: second case named "a"' },
  ])('reject $name', ({ text, message }) => {
    expect(() => parseCases(text, 'f')).toThrow(message);
  });
});
