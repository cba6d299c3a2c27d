/**
 * Undoes expressions: from the value that was printed to the fields it was made of. What cannot be undone sets nothing:
 * the field then counts as not printed.
 */
import { applyBinary } from '../arithmetic.ts';
import { constantOf } from '../constant.ts';
import type { PrintExpression } from '../expression.ts';
import { ALL_BITS, type FieldValues } from './field-values.ts';

/** `mask`: the bits of the value that are known. */
export function assign(expression: PrintExpression, value: bigint, mask: bigint, values: FieldValues): void {
  switch (expression.kind) {
    case 'field':
      values.number(expression.field, 0, value, mask);
      return;
    case 'cast':
      assign(expression.operand, value, mask, values);
      return;
    case 'index': {
      const index = constantOf(expression.index);
      let { array } = expression;
      while (array.kind === 'cast') array = array.operand;
      if (array.kind === 'field' && index !== undefined) {
        values.number(array.field, Number(BigInt.asUintN(31, index)), value, mask);
      }
      return;
    }
    case 'unary':
      if (expression.operator === '!') assume(expression.operand, value === 0n, values);
      else if (expression.operator === '~') assign(expression.operand, ~value & ALL_BITS, mask, values);
      else assign(expression.operand, expression.operator === '-' ? -value & ALL_BITS : value, mask, values);
      return;
    case 'binary':
      assignBinary(expression, value, mask, values);
      return;
    case 'conditional':
      assignConditional(expression, value, mask, values);
      return;
    case 'call':
      if (expression.name === 'jiffies_to_msecs') assign(expression.args[0]!, value, mask, values);
      return;
    default:
      return;
  }
}

/** `c ? field : constant`: what is not the constant is the field. */
function assignConditional(
  expression: Extract<PrintExpression, { readonly kind: 'conditional' }>,
  value: bigint,
  mask: bigint,
  values: FieldValues,
): void {
  const { condition, whenTrue, whenFalse } = expression;
  const isOfTrue = constantOf(whenTrue) === value;
  const isOfFalse = constantOf(whenFalse) === value;
  if (isOfTrue !== isOfFalse) assume(condition, isOfTrue, values);
  else if (!isOfTrue && constantOf(whenTrue) === undefined && constantOf(whenFalse) !== undefined) {
    assume(condition, true, values);
    assign(whenTrue, value, mask, values);
  }
}

type Binary = Extract<PrintExpression, { readonly kind: 'binary' }>;

function assignBinary(expression: Binary, value: bigint, mask: bigint, values: FieldValues): void {
  const { operator, left } = expression;
  if (operator === '==' || operator === '!=' || operator === '&&' || operator === '||') {
    assume(expression, value !== 0n, values);
    return;
  }
  const constant = constantOf(expression.right);
  if (constant === undefined) return;
  const shift = constant & 63n;
  switch (operator) {
    case '&':
      assign(left, value, mask & constant, values);
      return;
    case '>>':
      assign(left, (value << shift) & ALL_BITS, (mask << shift) & ALL_BITS, values);
      return;
    case '<<':
      assign(left, value >> shift, mask >> shift, values);
      return;
    case '+':
      assign(left, applyBinary('-', value, constant), mask, values);
      return;
    case '-':
      assign(left, applyBinary('+', value, constant), mask, values);
      return;
    case '^':
      assign(left, value ^ constant, mask, values);
      return;
    case '*':
      if (constant !== 0n) assign(left, value / constant, mask, values);
      return;
    default:
      return;
  }
}

/** The condition was true, or was not. */
export function assume(condition: PrintExpression, truth: boolean, values: FieldValues): void {
  switch (condition.kind) {
    case 'field':
      if (truth) values.nonZero(condition.field);
      else values.number(condition.field, 0, 0n, ALL_BITS);
      return;
    case 'cast':
      assume(condition.operand, truth, values);
      return;
    case 'unary':
      if (condition.operator === '!') assume(condition.operand, !truth, values);
      return;
    case 'binary':
      assumeBinary(condition, truth, values);
      return;
    default:
      return;
  }
}

function assumeBinary(condition: Binary, truth: boolean, values: FieldValues): void {
  const { operator, left, right } = condition;
  const constant = constantOf(right);
  if (operator === '&&' && truth) {
    assume(left, true, values);
    assume(right, true, values);
  } else if (operator === '||' && !truth) {
    assume(left, false, values);
    assume(right, false, values);
  } else if (constant === undefined) {
    return;
  } else if ((operator === '==' && truth) || (operator === '!=' && !truth)) {
    assign(left, constant, ALL_BITS, values);
  } else if (operator === '&' && !truth) {
    assign(left, 0n, constant, values);
  } else if (operator === '&' && (constant & (constant - 1n)) === 0n) {
    assign(left, constant, constant, values);
  }
}
