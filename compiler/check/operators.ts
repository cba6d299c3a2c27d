/** Binary operators: which types they take, the width and sign of the result, folding. */
import {
  arrayOperator,
  arraySizes,
  comparisonMismatch,
  foldedDivision,
  operatorTypes,
  shiftRange,
  signedDivision,
} from '../diagnostics/messages.gen.ts';
import type { BinaryExpression } from '../syntax/ast.ts';
import { BOOL, COUNTER, INT64, UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { equalTypes, isIntegral, isReadableAggregate } from '../types/predicates.ts';
import type { ArrayType, Type } from '../types/type.ts';
import { unify, unifyIntegers } from '../types/unify.ts';
import type { Checker } from './checker.ts';
import { literal, wantNumber } from './expressions.ts';
import { foldBinary, truth } from './fold.ts';
import { foldTypedArithmetic, foldTypedComparison, isTyped } from './fold-typed.ts';
import { warnImplicitCast } from './implicit-casts.ts';
import { readType } from './loops.ts';
import type { Constant } from './model.ts';
import { warnDistinctPointers } from './pointers.ts';

export function checkBinary(checker: Checker, expression: BinaryExpression): Type | undefined {
  const { operator, left, right } = expression;
  const rawLeft = checker.valueType(left);
  if (decidesAlone(operator, checker.constant(left)))
    return literal(checker, expression, { kind: 'boolean', value: operator === '||' });
  const rawRight = checker.valueType(right);
  checker.setConstant(expression, undefined);
  if (rawLeft === undefined || rawRight === undefined) return isComparison(operator) ? BOOL : undefined;
  const folded = fold(checker, expression);
  if (folded !== undefined) return folded;
  // Aggregations take part as the number they read as.
  const leftType = isReadableAggregate(rawLeft) ? readType(rawLeft) : rawLeft;
  const rightType = isReadableAggregate(rawRight) ? readType(rawRight) : rawRight;
  if (operator === '&&' || operator === '||') return logical(checker, expression, leftType, rightType);
  const type = isComparison(operator)
    ? comparison(checker, expression, leftType, rightType)
    : arithmetic(checker, expression, leftType, rightType);
  if (type !== undefined) foldTyped(checker, expression, leftType, rightType, type);
  return type;
}

export function isComparison(operator: string): boolean {
  return /^(==|!=|<=?|>=?|&&|\|\|)$/.test(operator);
}

/** `false && x` and `true || x` are known without `x`, which is then not looked at. */
function decidesAlone(operator: BinaryExpression['operator'], left: Constant | undefined): boolean {
  if (left === undefined || (operator !== '&&' && operator !== '||')) return false;
  return truth(left) === (operator === '||');
}

function fold(checker: Checker, expression: BinaryExpression): Type | undefined {
  const [left, right] = [checker.constant(expression.left), checker.constant(expression.right)];
  if (left === undefined || right === undefined) return undefined;
  const result = foldBinary(expression.operator, left, right);
  const typed = isTyped(left) || isTyped(right);
  if (typed && result !== 'division by zero') return undefined;
  if (result === 'division by zero') {
    checker.report(foldedDivision(expression.span));
    return INT64;
  }
  return result && literal(checker, expression, result);
}

/** Constants that went through a cast: the type is that of the same operation at run time. */
function foldTyped(
  checker: Checker,
  expression: BinaryExpression,
  leftType: Type,
  rightType: Type,
  type: Type,
): void {
  const { left, right, operator } = expression;
  const [a, b] = [checker.constant(left), checker.constant(right)];
  if (a === undefined || b === undefined || a.kind === 'string' || b.kind === 'string') return;
  const sides = [
    { constant: a, type: leftType },
    { constant: b, type: rightType },
  ] as const;
  const folded = isComparison(operator)
    ? foldTypedComparison(operator, ...sides)
    : foldTypedArithmetic(operator, ...sides, type);
  checker.setConstant(expression, folded);
}

function logical(checker: Checker, expression: BinaryExpression, left: Type, right: Type): Type {
  for (const type of [left, right]) {
    if (isIntegral(type) || type.kind === 'pointer' || type.kind === 'string') continue;
    mismatch(checker, expression, left, right);
    break;
  }
  return BOOL;
}

function comparison(checker: Checker, expression: BinaryExpression, left: Type, right: Type): Type {
  const { operator } = expression;
  const numbers = (type: Type): boolean => isIntegral(type) || type.kind === 'pointer';
  if (numbers(left) && numbers(right)) {
    warnMixedSigns(checker, expression, left, right);
    warnDistinctPointers(checker, expression, left, right);
    return BOOL;
  }
  if (left.kind === 'array' && right.kind === 'array') return arrays(checker, expression, left, right);
  if (left.kind !== right.kind || unify(left, right) === undefined) {
    if (wantNumber(checker, expression.left) && wantNumber(checker, expression.right)) {
      const names = { operator, left: comparedName(left), right: comparedName(right) };
      checker.report(comparisonMismatch(expression.operatorSpan, names));
    }
    return BOOL;
  }
  const equality = operator === '==' || operator === '!=';
  if (!equality || !isComparedInMemory(left)) mismatch(checker, expression, left, right);
  return BOOL;
}

function arrays(
  checker: Checker,
  { operator, operatorSpan: span }: BinaryExpression,
  left: ArrayType,
  right: ArrayType,
): Type {
  if (operator !== '==' && operator !== '!=') checker.report(arrayOperator(span, { operator }));
  else if (!equalTypes(left, right)) checker.report(arraySizes(span));
  return BOOL;
}

/** Both sides are compared as one type, which may not hold all values of one of them. */
function warnMixedSigns(checker: Checker, expression: BinaryExpression, left: Type, right: Type): void {
  if (left.kind !== 'integer' || right.kind !== 'integer') return;
  const common = unifyIntegers(left, right);
  warnImplicitCast(checker, expression.left, left, common);
  warnImplicitCast(checker, expression.right, right, common);
}

/** Values of several bytes that are equal when those are. */
function isComparedInMemory({ kind }: Type): boolean {
  return kind === 'string' || kind === 'tuple' || kind === 'kstack' || kind === 'ustack';
}

function comparedName(type: Type): string {
  return type.kind === 'string' ? 'string' : typeName(type);
}

function arithmetic(
  checker: Checker,
  expression: BinaryExpression,
  left: Type,
  right: Type,
): Type | undefined {
  const { operator } = expression;
  if (left.kind === 'pointer' || right.kind === 'pointer')
    return pointerArithmetic(checker, expression, left, right);
  if (!isIntegral(left) || !isIntegral(right)) {
    if (wantNumber(checker, expression.left) && wantNumber(checker, expression.right))
      mismatch(checker, expression, left, right);
    return undefined;
  }
  const [a, b] = [sign(left), sign(right)];
  if (operator === '/' || operator === '%') {
    if (definite(checker, left, expression.left) || definite(checker, right, expression.right)) {
      checker.report(signedDivision(expression.operatorSpan, { operator }));
    }
  }
  if (operator === '<<' || operator === '>>') {
    const count = checker.constant(expression.right);
    if (count?.kind === 'integer' && (count.value < 0n || count.value > 63n)) {
      checker.report(shiftRange(expression.right.span, { count: count.value }));
    }
    return a === 'unsigned' ? UINT64 : a === 'signed' ? INT64 : COUNTER;
  }
  if (operator === '-') return INT64;
  if (a === 'signed' || b === 'signed') return INT64;
  return a === 'unsigned' || b === 'unsigned' ? UINT64 : COUNTER;
}

function sign(type: Type): 'signed' | 'unsigned' | 'either' {
  if (type.kind !== 'integer') return 'unsigned';
  return type.flexible ? 'either' : type.signed ? 'signed' : 'unsigned';
}

/** Signed for sure, and not a non-negative constant. */
function definite(checker: Checker, type: Type, expression: BinaryExpression['left']): boolean {
  const constant = checker.constant(expression);
  if (constant?.kind === 'integer' && constant.value >= 0n) return false;
  return sign(type) === 'signed';
}

function pointerArithmetic(
  checker: Checker,
  expression: BinaryExpression,
  left: Type,
  right: Type,
): Type | undefined {
  const { operator } = expression;
  if (left.kind === 'pointer' && isIntegral(right) && (operator === '+' || operator === '-')) return left;
  if (right.kind === 'pointer' && isIntegral(left) && operator === '+') return right;
  mismatch(checker, expression, left, right);
  return undefined;
}

function mismatch(checker: Checker, expression: BinaryExpression, left: Type, right: Type): void {
  const { operator, operatorSpan } = expression;
  checker.report(operatorTypes(operatorSpan, { operator, left: typeName(left), right: typeName(right) }));
}
