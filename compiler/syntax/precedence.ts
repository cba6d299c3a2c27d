/** Flat operator chains → left-associative trees. The parser reads `a + b * c` as a list; the strengths live here. */
import { joinSpans } from '../../bpf/span.ts';
import type { BinaryExpression, BinaryOperator, Expression } from './ast.ts';

/** Higher binds tighter; unary operators, casts and postfixes bind tighter than all. */
export const BINARY_STRENGTH: Readonly<Record<BinaryOperator, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
};

export interface OperatorUse {
  readonly operator: BinaryOperator;
  readonly span: BinaryExpression['operatorSpan'];
  readonly right: Expression;
}

/** Shunting-yard over `first op right op right …`: time and space linear in the chain, no recursion. */
export function foldOperators(first: Expression, uses: readonly OperatorUse[]): Expression {
  const operands: Expression[] = [first];
  const waiting: OperatorUse[] = [];
  const reduce = (): void => {
    const { operator, span } = waiting.pop()!;
    const right = operands.pop()!;
    const left = operands.pop()!;
    operands.push({
      kind: 'binary',
      span: joinSpans(left.span, right.span),
      operator,
      operatorSpan: span,
      left,
      right,
    });
  };
  for (const use of uses) {
    const strength = BINARY_STRENGTH[use.operator];
    while (waiting.length > 0 && BINARY_STRENGTH[waiting.at(-1)!.operator] >= strength) reduce();
    waiting.push(use);
    operands.push(use.right);
  }
  while (waiting.length > 0) reduce();
  return operands[0]!;
}
