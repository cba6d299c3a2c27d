/**
 * What of an object the kernel's verifier may come to: programs and global functions, and those static functions that
 * code which can run calls or passes on.
 */
import { callClosure, functionsNamedBy } from '../call-graph.ts';
import type { BpfObject } from '../object.ts';
import { reachable } from './reach.ts';

/** Which instructions of each function can run ({@link reachable}); functions that nothing comes to are not in it. */
export function liveInstructions({
  programs,
  functions,
}: BpfObject): ReadonlyMap<string, readonly boolean[]> {
  const live = new Map<string, readonly boolean[]>();
  const entries = [
    ...programs.filter(({ autoload }) => autoload !== false),
    ...functions.filter(({ linkage }) => linkage === 'global'),
  ];
  callClosure(entries, functions, (one) => {
    const runs = reachable(one.instructions);
    live.set(one.name, runs);
    return functionsNamedBy(one, (index) => runs[index] === true);
  });
  return live;
}
