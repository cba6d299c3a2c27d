/** Compiles an expression to a function that evaluates it over a record, in 64 unsigned bits. */
import type { EventField } from '../event-format.ts';
import { applyBinary, applyUnary, castBits } from './arithmetic.ts';
import type { PrintExpression } from './expression.ts';
import { functionValue } from './functions.ts';
import { dynamicPlace, type PrintRecord, readNumber, readSmall } from './record.ts';

export type Evaluate = (record: PrintRecord) => bigint;
export type EvaluateSmall = (record: PrintRecord) => number;

export function compileNumber(expression: PrintExpression, longSize: 4 | 8): Evaluate {
  switch (expression.kind) {
    case 'number': {
      const { value } = expression;
      return () => value;
    }
    case 'field': {
      const { offset, size } = expression.field;
      return (record) => readNumber(record, offset, size);
    }
    case 'cast': {
      const operand = compileNumber(expression.operand, longSize);
      const bits = castBits(expression.type);
      return bits === 64 ? operand : (record) => BigInt.asUintN(bits, operand(record));
    }
    case 'unary': {
      const operand = compileNumber(expression.operand, longSize);
      const { operator } = expression;
      return (record) => applyUnary(operator, operand(record));
    }
    case 'binary': {
      const left = compileNumber(expression.left, longSize);
      const right = compileNumber(expression.right, longSize);
      const { operator } = expression;
      return (record) => applyBinary(operator, left(record), right(record));
    }
    case 'conditional': {
      const condition = compileNumber(expression.condition, longSize);
      const whenTrue = compileNumber(expression.whenTrue, longSize);
      const whenFalse = compileNumber(expression.whenFalse, longSize);
      return (record) => (condition(record) !== 0n ? whenTrue(record) : whenFalse(record));
    }
    case 'index':
      return compileIndex(expression, longSize);
    case 'dynamic-array-length': {
      const { field } = expression;
      return (record) => BigInt(dynamicPlace(record, field).length);
    }
    case 'call': {
      const args = expression.args.map((arg) => compileNumber(arg, longSize));
      const { name } = expression;
      return (record) =>
        functionValue(
          name,
          args.map((arg) => arg(record)),
        );
    }
    // Addresses of the record's own bytes mean nothing once recorded, and texts are no numbers.
    case 'dynamic-array':
    case 'text':
    case 'flags':
    case 'symbolic':
    case 'hex':
    case 'int-array':
    case 'scsi-command':
    case 'string':
    case 'bitmask':
    case 'cpumask':
      return () => 0n;
  }
}

/** `REC->args[2]`, `((u32 *)__get_dynamic_array(list))[1]`. */
function compileIndex(
  expression: Extract<PrintExpression, { readonly kind: 'index' }>,
  longSize: 4 | 8,
): Evaluate {
  const index = compileNumber(expression.index, longSize);
  let array = expression.array;
  let bits = 64;
  while (array.kind === 'cast') {
    bits = Math.min(bits, castBits(array.type.replace(/ \*$/, '')));
    array = array.operand;
  }
  const place = indexedPlace(array);
  if (place === undefined) return () => 0n;
  const size = place.field.elementSize || longSize;
  return (record) => {
    const at = place.start(record) + Number(BigInt.asUintN(32, index(record))) * size;
    return BigInt.asUintN(bits, readNumber(record, at, size));
  };
}

function indexedPlace(
  array: PrintExpression,
): { readonly field: EventField; start(record: PrintRecord): number } | undefined {
  if (array.kind === 'field') {
    const { field } = array;
    return { field, start: () => field.offset };
  }
  if (array.kind !== 'dynamic-array') return undefined;
  const { field } = array;
  return { field, start: (record) => dynamicPlace(record, field).start };
}

/** A cheaper evaluation for values of at most 32 bits; undefined when they may have more. */
export function compileSmall(expression: PrintExpression): EvaluateSmall | undefined {
  if (expression.kind === 'field') {
    const { offset, size } = expression.field;
    return size === 8 ? undefined : (record) => readSmall(record, offset, size);
  }
  if (expression.kind !== 'cast') return undefined;
  const operand = compileSmall(expression.operand);
  const bits = castBits(expression.type);
  if (operand === undefined || bits >= 32) return operand;
  const mask = 2 ** bits - 1;
  return (record) => operand(record) & mask;
}
