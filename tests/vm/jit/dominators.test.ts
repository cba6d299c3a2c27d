/** Dominators of random flow graphs are what their definition says. */
import { expect, test } from 'vitest';
import { shapeOf } from '../../../vm/jit/dominators.ts';
import { type FlowGraph, NO_BLOCK } from '../../../vm/jit/flow-graph.ts';
import { Dice } from '../../generators/programs/dice.ts';

function randomGraph(dice: Dice, blocks: number): FlowGraph {
  const follower = (): number => (dice.chance(0.15) ? NO_BLOCK : dice.below(blocks));
  return {
    starts: Int32Array.from({ length: blocks + 1 }, (_, block) => block * 2),
    next: Int32Array.from({ length: blocks }, follower),
    taken: Int32Array.from({ length: blocks }, follower),
  };
}

/** Blocks reached from the entry without going through one. */
function reached({ next, taken }: FlowGraph, without: number): ReadonlySet<number> {
  const seen = new Set<number>();
  const open = without === 0 ? [] : [0];
  for (let block = open.pop(); block !== undefined; block = open.pop()) {
    if (seen.has(block)) continue;
    seen.add(block);
    for (const to of [next[block]!, taken[block]!]) if (to !== NO_BLOCK && to !== without) open.push(to);
  }
  return seen;
}

test('immediate dominators', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const dice = new Dice(seed);
    const graph = randomGraph(dice, dice.between(1, 14));
    const { order, dominator, isLoop, isReducible } = shapeOf(graph);
    const all = reached(graph, NO_BLOCK);
    expect(new Set(order)).toEqual(all);
    const dominates = (upper: number, lower: number): boolean =>
      upper === lower || !reached(graph, upper).has(lower);
    for (const block of all) {
      if (block === 0) continue;
      const above = [...all].filter((other) => other !== block && dominates(other, block));
      const nearest = above.find((one) => above.every((other) => dominates(other, one)));
      expect(dominator[block], `seed ${seed}, block ${block}`).toBe(nearest);
    }
    // Without the ways back to loops' heads, a reducible graph has no cycle left.
    const isBack = (from: number, to: number): boolean => isLoop[to] === 1 && dominates(to, from);
    expect(isReducible, `seed ${seed}`).toBe(!hasCycle(graph, all, isBack));
  }
});

function hasCycle(
  { next, taken }: FlowGraph,
  blocks: ReadonlySet<number>,
  isBack: (from: number, to: number) => boolean,
): boolean {
  const left = new Set(blocks);
  for (let removed = true; removed; ) {
    removed = false;
    for (const block of left) {
      const goesOn = [next[block]!, taken[block]!].some((to) => left.has(to) && !isBack(block, to));
      if (goesOn) continue;
      left.delete(block);
      removed = true;
    }
  }
  return left.size > 0;
}
