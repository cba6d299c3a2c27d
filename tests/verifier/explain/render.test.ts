import { expect, test } from 'vitest';
import { renderExplanation } from '../../../verifier/explain/render.ts';

test('an explanation reads from the refusal to the change', () => {
  const text = renderExplanation({
    code: 'VE0402',
    message:
      'invalid access to map value, value_size=48 off=1008 size=8\nR2 max value is outside of the allowed memory range',
    at: {
      slot: 14,
      text: '(79) r3 = *(u64 *)(r2 +0)',
      source: { file: 'src/prog.c', line: 27, text: 'return table[i];' },
    },
    why: 'The access may begin at 1008, and the value has 48 bytes.',
    origins: [
      { effect: 'r1 is any number at the start' },
      { slot: 9, text: '(67) r1 <<= 2', effect: 'r1 goes from 0..252 to 0..1008' },
    ],
    change: 'Check the index: it must be at most 40.',
    hotspots: [],
  });
  expect(text).toBe(`refused: invalid access to map value, value_size=48 off=1008 size=8 [VE0402]
         R2 max value is outside of the allowed memory range
  14: (79) r3 = *(u64 *)(r2 +0)              ; return table[i]; @ prog.c:27
why:    The access may begin at 1008, and the value has 48 bytes.
from:   r1 is any number at the start
        9: (67) r1 <<= 2                     ; r1 goes from 0..252 to 0..1008
change: Check the index: it must be at most 40.
`);
});
