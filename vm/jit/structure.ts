/**
 * Structured control flow of a flow graph (Ramsey: "Beyond Relooper"): the dominator tree is walked; blocks that are
 * joined by several ways become WebAssembly blocks around what leads to them, loop heads become loops. Work is kept in a
 * list and not on the stack: programs of a million instructions nest deeply.
 */
import type { FunctionBuilder, Label, Value } from '../wasm/builder.ts';
import type { Shape } from './dominators.ts';
import { type FlowGraph, NO_BLOCK } from './flow-graph.ts';

/** What is generated for a block. */
export interface BlockWriter {
  /** Its instructions but for the jump at its end. */
  body(block: number): void;
  /** The condition at its end as an i32, or the opposite. */
  condition(block: number, negated: boolean): Value;
  /** Behind a loop's head. */
  loopHead(block: number): void;
}

type Task =
  | { readonly kind: 'block'; readonly block: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'else' };

const END: Task = { kind: 'end' };
const ELSE: Task = { kind: 'else' };

/** Writes all blocks of a reducible graph; the entry is block 0. */
export function structured(f: FunctionBuilder, graph: FlowGraph, shape: Shape, writer: BlockWriter): void {
  new Structure(f, graph, shape, writer).write();
}

class Structure {
  readonly #f: FunctionBuilder;
  readonly #graph: FlowGraph;
  readonly #shape: Shape;
  readonly #writer: BlockWriter;
  /** Joins by the block that dominates them, the last in order first. */
  readonly #joins: (number[] | undefined)[];
  /** Where branches to a block go: of joins behind their block, of loops to their head. */
  readonly #labels: (Label | undefined)[];
  readonly #loops: (Label | undefined)[];
  readonly #tasks: Task[] = [{ kind: 'block', block: 0 }];

  constructor(f: FunctionBuilder, graph: FlowGraph, shape: Shape, writer: BlockWriter) {
    this.#f = f;
    this.#graph = graph;
    this.#shape = shape;
    this.#writer = writer;
    this.#joins = new Array<number[] | undefined>(graph.next.length);
    this.#labels = new Array<Label | undefined>(graph.next.length);
    this.#loops = new Array<Label | undefined>(graph.next.length);
    for (let place = shape.order.length - 1; place > 0; place--) {
      const block = shape.order[place]!;
      if (shape.isJoin[block] === 0) continue;
      const dominator = shape.dominator[block]!;
      const joins = this.#joins[dominator] ?? [];
      joins.push(block);
      this.#joins[dominator] = joins;
    }
  }

  write(): void {
    for (let task = this.#tasks.pop(); task !== undefined; task = this.#tasks.pop()) {
      if (task.kind === 'block') this.#block(task.block);
      else if (task.kind === 'end') this.#f.end();
      else this.#f.else();
    }
  }

  #block(block: number): void {
    if (this.#shape.isLoop[block] !== 0) {
      this.#loops[block] = this.#f.loop();
      this.#tasks.push(END);
      this.#writer.loopHead(block);
    }
    for (const join of this.#joins[block] ?? []) {
      this.#labels[join] = this.#f.block();
      // The innermost ends first, and what it leads to follows.
      this.#tasks.push({ kind: 'block', block: join }, END);
    }
    this.#writer.body(block);
    this.#ending(block);
  }

  #ending(block: number): void {
    const next = this.#graph.next[block]!;
    const taken = this.#graph.taken[block]!;
    if (taken === NO_BLOCK || taken === next) {
      if (next !== NO_BLOCK) this.#goTo(block, next);
      return;
    }
    const takenLabel = this.#labelOf(block, taken);
    if (takenLabel !== undefined) {
      this.#f.brIf(takenLabel, this.#writer.condition(block, false));
      this.#goTo(block, next);
      return;
    }
    const nextLabel = this.#labelOf(block, next);
    if (nextLabel !== undefined) {
      this.#f.brIf(nextLabel, this.#writer.condition(block, true));
      this.#goTo(block, taken);
      return;
    }
    this.#f.if(this.#writer.condition(block, false));
    this.#tasks.push(END, { kind: 'block', block: next }, ELSE, { kind: 'block', block: taken });
  }

  #goTo(from: number, to: number): void {
    const label = this.#labelOf(from, to);
    if (label === undefined) this.#tasks.push({ kind: 'block', block: to });
    else this.#f.br(label);
  }

  /** Undefined where the block follows in place: nobody else goes to it. */
  #labelOf(from: number, to: number): Label | undefined {
    const { rank, isJoin } = this.#shape;
    if (rank[to]! <= rank[from]!) return this.#loops[to];
    return isJoin[to] === 0 ? undefined : this.#labels[to];
  }
}
