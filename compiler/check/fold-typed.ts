/**
 * Folding of constants that have a type of their own since they went through a cast: exactly what the machine computes
 * in 64 bits, division without a sign, shifts to the right without it either.
 */
import { compareExactly, computeExactly } from '../exact-arithmetic.ts';
import type { BinaryOperator, UnaryOperator } from '../syntax/ast.ts';
import { isSigned } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { unifyIntegers } from '../types/unify.ts';
import { numeric } from './fold.ts';
import type { Constant } from './model.ts';

export interface Typed {
  readonly constant: Constant & { readonly kind: 'integer' | 'boolean' };
  readonly type: Type;
}

/** A number, and one that is no plain literal any more. */
export function isTyped(constant: Constant | undefined): boolean {
  return constant?.kind === 'integer' && constant.cast === true;
}

/** Arithmetic whose result has the type `result`; undefined where only the program can tell. */
export function foldTypedArithmetic(
  operator: BinaryOperator,
  left: Typed,
  right: Typed,
  result: Type,
): Constant | undefined {
  const [a, b] = [pattern(left), pattern(right)];
  const value = compute(operator, a, b);
  return value === undefined ? undefined : wrapped(value, result);
}

export function foldTypedComparison(
  operator: BinaryOperator,
  left: Typed,
  right: Typed,
): Constant | undefined {
  const signed = comparesSigned(left.type, right.type);
  const [a, b] = [left, right].map((side) => (signed ? BigInt.asIntN(64, pattern(side)) : pattern(side)));
  const value = compareExactly(operator, a!, b!);
  return value === undefined ? undefined : { kind: 'boolean', value };
}

export function foldTypedUnary(operator: UnaryOperator, operand: Typed, result: Type): Constant | undefined {
  if (operator === '-') return wrapped(-pattern(operand), result);
  return operator === '~' ? wrapped(~pattern(operand), result) : undefined;
}

function comparesSigned(left: Type, right: Type): boolean {
  if (left.kind !== 'integer' || right.kind !== 'integer') return false;
  return isSigned(unifyIntegers(left, right));
}

/** All 64 bits of the register. */
function pattern({ constant }: Typed): bigint {
  return BigInt.asUintN(64, numeric(constant));
}

function wrapped(value: bigint, type: Type): Constant {
  const number = isSigned(type) ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
  return { kind: 'integer', value: number, cast: true };
}

function compute(operator: BinaryOperator, a: bigint, b: bigint): bigint | undefined {
  switch (operator) {
    case '<<':
      return b > 63n ? undefined : a << b;
    case '>>':
      return b > 63n ? undefined : a >> b;
    default:
      return computeExactly(operator, a, b);
  }
}
