/**
 * Order and dominators of a flow graph, and from them what structured code needs to know: which blocks are joined by
 * several, which begin loops. No recursion: graphs are deep.
 */
import { immediateDominators } from './dominator-tree.ts';
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
  /** Of a loop's head: instructions of the loop, those of loops in it not counted. */
  readonly loopSize: Int32Array;
  /** False when some way goes back to a block that does not dominate it. */
  readonly isReducible: boolean;
}

export function shapeOf(graph: FlowGraph): Shape {
  const search = new Search(graph);
  const { order, rank } = search;
  const { firsts, predecessors } = search.predecessors();
  const dominator = dominatorsOf(search, firsts, predecessors);
  const tree = depths(order, dominator);
  const count = graph.next.length;
  const isJoin = new Uint8Array(count);
  const isLoop = new Uint8Array(count);
  const loopEnd = new Int32Array(count);
  let isReducible = true;
  for (const block of order) {
    let forward = 0;
    for (let at = firsts[block]!; at < firsts[block + 1]!; at++) {
      const before = predecessors[at]!;
      if (rank[before]! < rank[block]!) forward++;
      else {
        isLoop[block] = 1;
        loopEnd[block] = Math.max(loopEnd[block]!, graph.starts[Math.max(before, block) + 1]!);
        isReducible &&= tree.dominates(block, before);
      }
    }
    if (forward > 1) isJoin[block] = 1;
  }
  const loopSize = loopSizes(graph, isLoop, loopEnd);
  return { order, rank, dominator, isJoin, isLoop, loopSize, isReducible };
}

/** A loop is taken to be what lies between its head and the last block that goes back to it. */
function loopSizes({ starts }: FlowGraph, isLoop: Uint8Array, loopEnd: Int32Array): Int32Array {
  const size = new Int32Array(isLoop.length);
  const around: number[] = [];
  for (let block = 0; block < isLoop.length; block++) {
    while (around.length > 0 && loopEnd[around.at(-1)!]! <= starts[block]!) around.pop();
    if (isLoop[block] !== 0) around.push(block);
    const innermost = around.at(-1);
    if (innermost !== undefined) size[innermost]! += starts[block + 1]! - starts[block]!;
  }
  return size;
}

/** A depth-first search from the entry. */
class Search {
  /** Reverse postorder. */
  readonly order: Int32Array;
  readonly rank: Int32Array;
  /** Blocks as they were found, and when they were; -1: never. */
  readonly found: Int32Array;
  readonly time: Int32Array;
  /** By time: when the block was found that led to it. */
  readonly parent: Int32Array;
  readonly #graph: FlowGraph;

  constructor(graph: FlowGraph) {
    const { next, taken } = graph;
    const count = next.length;
    this.#graph = graph;
    this.rank = new Int32Array(count).fill(-1);
    this.time = new Int32Array(count).fill(-1);
    const found = [0];
    const parent = [0];
    const done: number[] = [];
    const stack = [0];
    const step = new Uint8Array(count);
    this.time[0] = 0;
    while (stack.length > 0) {
      const block = stack[stack.length - 1]!;
      const which = step[block]!++;
      if (which === 2) {
        done.push(block);
        stack.pop();
        continue;
      }
      const follower = which === 0 ? taken[block]! : next[block]!;
      if (follower === NO_BLOCK || this.time[follower] !== -1) continue;
      this.time[follower] = found.push(follower) - 1;
      parent.push(this.time[block]!);
      stack.push(follower);
    }
    this.order = Int32Array.from(done.reverse());
    this.found = Int32Array.from(found);
    this.parent = Int32Array.from(parent);
    for (let place = 0; place < this.order.length; place++) this.rank[this.order[place]!] = place;
  }

  /** Blocks that are reached and go on to one, once each: from `firsts[block]` up to `firsts[block + 1]`. */
  predecessors(): { readonly firsts: Int32Array; readonly predecessors: Int32Array } {
    const firsts = new Int32Array(this.rank.length + 1);
    this.#edges((_, to) => {
      firsts[to + 1]!++;
    });
    for (let block = 0; block < this.rank.length; block++) firsts[block + 1]! += firsts[block]!;
    const predecessors = new Int32Array(firsts[this.rank.length]!);
    const place = firsts.slice();
    this.#edges((from, to) => {
      predecessors[place[to]!++] = from;
    });
    return { firsts, predecessors };
  }

  #edges(edge: (from: number, to: number) => void): void {
    const { next, taken } = this.#graph;
    for (const block of this.order) {
      const [a, b] = [next[block]!, taken[block]!];
      if (a !== NO_BLOCK) edge(block, a);
      if (b !== NO_BLOCK && b !== a) edge(block, b);
    }
  }
}

/** By block; {@link NO_BLOCK} for those not reached. */
function dominatorsOf(
  { found, time, parent, rank }: Search,
  firsts: Int32Array,
  predecessors: Int32Array,
): Int32Array {
  const starts = new Int32Array(found.length + 1);
  const times: number[] = [];
  for (const [at, block] of found.entries()) {
    for (let edge = firsts[block]!; edge < firsts[block + 1]!; edge++) times.push(time[predecessors[edge]!]!);
    starts[at + 1] = times.length;
  }
  const byTime = immediateDominators({ parent, firsts: starts, predecessors: Int32Array.from(times) });
  const dominator = new Int32Array(rank.length).fill(NO_BLOCK);
  for (const [at, block] of found.entries()) dominator[block] = found[byTime[at]!]!;
  return dominator;
}

interface Depths {
  dominates(upper: number, lower: number): boolean;
}

/** Numbers the dominator tree so that what a block dominates follows it. */
function depths(order: Int32Array, dominator: Int32Array): Depths {
  const size = new Int32Array(dominator.length).fill(1);
  for (let place = order.length - 1; place > 0; place--) {
    const block = order[place]!;
    size[dominator[block]!]! += size[block]!;
  }
  const first = new Int32Array(dominator.length);
  const free = new Int32Array(dominator.length);
  free[0] = 1;
  for (let place = 1; place < order.length; place++) {
    const block = order[place]!;
    const above = dominator[block]!;
    first[block] = free[above]!;
    free[above]! += size[block]!;
    free[block] = first[block]! + 1;
  }
  return {
    dominates: (upper, lower) =>
      first[lower]! >= first[upper]! && first[lower]! < first[upper]! + size[upper]!,
  };
}
