/** Damage to finished programs: what a bad assembler or a flipped bit would do. */
import type { Dice } from './dice.ts';

export function damage(insns: Uint8Array, dice: Dice): void {
  const view = new DataView(insns.buffer, insns.byteOffset, insns.length);
  const at = 8 * dice.below(insns.length / 8);
  switch (dice.below(8)) {
    case 0:
      insns[at] = insns[at]! ^ (1 << dice.below(8));
      return;
    case 1:
      insns[at + 1] = dice.below(256);
      return;
    case 2:
      view.setInt16(at + 2, view.getInt16(at + 2, true) + dice.of([-1, 1, 2, 8, 1000, -300]), true);
      return;
    case 3:
      view.setInt32(at + 4, view.getInt32(at + 4, true) + dice.of([-1, 1, 2, 100]), true);
      return;
    case 4:
      // The result or an argument of something comes from another register.
      insns[at + 1] = (insns[at + 1]! & 0xf0) | dice.below(11);
      return;
    case 5:
      insns[at + 1] = (insns[at + 1]! & 0x0f) | (dice.below(11) << 4);
      return;
    case 6:
      // An instruction more of what is there.
      insns.copyWithin(at, 8 * dice.below(insns.length / 8), 8 * dice.below(insns.length / 8) + 8);
      return;
    default:
      // A no-op: ja +0.
      insns.set([5, 0, 0, 0, 0, 0, 0, 0], at);
  }
}
