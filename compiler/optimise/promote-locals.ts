/**
 * Locals to values: pruned SSA construction (Cytron et al. 1991). Block parameters are made where different writes
 * meet and the local is read later; a local read before any write is zero.
 */
import { type Dominators, dominators, type FlowGraph, flowGraph } from '../ir/cfg.ts';
import type {
  Block,
  BlockId,
  IrFunction,
  IrInstruction,
  Local,
  Operand,
  Value,
  ValueInfo,
} from '../ir/ir.ts';
import { isValue, mapEdges, mapOperands, mapTerminator } from '../ir/operands.ts';

/** `fn.blocks` must be reachable. The result has no locals. */
export function promoteLocals(fn: IrFunction): IrFunction {
  if (fn.locals.length === 0) return fn;
  const graph = flowGraph(fn.blocks);
  const tree = dominators(graph);
  const merges = placeParameters(fn, graph, tree);
  return new Renamer(fn, tree, merges).run();
}

/** Locals that need a parameter, by block. */
function placeParameters(fn: IrFunction, graph: FlowGraph, tree: Dominators): readonly Local[][] {
  const frontier = frontiers(graph, tree);
  const { writers, liveIn } = localUses(fn, graph);
  const placed: Local[][] = fn.blocks.map(() => []);
  fn.locals.forEach((_, index) => {
    const local = index as Local;
    const done = new Set<BlockId>();
    const work = [...writers[local]!];
    while (work.length > 0) {
      for (const block of frontier[work.pop()!]!) {
        if (done.has(block) || !liveIn[local]!.has(block)) continue;
        done.add(block);
        placed[block]!.push(local);
        work.push(block);
      }
    }
  });
  return placed;
}

function frontiers(graph: FlowGraph, tree: Dominators): readonly ReadonlySet<BlockId>[] {
  const found = graph.predecessors.map(() => new Set<BlockId>());
  for (const block of graph.order) {
    const before = graph.predecessors[block]!;
    // The entry has a way in besides its predecessors.
    if (before.length < 2 && block !== graph.order[0]) continue;
    const stop = block === graph.order[0] ? (-1 as BlockId) : tree.parent[block]!;
    for (const from of before) {
      for (let runner = from; runner !== stop; runner = tree.parent[runner]!) {
        if (found[runner]!.has(block)) break;
        found[runner]!.add(block);
        if (runner === tree.parent[runner]) break;
      }
    }
  }
  return found;
}

interface LocalUses {
  readonly writers: readonly ReadonlySet<BlockId>[];
  /** Blocks at whose start the local's value is still wanted. */
  readonly liveIn: readonly ReadonlySet<BlockId>[];
}

function localUses(fn: IrFunction, graph: FlowGraph): LocalUses {
  const writers = fn.locals.map(() => new Set<BlockId>());
  const liveIn = fn.locals.map(() => new Set<BlockId>());
  for (const { id, instructions } of fn.blocks) {
    for (const one of instructions) {
      if (one.kind === 'set-local') writers[one.local]!.add(id);
      else if (one.kind === 'get-local' && !writers[one.local]!.has(id)) liveIn[one.local]!.add(id);
    }
  }
  liveIn.forEach((live, local) => {
    const work = [...live];
    while (work.length > 0) {
      for (const from of graph.predecessors[work.pop()!]!) {
        if (writers[local]!.has(from) || live.has(from)) continue;
        live.add(from);
        work.push(from);
      }
    }
  });
  return { writers, liveIn };
}

const UNDEFINED: Operand = { constant: 0n };

class Renamer {
  private readonly fn: IrFunction;
  private readonly tree: Dominators;
  private readonly merges: readonly (readonly Local[])[];
  private readonly values: ValueInfo[];
  private readonly parameters: Value[][];
  private readonly blocks: Block[];
  private readonly current: Operand[];
  private readonly replaced = new Map<Value, Operand>();

  constructor(fn: IrFunction, tree: Dominators, merges: readonly (readonly Local[])[]) {
    this.fn = fn;
    this.tree = tree;
    this.merges = merges;
    this.values = [...fn.values];
    this.current = fn.locals.map(() => UNDEFINED);
    this.blocks = [...fn.blocks];
    this.parameters = merges.map((locals) => locals.map((local) => this.fresh(fn.locals[local]!.kind)));
  }

  run(): IrFunction {
    // Every block is entered with what its dominator left; leaving undoes what the block wrote.
    type Undo = readonly { readonly local: Local; readonly before: Operand }[];
    const stack: ({ readonly enter: BlockId } | { readonly undo: Undo })[] = [{ enter: 0 as BlockId }];
    for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
      if ('undo' in top) {
        for (let at = top.undo.length - 1; at >= 0; at -= 1)
          this.current[top.undo[at]!.local] = top.undo[at]!.before;
        continue;
      }
      stack.push({ undo: this.enter(top.enter) });
      for (const child of this.tree.children[top.enter]!) stack.push({ enter: child });
    }
    return { ...this.fn, values: this.values, locals: [], blocks: this.blocks };
  }

  private enter(id: BlockId): { local: Local; before: Operand }[] {
    const undo: { local: Local; before: Operand }[] = [];
    const write = (local: Local, operand: Operand): void => {
      undo.push({ local, before: this.current[local]! });
      this.current[local] = operand;
    };
    const resolve = (operand: Operand): Operand =>
      isValue(operand) ? (this.replaced.get(operand) ?? operand) : operand;
    const block = this.fn.blocks[id]!;
    this.merges[id]!.forEach((local, index) => {
      write(local, this.parameters[id]![index]!);
    });
    const instructions: IrInstruction[] = [];
    for (const one of block.instructions) {
      if (one.kind === 'set-local') write(one.local, resolve(one.value));
      else if (one.kind === 'get-local') this.read(one.dst, this.current[one.local]!, instructions);
      else instructions.push(mapOperands(one, resolve));
    }
    const terminator = mapEdges(mapTerminator(block.terminator, resolve), (edge) => ({
      target: edge.target,
      args: [...edge.args, ...this.merges[edge.target]!.map((local) => this.current[local]!)],
    }));
    const parameters = [...block.parameters, ...this.parameters[id]!];
    this.blocks[id] = { ...block, parameters, instructions, terminator };
    return undo;
  }

  private read(dst: Value, operand: Operand, instructions: IrInstruction[]): void {
    // An address must stay a value: a null pointer becomes an explicit constant.
    if (!isValue(operand) && this.values[dst]!.kind !== 'scalar') {
      instructions.push({ kind: 'constant', dst, value: operand.constant });
    } else this.replaced.set(dst, operand);
  }

  private fresh(kind: ValueInfo['kind']): Value {
    this.values.push({ kind });
    return (this.values.length - 1) as Value;
  }
}
