/**
 * Control flow made plain: edges skip empty blocks, an edge that decides the next block's test goes straight to the
 * arm, a block with one way in joins the block before it, and parameters that can be only one thing vanish.
 */
import { compareConstants } from '../ir/arithmetic.ts';
import { flowGraph, removeUnreachable } from '../ir/cfg.ts';
import type { Block, BlockId, IrFunction, IrInstruction, Operand, Terminator, Value } from '../ir/ir.ts';
import {
  type Edge,
  edgesOf,
  isValue,
  mapEdges,
  mapOperands,
  mapTerminator,
  operandsOf,
} from '../ir/operands.ts';

/** `fn` must be in SSA form; blocks come out reachable and in reverse postorder. */
export function simplifyFlow(fn: IrFunction): IrFunction {
  const threaded = removeUnreachable(threadEdges(fn));
  const single = removeTrivialParameters(threaded);
  return removeUnreachable(mergeBlocks(single));
}

/** How far one edge is followed: cycles of empty blocks must end. */
const MAX_HOPS = 16;

function threadEdges(fn: IrFunction): IrFunction {
  const local = parametersReadOnlyInTerminator(fn);
  const follow = (edge: Edge): Edge => {
    let current = edge;
    for (let hops = 0; hops < MAX_HOPS; hops += 1) {
      const next = hop(fn.blocks[current.target]!, current, local);
      if (next === undefined) return current;
      current = next;
    }
    return current;
  };
  const blocks = fn.blocks.map((block): Block => {
    const terminator = mapEdges(block.terminator, follow);
    return { ...block, terminator: joinArms(terminator) };
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
function hop(block: Block, edge: Edge, local: ReadonlySet<BlockId>): Edge | undefined {
  if (block.instructions.length > 0 || block.terminator.kind === 'return') return undefined;
  if (block.parameters.length > 0 && !local.has(block.id)) return undefined;
  const inside = (operand: Operand): Operand => {
    const index = isValue(operand) ? block.parameters.indexOf(operand) : -1;
    return index === -1 ? operand : edge.args[index]!;
  };
  const { terminator } = block;
  if (terminator.kind === 'jump') {
    return { target: terminator.target, args: (terminator.args ?? []).map(inside) };
  }
  const left = inside(terminator.left);
  const right = inside(terminator.right);
  if (isValue(left) || isValue(right)) return undefined;
  const taken = compareConstants(terminator.op, terminator.bits, left.constant, right.constant);
  const [then, otherwise] = edgesOf(terminator) as [Edge, Edge];
  const arm = taken ? then : otherwise;
  return { target: arm.target, args: arm.args.map(inside) };
}

/** Blocks whose parameters nobody reads but their own terminator, so that going around them is safe. */
function parametersReadOnlyInTerminator(fn: IrFunction): ReadonlySet<BlockId> {
  const owner = new Map<Value, BlockId>();
  for (const block of fn.blocks) for (const parameter of block.parameters) owner.set(parameter, block.id);
  const leaking = new Set<BlockId>();
  const read = (operand: Operand, where: BlockId | undefined): void => {
    if (!isValue(operand)) return;
    const home = owner.get(operand);
    if (home !== undefined && home !== where) leaking.add(home);
  };
  for (const block of fn.blocks) {
    for (const one of block.instructions) for (const operand of operandsOf(one)) read(operand, undefined);
    const { terminator } = block;
    if (terminator.kind === 'return') read(terminator.value, block.id);
    if (terminator.kind === 'branch')
      for (const side of [terminator.left, terminator.right]) read(side, block.id);
    for (const edge of edgesOf(terminator)) for (const arg of edge.args) read(arg, block.id);
  }
  return new Set(
    fn.blocks.filter((block) => block.parameters.length > 0 && !leaking.has(block.id)).map(({ id }) => id),
  );
}

function sameOperand(one: Operand, other: Operand): boolean {
  if (isValue(one) || isValue(other)) return one === other;
  return one.constant === other.constant;
}

/** A parameter that gets one and the same operand (or itself) on every edge is that operand. */
function removeTrivialParameters(fn: IrFunction): IrFunction {
  const incoming = new Map<Value, Operand[]>();
  const readers = new Map<Value, Value[]>();
  for (const block of fn.blocks) {
    for (const { target, args } of edgesOf(block.terminator)) {
      for (const [index, arg] of args.entries()) {
        const parameter = fn.blocks[target]!.parameters[index]!;
        push(incoming, parameter, arg);
        if (isValue(arg)) push(readers, arg, parameter);
      }
    }
  }
  const replaced = new Map<Value, Operand>();
  const resolve = (operand: Operand): Operand => {
    let current = operand;
    while (isValue(current)) {
      const next = replaced.get(current);
      if (next === undefined) return current;
      current = next;
    }
    return current;
  };
  const work = [...incoming.keys()];
  for (let value = work.pop(); value !== undefined; value = work.pop()) {
    if (replaced.has(value)) continue;
    const only = soleOperand(value, incoming.get(value)!.map(resolve));
    // Addresses must stay values.
    if (only === undefined || (!isValue(only) && fn.values[value]!.kind !== 'scalar')) continue;
    replaced.set(value, only);
    const dependants = readers.get(value) ?? [];
    for (const one of dependants) {
      work.push(one);
      if (isValue(only)) push(readers, only, one);
    }
  }
  if (replaced.size === 0) return fn;
  const blocks = fn.blocks.map((block): Block => {
    const terminator = mapEdges(mapTerminator(block.terminator, resolve), ({ target, args }) => ({
      target,
      args: args.filter((_, index) => !replaced.has(fn.blocks[target]!.parameters[index]!)),
    }));
    return {
      ...block,
      parameters: block.parameters.filter((parameter) => !replaced.has(parameter)),
      instructions: block.instructions.map((one) => mapOperands(one, resolve)),
      terminator,
    };
  });
  return { ...fn, blocks };
}

function soleOperand(value: Value, operands: readonly Operand[]): Operand | undefined {
  let only: Operand | undefined;
  for (const operand of operands) {
    if (operand === value) continue;
    if (only !== undefined && !sameOperand(only, operand)) return undefined;
    only = operand;
  }
  return only;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Needs reverse postorder: a block's only way in comes before it. */
function mergeBlocks(fn: IrFunction): IrFunction {
  const { predecessors } = flowGraph(fn.blocks);
  const replaced = new Map<Value, Operand>();
  const resolve = (operand: Operand): Operand =>
    isValue(operand) ? (replaced.get(operand) ?? operand) : operand;
  const absorbed = new Set<BlockId>();
  const blocks: Block[] = [...fn.blocks];
  for (const start of fn.blocks) {
    if (absorbed.has(start.id)) continue;
    const instructions: IrInstruction[] = start.instructions.map((one) => mapOperands(one, resolve));
    let terminator = mapTerminator(start.terminator, resolve);
    while (terminator.kind === 'jump' && canJoin(start.id, terminator.target, predecessors)) {
      const next = fn.blocks[terminator.target]!;
      absorbed.add(next.id);
      for (const [index, parameter] of next.parameters.entries()) {
        bind(fn, parameter, terminator.args![index]!, replaced, instructions);
      }
      for (const one of next.instructions) instructions.push(mapOperands(one, resolve));
      terminator = mapTerminator(next.terminator, resolve);
    }
    blocks[start.id] = { ...start, instructions, terminator };
  }
  if (absorbed.size === 0) return fn;
  return {
    ...fn,
    blocks: blocks.map(
      (block): Block => ({ ...block, terminator: mapTerminator(block.terminator, resolve) }),
    ),
  };
}

function canJoin(from: BlockId, target: BlockId, predecessors: readonly (readonly BlockId[])[]): boolean {
  return target !== from && target !== 0 && predecessors[target]!.length === 1;
}

function bind(
  fn: IrFunction,
  parameter: Value,
  operand: Operand,
  replaced: Map<Value, Operand>,
  instructions: IrInstruction[],
): void {
  if (!isValue(operand) && fn.values[parameter]!.kind !== 'scalar') {
    instructions.push({ kind: 'constant', dst: parameter, value: operand.constant });
  } else replaced.set(parameter, operand);
}
