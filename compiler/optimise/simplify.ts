/** Folding, identities, copy propagation and fused branches in one walk in an order where definitions come first. */
import { removeUnreachable } from '../ir/cfg.ts';
import type { Block, IrFunction, IrInstruction, Operand, Terminator } from '../ir/ir.ts';
import { definedBy, isValue, mapOperands, mapTerminator } from '../ir/operands.ts';
import { settleComparison } from './comparisons.ts';
import { reduce } from './reduce.ts';
import { type Definitions, definitionBits, valueBits } from './widths.ts';

/** `fn` must be in SSA form with blocks in reverse postorder. `level`: the instruction set that may be used. */
export function simplify(fn: IrFunction, level?: number): IrFunction {
  const replaced: (Operand | undefined)[] = [];
  const definitions: (IrInstruction | undefined)[] = [];
  const bits = valueBits(fn);
  const known: Definitions = { values: fn.values, definitions, bits, ...(level !== undefined && { level }) };
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
      if (dst !== undefined) {
        definitions[dst] = reduction.instruction;
        bits[dst] = Math.min(bits[dst]!, definitionBits(reduction.instruction, known));
      }
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
  const settled = settleComparison(terminator, known);
  if (typeof settled !== 'boolean') {
    const { op, bits, left, right } = settled;
    return { ...terminator, op, bits, left, right };
  }
  const taken = settled;
  const args = taken ? terminator.thenArgs : terminator.otherwiseArgs;
  const span = terminator.span === undefined ? {} : { span: terminator.span };
  const target = taken ? terminator.then : terminator.otherwise;
  return { kind: 'jump', target, ...(args === undefined ? {} : { args }), ...span };
}
