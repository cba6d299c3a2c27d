/** How deep an expression is: all that walks one later calls itself once a level. */
import type { PrintExpression } from './expression.ts';

/** Levels of an expression, itself included. Needs no stack of its own. */
export function depthOf(expression: PrintExpression): number {
  let depth = 0;
  for (let level: readonly PrintExpression[] = [expression]; level.length > 0; depth++) {
    level = level.flatMap(partsOf);
  }
  return depth;
}

function partsOf(expression: PrintExpression): readonly PrintExpression[] {
  switch (expression.kind) {
    case 'number':
    case 'text':
    case 'field':
    case 'string':
    case 'dynamic-array':
    case 'dynamic-array-length':
    case 'bitmask':
    case 'cpumask':
      return [];
    case 'cast':
    case 'unary':
      return [expression.operand];
    case 'binary':
      return [expression.left, expression.right];
    case 'conditional':
      return [expression.condition, expression.whenTrue, expression.whenFalse];
    case 'index':
      return [expression.array, expression.index];
    case 'flags':
    case 'symbolic':
      return [expression.value];
    case 'hex':
      return [expression.data, expression.length];
    case 'int-array':
      return [expression.data, expression.count, expression.elementSize];
    case 'scsi-command':
      return [expression.data];
    case 'call':
      return expression.args;
    default:
      return expression satisfies never;
  }
}
