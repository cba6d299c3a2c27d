/** Truth and branches: comparisons branch directly, `&&` and `||` do not evaluate what they need not. */

import { truth } from '../check/fold.ts';
import { readType } from '../check/loops.ts';
import type { BlockId, CompareOp, Operand } from '../ir/ir.ts';
import type { BinaryExpression, Expression } from '../syntax/ast.ts';
import { isScalar, isSigned } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { unifyIntegers } from '../types/unify.ts';
import { compareMemory } from './compare.ts';
import { placeOf, scalar } from './expressions.ts';
import type { Lowering } from './lowering.ts';

/** Jumps to `then` when the expression is true, else to `otherwise`. */
export function branchOn(low: Lowering, expression: Expression, then: BlockId, otherwise: BlockId): void {
  low.at(expression.span, () => branchHere(low, expression, then, otherwise));
}

function branchHere(low: Lowering, expression: Expression, then: BlockId, otherwise: BlockId): void {
  const { b } = low;
  const constant = low.constant(expression);
  if (constant !== undefined) {
    b.jump(truth(constant) ? then : otherwise);
    return;
  }
  if (expression.kind === 'unary' && expression.operator === '!') {
    branchOn(low, expression.operand, otherwise, then);
    return;
  }
  if (expression.kind === 'binary') {
    const { operator } = expression;
    if (operator === '&&' || operator === '||') {
      const middle = b.block();
      if (operator === '&&') branchOn(low, expression.left, middle, otherwise);
      else branchOn(low, expression.left, then, middle);
      b.enter(middle);
      branchOn(low, expression.right, then, otherwise);
      return;
    }
    const op = compareOp(low, expression);
    if (op !== undefined && scalarSides(low, expression)) {
      b.branch(
        { op, left: scalar(low, expression.left), right: scalar(low, expression.right) },
        then,
        otherwise,
      );
      return;
    }
  }
  b.branch({ op: 'ne', left: conditionValue(low, expression), right: 0n }, then, otherwise);
}

/** Non-zero when true: the number itself, or the first byte of a string. */
export function conditionValue(low: Lowering, expression: Expression): Operand {
  const constant = low.constant(expression);
  if (constant !== undefined) return low.constantValue(truth(constant) ? 1n : 0n);
  const type = low.type(expression);
  if (type.kind !== 'string') return scalar(low, expression);
  const place = placeOf(low, expression);
  return low.b.load(place.base, place.offset, 1);
}

function numeric(type: Type): Type {
  return readType(type);
}

function scalarSides(low: Lowering, { left, right }: BinaryExpression): boolean {
  return isScalar(numeric(low.type(left))) && isScalar(numeric(low.type(right)));
}

function compareOp(low: Lowering, { operator, left, right }: BinaryExpression): CompareOp | undefined {
  const signed = comparedSigned(low, left, right);
  switch (operator) {
    case '==':
      return 'eq';
    case '!=':
      return 'ne';
    case '<':
      return signed ? 'slt' : 'ult';
    case '<=':
      return signed ? 'sle' : 'ule';
    case '>':
      return signed ? 'sgt' : 'ugt';
    case '>=':
      return signed ? 'sge' : 'uge';
    default:
      return undefined;
  }
}

function comparedSigned(low: Lowering, left: Expression, right: Expression): boolean {
  const [a, b] = [flexible(low, left), flexible(low, right)];
  if (a?.kind === 'integer' && b?.kind === 'integer') return isSigned(unifyIntegers(a, b));
  return false;
}

/** Constants keep the flexible sign that settling takes away. */
function flexible(low: Lowering, expression: Expression): Type | undefined {
  const type = low.unit.types.get(expression);
  return type && numeric(type);
}

/** A comparison or logical operator as 1 or 0. */
export function compareValue(low: Lowering, expression: BinaryExpression): Operand {
  const { b } = low;
  const { operator } = expression;
  if (operator === '&&' || operator === '||') return branchValue(low, expression);
  if (scalarSides(low, expression)) {
    const op = compareOp(low, expression)!;
    return b.compare(op, scalar(low, expression.left), scalar(low, expression.right));
  }
  return compareMemory(low, expression);
}

function branchValue(low: Lowering, expression: Expression): Operand {
  return whether(low, (yes) => {
    const no = low.b.block();
    branchOn(low, expression, yes, no);
    low.b.enter(no);
  });
}

/** 1 when `test` jumps to the block it is given, 0 when it falls through. */
export function whether(low: Lowering, test: (yes: BlockId) => void): Operand {
  const { b } = low;
  const truth = b.local('truth');
  const [yes, after] = [b.block(), b.block()];
  test(yes);
  b.setLocal(truth, 0n);
  b.jump(after);
  b.enter(yes);
  b.setLocal(truth, 1n);
  b.jump(after);
  b.enter(after);
  return b.getLocal(truth);
}

/** Runs `use` on the arm the condition chooses; both ways meet again. */
export function lowerArms(
  low: Lowering,
  expression: Expression & { kind: 'ternary' | 'if' },
  use: (arm: Expression) => void,
): void {
  const { b } = low;
  const condition = low.constant(expression.condition);
  const then = expression.kind === 'ternary' ? (expression.then ?? expression.condition) : expression.then;
  const { otherwise } = expression;
  if (condition !== undefined) {
    const arm = truth(condition) ? then : otherwise;
    if (arm !== undefined) use(arm);
    return;
  }
  const [yes, after] = [b.block(), b.block()];
  const no = otherwise === undefined ? after : b.block();
  branchOn(low, expression.condition, yes, no);
  b.enter(yes);
  use(then);
  b.jump(after);
  if (otherwise !== undefined) {
    b.enter(no);
    use(otherwise);
    b.jump(after);
  }
  b.enter(after);
}
