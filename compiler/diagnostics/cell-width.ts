/** How many cells of a terminal a character takes, so that an underline stands below what it marks. */

/** First and last of what takes two cells: East Asian wide and full-width characters, emoji (Unicode 16, coarse). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x23e9, 0x23ec],
  [0x2614, 0x2615],
  [0x26a1, 0x26a1],
  [0x2705, 0x2705],
  [0x274c, 0x274c],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x1fa70, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Combining marks, joiners and variation selectors stand on the character before them. */
const NONE = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** A tab is shown as four blanks. */
export function cellWidth(character: string): number {
  if (character === '\t') return 4;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (NONE.test(character)) return 0;
  return WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1;
}
