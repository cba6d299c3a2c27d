/**
 * The control-flow graph of a function: order, predecessors, dominators, loop depth. Everything is iterative, for
 * scripts may nest as deep as they are long.
 */
import type { Block, BlockId, IrFunction, Terminator } from './ir.ts';
import { mapEdges } from './operands.ts';

export interface FlowGraph {
  /** Reachable blocks in reverse postorder; the entry is first. */
  readonly order: readonly BlockId[];
  /** Position of a block in `order`; -1 when unreachable. */
  readonly position: readonly number[];
  readonly successors: readonly (readonly BlockId[])[];
  readonly predecessors: readonly (readonly BlockId[])[];
}

export interface Dominators {
  /** Immediate dominator; the entry's is itself, an unreachable block's -1. */
  readonly parent: readonly BlockId[];
  readonly children: readonly (readonly BlockId[])[];
}

export function flowGraph(blocks: readonly Block[]): FlowGraph {
  return graphOf(blocks.map(({ terminator }) => successorsOf(terminator)));
}

/** Distinct ones. */
function successorsOf(terminator: Terminator): readonly BlockId[] {
  switch (terminator.kind) {
    case 'jump':
      return [terminator.target];
    case 'branch': {
      const { then, otherwise } = terminator;
      return then === otherwise ? [then] : [then, otherwise];
    }
    case 'return':
      return [];
  }
}

/** The graph of distinct successors by block. */
export function graphOf(successors: readonly (readonly BlockId[])[]): FlowGraph {
  const order = reversePostorder(successors);
  const position = successors.map(() => -1);
  order.forEach((block, index) => {
    position[block] = index;
  });
  const predecessors: BlockId[][] = successors.map(() => []);
  for (const block of order) for (const next of successors[block]!) predecessors[next]!.push(block);
  return { order, position, successors, predecessors };
}

function reversePostorder(successors: readonly (readonly BlockId[])[]): BlockId[] {
  const done: BlockId[] = [];
  const seen = new Uint8Array(successors.length);
  const stack: { readonly block: BlockId; next: number }[] = [{ block: 0 as BlockId, next: 0 }];
  seen[0] = 1;
  while (stack.length > 0) {
    const top = stack[stack.length - 1]!;
    const targets = successors[top.block]!;
    if (top.next === targets.length) {
      done.push(top.block);
      stack.pop();
      continue;
    }
    // Last successor first, so that the first one follows directly in the reversed order.
    const target = targets[targets.length - 1 - top.next++]!;
    if (seen[target] === 1) continue;
    seen[target] = 1;
    stack.push({ block: target, next: 0 });
  }
  return done.reverse();
}

/** Cooper, Harvey and Kennedy's iterative algorithm. */
export function dominators(graph: FlowGraph): Dominators {
  const { order, position, predecessors } = graph;
  const parent = predecessors.map(() => -1 as BlockId);
  const entry = order[0]!;
  parent[entry] = entry;
  const meet = (left: BlockId, right: BlockId): BlockId => {
    let one = left;
    let other = right;
    while (one !== other) {
      if (position[one]! > position[other]!) one = parent[one]!;
      else other = parent[other]!;
    }
    return one;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (const block of order.slice(1)) {
      let found = -1 as BlockId;
      for (const from of predecessors[block]!) {
        if (parent[from] === -1) continue;
        found = found === -1 ? from : meet(from, found);
      }
      if (parent[block] === found) continue;
      parent[block] = found;
      changed = true;
    }
  }
  const children: BlockId[][] = predecessors.map(() => []);
  for (const block of order.slice(1)) children[parent[block]!]!.push(block);
  return { parent, children };
}

/** Natural loops around each block: 0 outside of any. */
export function loopDepths(graph: FlowGraph, tree: Dominators): number[] {
  const depth = graph.predecessors.map(() => 0);
  for (const header of graph.order) {
    const latches = graph.predecessors[header]!.filter((from) => dominates(graph, tree, header, from));
    if (latches.length === 0) continue;
    const body = new Set<BlockId>([header]);
    const work = latches.filter((latch) => latch !== header);
    while (work.length > 0) {
      const block = work.pop()!;
      if (body.has(block)) continue;
      body.add(block);
      for (const one of graph.predecessors[block]!) work.push(one);
    }
    for (const block of body) depth[block]! += 1;
  }
  return depth;
}

function dominates(graph: FlowGraph, tree: Dominators, upper: BlockId, lower: BlockId): boolean {
  let block = lower;
  // Dominators stand earlier in reverse postorder, so an upward walk may stop at the candidate's position.
  if (graph.position[block]! < graph.position[upper]!) return false;
  while (graph.position[block]! > graph.position[upper]!) block = tree.parent[block]!;
  return block === upper;
}

/** The function with its reachable blocks only, renumbered in reverse postorder; the same object when it is so already. */
export function removeUnreachable(fn: IrFunction): IrFunction {
  const { order, position } = flowGraph(fn.blocks);
  if (order.length === fn.blocks.length && order.every((block, index) => block === index)) return fn;
  const blocks = order.map((old, index): Block => {
    const block = fn.blocks[old]!;
    const terminator = mapEdges(block.terminator, (edge) => {
      const target = position[edge.target]! as BlockId;
      return target === edge.target ? edge : { target, args: edge.args };
    });
    return { ...block, id: index as BlockId, terminator };
  });
  return { ...fn, blocks };
}
