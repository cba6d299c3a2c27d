/** Arithmetic in 64 bits; division is unsigned, and by zero gives 1 and a warning. */
import { isComparison } from '../check/operators.ts';
import type { BinaryOp, Operand } from '../ir/ir.ts';
import type { BinaryExpression } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import { compareValue } from './conditions.ts';
import { scalar } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { emitRuntimeError } from './output.ts';

const OPS: Readonly<Record<string, BinaryOp>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
  '<<': 'shl',
  '>>': 'lshr',
};

export function arithmetic(low: Lowering, expression: BinaryExpression): Operand {
  const { operator } = expression;
  if (isComparison(operator)) return compareValue(low, expression);
  const left = scaled(low, expression.left, low.type(expression.right));
  const right = scaled(low, expression.right, low.type(expression.left));
  if (operator === '/' || operator === '%') return divide(low, expression, left, right);
  return low.b.binary(OPS[operator]!, left, right);
}

/** An integer next to a pointer counts elements. */
function scaled(low: Lowering, expression: BinaryExpression['left'], other: Type): Operand {
  const value = scalar(low, expression);
  if (other.kind !== 'pointer' || other.target.size <= 1) return value;
  return low.b.binary('mul', value, BigInt(other.target.size));
}

function divide(low: Lowering, expression: BinaryExpression, left: Operand, right: Operand): Operand {
  const { b } = low;
  const op = expression.operator === '/' ? 'udiv' : 'umod';
  const constant = low.constant(expression.right);
  if (constant?.kind === 'integer' && constant.value !== 0n) return b.binary(op, left, right);
  const result = b.local('quotient');
  const [zero, normal, after] = [b.block(), b.block(), b.block()];
  b.branch({ op: 'eq', left: right, right: 0n }, zero, normal, 'then');
  b.enter(zero);
  b.setLocal(result, 1n);
  emitRuntimeError(
    low,
    expression.span,
    'Divide or modulo by 0 detected. This can lead to unexpected results. 1 is being used as the result.',
  );
  b.jump(after);
  b.enter(normal);
  b.setLocal(result, b.binary(op, left, right));
  b.jump(after);
  b.enter(after);
  return b.getLocal(result);
}
