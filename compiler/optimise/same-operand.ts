/** Whether two operands are the same value or the same constant. */
import type { Operand } from '../ir/ir.ts';
import { isValue } from '../ir/operands.ts';

export function sameOperand(one: Operand, other: Operand): boolean {
  if (isValue(one) || isValue(other)) return one === other;
  return one.constant === other.constant;
}
