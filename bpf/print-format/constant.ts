/** Values of the constant expressions in `{ value, "text" }` lists. */

import { applyBinary, applyUnary, castTo } from './arithmetic.ts';
import { enumeratorValue } from './enumerators.ts';
import type { PrintExpression } from './expression.ts';

/** 64 bits; a name without a known value is all ones, which no flag matches. Undefined when it is no constant. */
export function constantOf(expression: PrintExpression): bigint | undefined {
  switch (expression.kind) {
    case 'number':
      return isUnknownName(expression.text) ? 0xffff_ffff_ffff_ffffn : expression.value;
    case 'cast': {
      const value = constantOf(expression.operand);
      return value === undefined ? undefined : castTo(expression.type, value);
    }
    case 'unary': {
      const value = constantOf(expression.operand);
      return value === undefined ? undefined : applyUnary(expression.operator, value);
    }
    case 'binary': {
      const left = constantOf(expression.left);
      const right = constantOf(expression.right);
      return left === undefined || right === undefined
        ? undefined
        : applyBinary(expression.operator, left, right);
    }
    default:
      return undefined;
  }
}

function isUnknownName(text: string): boolean {
  return /^[A-Za-z_]\w/.test(text) && enumeratorValue(text) === undefined;
}
