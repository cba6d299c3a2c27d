/** Numbers that programs stumble over more than over others. */
import type { Dice } from '../../generators/programs/dice.ts';

const EDGES: readonly (readonly [low: number, high: number])[] = [
  [0, 0],
  [1, 0],
  [-1, -1],
  [0x7fff_ffff, 0],
  [0x8000_0000 | 0, 0],
  [-1, 0],
  [0, 1],
  [-1, 0x7fff_ffff],
  [0, 0x8000_0000 | 0],
  [0x8000_0000 | 0, -1],
  [0, -1],
];

/** Fills a range of bytes (a multiple of 8 is best) with small numbers, edges and noise. */
export function fillRandom(view: DataView, from: number, bytes: number, dice: Dice): void {
  let at = from;
  for (const end = from + bytes; at < end; at += 8) {
    const [low, high] = randomWord(dice);
    if (at + 8 <= end) {
      view.setInt32(at, low, true);
      view.setInt32(at + 4, high, true);
    } else for (let i = at; i < end; i++) view.setUint8(i, low >>> ((i - at) * 8));
  }
}

/** 64 bits as halves. */
export function randomWord(dice: Dice): readonly [low: number, high: number] {
  switch (dice.below(4)) {
    case 0:
      return dice.of(EDGES);
    case 1:
      return [dice.below(300), 0];
    case 2:
      return [dice.word() | 0, 0];
    default:
      return [dice.word() | 0, dice.word() | 0];
  }
}
