/** Control flow of a graph that is not reducible: a loop around a table of all blocks, and a variable that says which is next. */
import type { FunctionBuilder, Label } from '../wasm/builder.ts';
import type { Shape } from './dominators.ts';
import { type FlowGraph, NO_BLOCK } from './flow-graph.ts';
import type { BlockWriter } from './structure.ts';

export function dispatched(f: FunctionBuilder, graph: FlowGraph, shape: Shape, writer: BlockWriter): void {
  const { order, rank } = shape;
  const next = f.local('i32');
  const again = f.loop();
  const labels: Label[] = [];
  for (let place = order.length; place > 0; place--) labels.unshift(f.block());
  f.brTable(labels.slice(0, -1), labels.at(-1)!, f.get(next));
  for (const block of order) {
    f.end();
    if (shape.isLoop[block] !== 0) writer.loopHead(block);
    writer.body(block);
    const target = graph.next[block]!;
    if (target === NO_BLOCK) continue;
    const taken = graph.taken[block]!;
    if (taken === NO_BLOCK) f.set(next, f.i32(rank[target]!));
    else {
      f.set(next, f.i32(rank[target]!));
      f.if(writer.condition(block, false));
      f.set(next, f.i32(rank[taken]!));
      f.end();
    }
    f.br(again);
  }
  f.unreachable();
  f.end();
}
