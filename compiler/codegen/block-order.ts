/** The order in which blocks are written: likely successors fall through, loop bodies stay together, rare arms go last. */

import { dominators, graphOf, loopDepths } from '../ir/cfg.ts';
import type { BlockId } from '../ir/ir.ts';
import { type MachineFunction, type MachineTerminator, targetsOf } from './machine.ts';

export function blockOrder(fn: MachineFunction): readonly number[] {
  const graph = graphOf(fn.blocks.map((block) => [...new Set(targetsOf(block.terminator))] as BlockId[]));
  const depths = loopDepths(graph, dominators(graph));
  const rank = (block: number): number =>
    depths[block]! * fn.blocks.length - graph.position[block as BlockId]!;
  const placed = new Uint8Array(fn.blocks.length);
  const order: number[] = [];
  const warm: number[] = [];
  const cold: number[] = [];
  let coldNext = 0;
  let next: number | undefined = 0;
  while (next !== undefined) {
    placed[next] = 1;
    order.push(next);
    const { follow, wait, rare } = successors(fn.blocks[next]!.terminator, rank, placed);
    if (wait !== undefined) warm.push(wait);
    if (rare !== undefined) cold.push(rare);
    next = follow ?? popUnplaced(warm, placed);
    while (next === undefined && coldNext < cold.length) {
      const candidate = cold[coldNext++]!;
      if (placed[candidate] === 0) next = candidate;
    }
  }
  return order;
}

interface Choice {
  readonly follow?: number | undefined;
  readonly wait?: number | undefined;
  readonly rare?: number | undefined;
}

function successors(
  terminator: MachineTerminator,
  rank: (block: number) => number,
  placed: Uint8Array,
): Choice {
  const free = (block: number): number | undefined => (placed[block] === 0 ? block : undefined);
  if (terminator.kind === 'exit') return {};
  if (terminator.kind === 'jump') return { follow: free(terminator.target) };
  const { then, otherwise, unlikely } = terminator;
  if (unlikely === 'then') return { follow: free(otherwise), rare: free(then) };
  if (unlikely === 'otherwise') return { follow: free(then), rare: free(otherwise) };
  const [first, second] = rank(then) > rank(otherwise) ? [then, otherwise] : [otherwise, then];
  if (placed[first] === 1) return { follow: free(second) };
  return { follow: first, wait: free(second) };
}

function popUnplaced(stack: number[], placed: Uint8Array): number | undefined {
  for (let block = stack.pop(); block !== undefined; block = stack.pop())
    if (placed[block] === 0) return block;
  return undefined;
}
