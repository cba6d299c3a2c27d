/** "Did you mean": the nearest known name by edit distance, when one is near. */

/** Hints for a diagnostic, or an empty object. `sigil` is what is written before such names. Bounded: long names are cut. */
export function didYouMean(
  name: string,
  candidates: Iterable<string>,
  sigil: '' | '$' | '@' = '',
): { readonly hints?: readonly string[] } {
  const found = nearest(name, candidates);
  return found === undefined ? {} : { hints: [`did you mean '${sigil}${found}'?`] };
}

export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > 80) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), least);
    if (distance < least) [best, least] = [candidate, distance];
    if (least === 0) break;
  }
  return best;
}

/**
 * Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours. Any number of at least
 * `limit` where it is not less: a kernel has a hundred thousand names, and nearly all are far.
 */
function editDistance(left: string, right: string, limit: number): number {
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    let nearest = i;
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1];
      let cost = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1];
      if (swapped) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
      nearest = Math.min(nearest, cost);
    }
    // A swap reaches over one row, at the cost of one.
    if (nearest > limit) return nearest;
    before = last;
    last = row;
  }
  return last[right.length]!;
}
