/** Makes a program that shows something smaller, as long as it shows it: for people who must find out why. */
import type { Case } from '../../verifier/case/case.ts';
import { Program } from './program-edit.ts';

/** Which of these cases still show it. */
export type Shows = (cases: readonly Case[]) => Promise<readonly boolean[]>;

/** Cases asked about at a time. */
const BATCH = 48;

/** `r0 = 0`, `goto +0` and the like: what an instruction may become. */
const SIMPLER: readonly (readonly number[])[] = [
  [0xb7, 0, 0, 0, 0, 0, 0, 0],
  [0x95, 0, 0, 0, 0, 0, 0, 0],
];

export async function shrink(one: Case, shows: Shows): Promise<Case> {
  let small = one;
  for (let before = -1; before !== small.insns.length; ) {
    before = small.insns.length;
    for (let size = Math.max(1, small.insns.length >> 4); size >= 1; size = size >> 1) {
      small = await removeRanges(small, size, shows);
    }
    small = await replaceEach(small, shows);
  }
  return dropUnused(small);
}

/** Takes out ranges of `size` slots, from the end to the start. */
async function removeRanges(one: Case, size: number, shows: Shows): Promise<Case> {
  let small = one;
  let end = small.insns.length / 8;
  while (end > 0) {
    const program = new Program(small);
    const candidates: { readonly end: number; readonly case: Case }[] = [];
    for (let at = end; at > 0 && candidates.length < BATCH; at -= Math.max(1, size >> 1)) {
      const first = Math.max(0, at - size);
      if (at - first < program.length) candidates.push({ end: at, case: program.without(first, at) });
    }
    if (candidates.length === 0) break;
    const shown = await shows(candidates.map((candidate) => candidate.case));
    const found = shown.indexOf(true);
    if (found < 0) {
      end = candidates.at(-1)!.end - Math.max(1, size >> 1);
      continue;
    }
    small = candidates[found]!.case;
    end = Math.min(candidates[found]!.end, small.insns.length / 8);
  }
  return small;
}

/** Puts something simpler in an instruction's place, or zero in its fields. */
async function replaceEach(one: Case, shows: Shows): Promise<Case> {
  let small = one;
  for (let slot = 0; slot < small.insns.length / 8; slot++) {
    const program = new Program(small);
    if (program.tails[slot] === 1 || small.insns[slot * 8] === 0x18) continue;
    const own = [...small.insns.subarray(slot * 8, slot * 8 + 8)];
    const isSame = (bytes: readonly number[]): boolean => bytes.every((byte, i) => byte === own[i]);
    const cases = [...SIMPLER, [...own.slice(0, 4), 0, 0, 0, 0], [...own.slice(0, 4), 1, 0, 0, 0]]
      .filter((bytes) => !isSame(bytes) && own[0] !== 0x95 && !SIMPLER.some((plain) => isSame(plain)))
      .filter((bytes, i) => i < 2 || (own[0] !== 0x85 && own[4] !== 1 && bytes.length === 8))
      .map((bytes) => program.replaced(slot, bytes));
    if (cases.length === 0) continue;
    const found = (await shows(cases)).indexOf(true);
    if (found >= 0) small = cases[found]!;
  }
  return small;
}

/** Maps that nothing names any more. */
function dropUnused(one: Case): Case {
  const used = [...new Set(one.mapUses.map(({ map }) => map))];
  return {
    ...one,
    maps: used.map((map) => one.maps[map]!),
    mapUses: one.mapUses.map((use) => ({ ...use, map: used.indexOf(use.map) })),
  };
}
