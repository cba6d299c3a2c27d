/**
 * Edges that go straight on: past blocks that compute nothing, and past tests whose answer the edge itself brings along.
 */
import { compareConstants } from '../ir/arithmetic.ts';
import { dominators, flowGraph } from '../ir/cfg.ts';
import type { Block, BlockId, IrFunction, Operand, Terminator, Value } from '../ir/ir.ts';
import { type Edge, edgesOf, isValue, mapEdges, operandsOf } from '../ir/operands.ts';
import { sameOperand } from './same-operand.ts';

/** How far one edge is followed: cycles of empty blocks must end. */
const MAX_HOPS = 16;

/** `fn` must be in SSA form with reachable blocks; some may be unreachable afterwards. */
export function threadEdges(fn: IrFunction): IrFunction {
  const skippable = skippableBlocks(fn);
  const follow = (edge: Edge): Edge => {
    let current = edge;
    for (let hops = 0; hops < MAX_HOPS; hops += 1) {
      const next = hop(fn.blocks[current.target]!, current, skippable);
      if (next === undefined) return current;
      current = next;
    }
    return current;
  };
  const blocks = fn.blocks.map((block): Block => {
    const terminator = joinArms(mapEdges(block.terminator, follow));
    return terminator === block.terminator ? block : { ...block, terminator };
  });
  return { ...fn, blocks };
}

/** A branch whose arms are the same edge is a jump. */
function joinArms(terminator: Terminator): Terminator {
  if (terminator.kind !== 'branch' || terminator.then !== terminator.otherwise) return terminator;
  const [then, otherwise] = edgesOf(terminator) as [Edge, Edge];
  if (!then.args.every((arg, index) => sameOperand(arg, otherwise.args[index]!))) return terminator;
  const span = terminator.span === undefined ? {} : { span: terminator.span };
  return { kind: 'jump', target: then.target, ...(then.args.length > 0 ? { args: then.args } : {}), ...span };
}

/** Where the edge may go instead of `block`, when that computes nothing of its own. */
function hop(block: Block, edge: Edge, skippable: Skippable): Edge | undefined {
  if (block.instructions.length > 0 || block.terminator.kind === 'return') return undefined;
  const inside = (operand: Operand): Operand => {
    const index = isValue(operand) ? block.parameters.indexOf(operand) : -1;
    return index === -1 ? operand : edge.args[index]!;
  };
  const { terminator } = block;
  if (terminator.kind === 'jump') {
    if (!skippable(block, undefined)) return undefined;
    return { target: terminator.target, args: (terminator.args ?? []).map(inside) };
  }
  const left = inside(terminator.left);
  const right = inside(terminator.right);
  if (isValue(left) || isValue(right)) return undefined;
  const taken = compareConstants(terminator.op, terminator.bits, left.constant, right.constant);
  const [arm, other] = taken ? edgesOf(terminator) : [...edgesOf(terminator)].reverse();
  if (!skippable(block, other!.target)) return undefined;
  return { target: arm!.target, args: arm!.args.map(inside) };
}

/**
 * Whether a block's parameters are not missed by what follows when an edge goes around it: nobody reads them but its own
 * terminator, or those who do come after the arm that the edge does not take.
 */
type Skippable = (block: Block, otherArm: BlockId | undefined) => boolean;

function skippableBlocks(fn: IrFunction): Skippable {
  const readers = readersElsewhere(fn);
  if (readers.size === 0) return () => true;
  const graph = flowGraph(fn.blocks);
  const below = subtrees(dominators(graph).children);
  return ({ id }, otherArm) => {
    const reading = readers.get(id);
    if (reading === undefined) return true;
    if (otherArm === undefined || graph.predecessors[otherArm]!.length !== 1) return false;
    return reading.every((reader) => below(otherArm, reader));
  };
}

/** By block: other blocks that read its parameters. */
function readersElsewhere(fn: IrFunction): ReadonlyMap<BlockId, readonly BlockId[]> {
  const owner = new Map<Value, BlockId>();
  for (const block of fn.blocks) for (const parameter of block.parameters) owner.set(parameter, block.id);
  const readers = new Map<BlockId, BlockId[]>();
  const read = (operand: Operand, where: BlockId, isOwn: boolean): void => {
    const home = isValue(operand) ? owner.get(operand) : undefined;
    if (home === undefined || (isOwn && home === where)) return;
    const list = readers.get(home);
    if (list === undefined) readers.set(home, [where]);
    else if (list.at(-1) !== where) list.push(where);
  };
  for (const block of fn.blocks) {
    for (const one of block.instructions)
      for (const operand of operandsOf(one)) read(operand, block.id, false);
    const { terminator } = block;
    if (terminator.kind === 'return') read(terminator.value, block.id, true);
    if (terminator.kind === 'branch')
      for (const side of [terminator.left, terminator.right]) read(side, block.id, true);
    for (const edge of edgesOf(terminator)) for (const arg of edge.args) read(arg, block.id, true);
  }
  return readers;
}

/** Whether one block is under another in the tree, or is it. */
function subtrees(children: readonly (readonly BlockId[])[]): (upper: BlockId, lower: BlockId) => boolean {
  const first = new Int32Array(children.length);
  const last = new Int32Array(children.length);
  let count = 0;
  const stack: { readonly block: BlockId; readonly leaves: boolean }[] = [
    { block: 0 as BlockId, leaves: false },
  ];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const { block, leaves } = top;
    if (leaves) {
      last[block] = count;
      continue;
    }
    first[block] = count++;
    stack.push({ block, leaves: true });
    for (const child of children[block]!) stack.push({ block: child, leaves: false });
  }
  return (upper, lower) => first[upper]! <= first[lower]! && first[lower]! < last[upper]!;
}
