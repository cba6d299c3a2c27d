import { describe, expect, test } from 'vitest';
import { assembleInstructions } from '../../../bpf/asm/index.ts';
import { reachable } from '../../../bpf/core/reach.ts';

/** `.` runs, `x` does not. */
function picture(text: string): string {
  const { instructions, diagnostics } = assembleInstructions(text);
  expect(diagnostics).toEqual([]);
  return reachable(instructions)
    .map((runs) => (runs ? '.' : 'x'))
    .join('');
}

describe('which instructions run', () => {
  const rows: readonly (readonly [name: string, text: string, picture: string])[] = [
    ['a branch not taken', 'r1 = 0\nif r1 == 0 goto end\nr2 = 1\nend:\nexit', '..x.'],
    ['a branch taken', 'r1 = 1\nif r1 == 0 goto end\nr2 = 1\nend:\nexit', '....'],
    ['an unknown value', 'r1 = r2\nif r1 == 0 goto end\nr2 = 1\nend:\nexit', '....'],
    ['after a jump', 'goto end\nr2 = 1\nend:\nexit', '.x.'],
    ['one register against another', 'r1 = 4\nr2 = 5\nif r1 > r2 goto end\nexit\nend:\nexit', '....x'],
    ['low halves', 'r1 = 0x100000000 ll\nif w1 == 0 goto end\nexit\nend:\nexit', '..x.'],
    ['signed', 'r1 = -1\nif r1 s< 0 goto end\nexit\nend:\nexit', '..x.'],
    ['unsigned', 'r1 = -1\nif r1 < 1 goto end\nexit\nend:\nexit', '...x'],
    ['bits', 'r1 = 5\nif r1 & 4 goto end\nexit\nend:\nexit', '..x.'],
    ['sums', 'r1 = 5\nr1 += 3\nr1 <<= 2\nr1 ^= 32\nif r1 != 0 goto end\nexit\nend:\nexit', '......x'],
    ['moves', 'r1 = 5\nr2 = r1\nif r2 == 5 goto end\nexit\nend:\nexit', '...x.'],
    [
      'loads lose the value',
      'r1 = 0\nr1 = *(u64 *)(r10 - 8)\nif r1 == 0 goto end\nexit\nend:\nexit',
      '.....',
    ],
    [
      'calls lose r0 to r5',
      'r1 = 0\nr6 = 0\ncall 5\nif r1 == 0 goto a\nexit\na:\nif r6 == 0 goto b\nexit\nb:\nexit',
      '......x.',
    ],
    [
      'paths that agree',
      'r1 = 0\nif r2 == 0 goto a\nr1 = 0\na:\nif r1 == 0 goto b\nexit\nb:\nexit',
      '....x.',
    ],
    [
      'paths that do not',
      'r1 = 0\nif r2 == 0 goto a\nr1 = 1\na:\nif r1 == 0 goto b\nexit\nb:\nexit',
      '......',
    ],
    ['loops', 'r1 = 0\nloop:\nr1 += 1\nif r1 < 9 goto loop\nexit\nexit', '....x'],
  ];
  test.each(rows)('%s', (_, text, expected) => {
    expect(picture(text)).toBe(expected);
  });

  test('distances count slots', () => {
    const NONE = { src: 0, off: 0, imm: 0 } as const;
    const code = [
      { ...NONE, op: 'ja', dst: 0, off: 2 },
      { ...NONE, op: 'lddw', dst: 1, immHigh: 0 },
      { ...NONE, op: 'exit', dst: 0 },
    ] as const;
    expect(reachable(code)).toEqual([true, false, true]);
    expect(reachable([])).toEqual([]);
  });

  test('nothing is dead where a jump goes anywhere or nowhere', () => {
    const NONE = { src: 0, off: 0, imm: 0 } as const;
    expect(
      reachable([
        { ...NONE, op: 'gotox', dst: 1 },
        { ...NONE, op: 'exit', dst: 0 },
      ]),
    ).toEqual([true, true]);
    const lost = { ...NONE, op: 'ja', dst: 0, ref: { kind: 'label', name: 'none' } } as const;
    expect(reachable([lost, { ...NONE, op: 'exit', dst: 0 }])).toEqual([true, true]);
  });
});
