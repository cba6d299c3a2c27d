import { expect, test } from 'vitest';
import { padding, placed } from '../../../../bpf/btf/dump/padding.ts';
import type { Slot } from '../../../../bpf/btf/dump/shapes.ts';

const slot = (size: number, width = 0): Slot => ({ offset: 0, width, size, align: size });
const INT = slot(32);
const CHAR = slot(8);

interface Case {
  readonly from: number;
  readonly to: number;
  readonly next: Slot;
  readonly packed?: boolean;
  readonly inBitfield?: boolean;
  readonly word?: number;
  readonly want: string | undefined;
}

test.each<Case>([
  { from: 8, to: 32, next: INT, want: '' },
  { from: 8, to: 16, next: CHAR, want: 'short: 0' },
  { from: 8, to: 64, next: INT, want: 'long: 0' },
  { from: 8, to: 64, next: INT, word: 32, want: 'long: 32' },
  { from: 8, to: 128, next: CHAR, want: 'long: 64' },
  { from: 32, to: 192, next: INT, want: 'long: 64, long: 64' },
  { from: 0, to: 40, next: CHAR, want: 'long: 40' },
  { from: 3, to: 8, next: CHAR, want: '' },
  { from: 3, to: 5, next: slot(32, 2), want: 'char: 2' },
  { from: 3, to: 8, next: slot(32, 2), inBitfield: true, want: 'char: 5' },
  { from: 30, to: 32, next: slot(32, 8), inBitfield: true, want: 'int: 2' },
  { from: 8, to: 24, next: INT, packed: true, want: 'short: 0, char: 8' },
  { from: 16, to: 8, next: CHAR, want: undefined },
  { from: 0, to: 8, next: INT, want: undefined },
])('from $from to $to: $want', ({ from, to, next, packed = false, inBitfield = false, word = 64, want }) => {
  const pads = padding({ from, to, packed, inBitfield, word, next: (at) => placed(at, next, packed) });
  expect(pads?.map(({ unit, bits }) => `${unit.word}: ${bits}`).join(', ')).toBe(want);
});

test('a bitfield moves on where its type has no room for it', () => {
  expect(placed(30, slot(32, 3), false)).toBe(32);
  expect(placed(30, slot(32, 2), false)).toBe(30);
  expect(placed(30, slot(32, 3), true)).toBe(30);
});
