/**
 * Order and dominators of a flow graph (Cooper, Harvey, Kennedy: "A simple, fast dominance algorithm"), and from them what
 * structured code needs to know: which blocks are joined by several, which begin loops. No recursion: graphs are deep.
 */
import { type FlowGraph, NO_BLOCK } from './flow-graph.ts';

export interface Shape {
  /** Blocks that are reached, each before those it leads to, but for loops. */
  readonly order: Int32Array;
  /** A block's place in `order`; -1 for one that is not reached. */
  readonly rank: Int32Array;
  /** The nearest block that all ways to a block go through; the entry has itself. */
  readonly dominator: Int32Array;
  /** 1: several blocks go on to it, loops' ways back not counted. */
  readonly isJoin: Uint8Array;
  /** 1: some block that it dominates goes back to it. */
  readonly isLoop: Uint8Array;
  /** Of a loop's head: the instruction behind the last block that goes back to it. */
  readonly loopEnd: Int32Array;
  /** False when some way goes back to a block that does not dominate it. */
  readonly isReducible: boolean;
}

export function shapeOf(graph: FlowGraph): Shape {
  const { order, rank } = reversePostorder(graph);
  const predecessors = predecessorsOf(graph, order, rank);
  const dominator = dominators(order, rank, predecessors);
  const count = graph.next.length;
  const isJoin = new Uint8Array(count);
  const isLoop = new Uint8Array(count);
  const loopEnd = new Int32Array(count);
  let isReducible = true;
  for (const block of order) {
    let forward = 0;
    for (const before of predecessors[block]!) {
      if (rank[before]! < rank[block]!) forward++;
      else {
        isLoop[block] = 1;
        loopEnd[block] = Math.max(loopEnd[block]!, graph.starts[Math.max(before, block) + 1]!);
        isReducible &&= dominates(dominator, rank, block, before);
      }
    }
    if (forward > 1) isJoin[block] = 1;
  }
  return { order, rank, dominator, isJoin, isLoop, loopEnd, isReducible };
}

function reversePostorder({ next, taken }: FlowGraph): { order: Int32Array; rank: Int32Array } {
  const count = next.length;
  const rank = new Int32Array(count).fill(-1);
  const seen = new Uint8Array(count);
  const done: number[] = [];
  const stack = [0];
  const step = new Uint8Array(count);
  seen[0] = 1;
  while (stack.length > 0) {
    const block = stack[stack.length - 1]!;
    const which = step[block]!++;
    if (which === 2) {
      done.push(block);
      stack.pop();
      continue;
    }
    const follower = which === 0 ? taken[block]! : next[block]!;
    if (follower === NO_BLOCK || seen[follower] !== 0) continue;
    seen[follower] = 1;
    stack.push(follower);
  }
  const order = Int32Array.from(done.reverse());
  for (let place = 0; place < order.length; place++) rank[order[place]!] = place;
  return { order, rank };
}

function predecessorsOf(
  { next, taken }: FlowGraph,
  order: Int32Array,
  rank: Int32Array,
): readonly number[][] {
  const lists: number[][] = Array.from({ length: rank.length }, () => []);
  for (const block of order) {
    const [a, b] = [next[block]!, taken[block]!];
    if (a !== NO_BLOCK) lists[a]!.push(block);
    if (b !== NO_BLOCK && b !== a) lists[b]!.push(block);
  }
  return lists;
}

function dominators(order: Int32Array, rank: Int32Array, predecessors: readonly number[][]): Int32Array {
  const dominator = new Int32Array(rank.length).fill(NO_BLOCK);
  dominator[0] = 0;
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of order) {
      if (block === 0) continue;
      let common = NO_BLOCK;
      for (const before of predecessors[block]!) {
        if (dominator[before] === NO_BLOCK) continue;
        common = common === NO_BLOCK ? before : meet(dominator, rank, common, before);
      }
      if (dominator[block] === common) continue;
      dominator[block] = common;
      changed = true;
    }
  }
  return dominator;
}

function meet(dominator: Int32Array, rank: Int32Array, a: number, b: number): number {
  let [x, y] = [a, b];
  while (x !== y) {
    while (rank[x]! > rank[y]!) x = dominator[x]!;
    while (rank[y]! > rank[x]!) y = dominator[y]!;
  }
  return x;
}

function dominates(dominator: Int32Array, rank: Int32Array, upper: number, lower: number): boolean {
  let block = lower;
  while (rank[block]! > rank[upper]!) block = dominator[block]!;
  return block === upper;
}
