/**
 * Common subexpressions: a pure computation, a load of the (read-only) context, or a helper that always answers the same,
 * that was done in a dominating place is not done again.
 */
import { dominators, flowGraph } from '../ir/cfg.ts';
import { isStable } from '../ir/effects.ts';
import type { Block, BlockId, IrFunction, IrInstruction, Operand, Value } from '../ir/ir.ts';
import { definedBy, isValue, mapOperands, mapTerminator } from '../ir/operands.ts';

/** `fn` must be in SSA form with reachable blocks. */
export function shareExpressions(fn: IrFunction): IrFunction {
  const tree = dominators(flowGraph(fn.blocks));
  const replaced = new Map<Value, Value>();
  const available = new Map<string, Value>();
  const resolve = (operand: Operand): Operand =>
    isValue(operand) ? (replaced.get(operand) ?? operand) : operand;
  const blocks = [...fn.blocks];
  const visit = (id: BlockId): string[] => {
    const block = blocks[id]!;
    const added: string[] = [];
    const instructions: IrInstruction[] = [];
    for (const original of block.instructions) {
      const one = mapOperands(original, resolve);
      const key = keyOf(one, fn);
      const known = key === undefined ? undefined : available.get(key);
      const dst = definedBy(one);
      if (known !== undefined && dst !== undefined) {
        replaced.set(dst, known);
        continue;
      }
      if (key !== undefined && dst !== undefined) {
        available.set(key, dst);
        added.push(key);
      }
      instructions.push(one);
    }
    blocks[id] = { ...block, instructions };
    return added;
  };
  const stack: ({ readonly enter: BlockId } | { readonly forget: readonly string[] })[] = [
    { enter: 0 as BlockId },
  ];
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if ('forget' in top) {
      for (const key of top.forget) available.delete(key);
      continue;
    }
    stack.push({ forget: visit(top.enter) });
    for (const child of tree.children[top.enter]!) stack.push({ enter: child });
  }
  if (replaced.size === 0) return fn;
  return {
    ...fn,
    blocks: blocks.map(
      (block): Block => ({ ...block, terminator: mapTerminator(block.terminator, resolve) }),
    ),
  };
}

/** Same key, same value; undefined for what must be done each time. Addresses cost nothing to make again. */
function keyOf(one: IrInstruction, fn: IrFunction): string | undefined {
  switch (one.kind) {
    case 'binary':
    case 'compare':
      return `${one.kind} ${one.op} ${one.bits} ${text(one.left)} ${text(one.right)}`;
    case 'relocated': {
      const { op, left, constant, core } = one;
      const at = left === undefined ? '' : text(left);
      return `relocated ${op} ${at} ${constant} ${core.kind} ${core.type} ${core.access}`;
    }
    case 'extend':
      return `extend ${one.width} ${one.signed} ${text(one.value)}`;
    case 'bswap':
      return `bswap ${one.width} ${text(one.value)}`;
    case 'load':
      if (fn.values[one.base]!.kind !== 'context') return undefined;
      return `load ${one.size} ${one.signed} ${text(one.base)} ${one.offset}`;
    case 'call-helper':
      return isStable(one) ? `call ${one.helper} ${one.args.map(text).join(' ')}` : undefined;
    default:
      return undefined;
  }
}

function text(operand: Operand): string {
  return isValue(operand) ? `%${operand}` : `${operand.constant}`;
}
