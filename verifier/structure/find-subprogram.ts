/** Subprograms by slot. They ascend by start, and a mark stands behind the last one. */
import type { Subprogram } from '../subprogram.ts';

/** Number of the subprogram that starts at `slot`; -1: none (`find_subprog`). */
export function findSubprogram(subprograms: readonly Subprogram[], slot: number): number {
  const number = containingSubprogram(subprograms, slot);
  return number >= 0 && subprograms[number]!.start === slot ? number : -1;
}

/** Number of the subprogram that `slot` lies in; -1 before the first (`bpf_find_containing_subprog`). */
export function containingSubprogram(subprograms: readonly Subprogram[], slot: number): number {
  let low = 0;
  let high = subprograms.length - 2;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (subprograms[middle]!.start > slot) high = middle - 1;
    else low = middle + 1;
  }
  return high;
}
