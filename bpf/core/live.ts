/**
 * What of an object the kernel's verifier may come to: programs and global functions, and those static functions that
 * code which can run calls or passes on.
 */
import type { BpfFunction, BpfObject } from '../object.ts';
import { reachable } from './reach.ts';

/** Which instructions of each function can run ({@link reachable}); functions that nothing comes to are not in it. */
export function liveInstructions({
  programs,
  functions,
}: BpfObject): ReadonlyMap<string, readonly boolean[]> {
  const byName = new Map(functions.map((one) => [one.name, one]));
  const live = new Map<string, readonly boolean[]>();
  const waiting: BpfFunction[] = [
    ...programs.filter(({ autoload }) => autoload !== false),
    ...functions.filter(({ linkage }) => linkage === 'global'),
  ];
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (live.has(one.name)) continue;
    const runs = reachable(one.instructions);
    live.set(one.name, runs);
    for (const [index, { ref }] of one.instructions.entries()) {
      if (ref?.kind !== 'function' || runs[index] !== true) continue;
      const callee = byName.get(ref.name);
      if (callee !== undefined) waiting.push(callee);
    }
  }
  return live;
}
