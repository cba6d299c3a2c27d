/** Folding, identities, copy propagation and fused branches in one walk in an order where definitions come first. */
import { compareConstants } from '../ir/arithmetic.ts';
import { removeUnreachable } from '../ir/cfg.ts';
import type { Block, IrFunction, IrInstruction, Operand, Terminator } from '../ir/ir.ts';
import { definedBy, isValue, mapOperands, mapTerminator } from '../ir/operands.ts';
import { type Comparison, reduce, unwrapComparison } from './reduce.ts';
import type { Definitions } from './widths.ts';

/** `fn` must be in SSA form with blocks in reverse postorder. */
export function simplify(fn: IrFunction): IrFunction {
  const replaced: (Operand | undefined)[] = [];
  const definitions: (IrInstruction | undefined)[] = [];
  const known: Definitions = { values: fn.values, definitions };
  const resolve = (operand: Operand): Operand =>
    isValue(operand) ? (replaced[operand] ?? operand) : operand;
  const walked = fn.blocks.map((block): Block => {
    const instructions: IrInstruction[] = [];
    for (const one of block.instructions) {
      const reduction = reduce(mapOperands(one, resolve), known);
      if ('operand' in reduction) {
        replaced[definedBy(one)!] = reduction.operand;
        // Kept for addresses, which must be values; dead code otherwise.
        if (one.kind === 'constant') instructions.push(one);
        continue;
      }
      const dst = definedBy(reduction.instruction);
      if (dst !== undefined) definitions[dst] = reduction.instruction;
      instructions.push(reduction.instruction);
    }
    const terminator = decide(mapTerminator(block.terminator, resolve), known);
    return { ...block, instructions, terminator };
  });
  // Arguments of edges backwards name values that were replaced later.
  const blocks = walked.map((block) => ({ ...block, terminator: mapTerminator(block.terminator, resolve) }));
  // Decided branches leave blocks that nothing reaches.
  return removeUnreachable({ ...fn, blocks });
}

function decide(terminator: Terminator, known: Definitions): Terminator {
  if (terminator.kind !== 'branch') return terminator;
  const comparison: Comparison = unwrapComparison(terminator, known);
  const { left, right, op, bits } = comparison;
  if (isValue(left) || isValue(right)) return { ...terminator, op, bits, left, right };
  const taken = compareConstants(op, bits, left.constant, right.constant);
  const args = taken ? terminator.thenArgs : terminator.otherwiseArgs;
  const span = terminator.span === undefined ? {} : { span: terminator.span };
  const target = taken ? terminator.then : terminator.otherwise;
  return { kind: 'jump', target, ...(args === undefined ? {} : { args }), ...span };
}
