/**
 * Control flow made plain: edges skip empty blocks, an edge that decides the next block's test goes straight to the
 * arm, a block with one way in joins the block before it, and parameters that can be only one thing vanish.
 */
import { flowGraph, removeUnreachable } from '../ir/cfg.ts';
import type { Block, BlockId, IrFunction, IrInstruction, Operand, Value } from '../ir/ir.ts';
import { edgesOf, isValue, mapEdges, mapOperands, mapTerminator } from '../ir/operands.ts';
import { sameOperand } from './same-operand.ts';
import { threadEdges } from './thread-edges.ts';

/** `fn` must be in SSA form; blocks come out reachable and in reverse postorder. */
export function simplifyFlow(fn: IrFunction): IrFunction {
  const threaded = removeUnreachable(threadEdges(fn));
  const single = removeTrivialParameters(threaded);
  return removeUnreachable(mergeBlocks(single));
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
