/**
 * Folding of literals with the language's rules: exact integers, signed division, comparisons give booleans. What does not
 * fit 64 bits is left to run time, where it wraps.
 */
import { compareExactly, computeExactly } from '../exact-arithmetic.ts';
import type { BinaryOperator, UnaryOperator } from '../syntax/ast.ts';
import type { Constant } from './model.ts';

const INT64_MIN = -(1n << 63n);
const UINT64_MAX = (1n << 64n) - 1n;

export type FoldProblem = 'division by zero';

function integerConstant(value: bigint): Constant | undefined {
  if (value < INT64_MIN || value > UINT64_MAX) return undefined;
  return { kind: 'integer', value };
}

export function truth(constant: Constant): boolean {
  if (constant.kind === 'integer') return constant.value !== 0n;
  return constant.kind === 'boolean' ? constant.value : constant.bytes.length > 0;
}

export function foldUnary(operator: UnaryOperator, operand: Constant): Constant | undefined {
  if (operator === '!') return { kind: 'boolean', value: !truth(operand) };
  if (operand.kind !== 'integer') return undefined;
  const { value } = operand;
  if (operator === '-') return value > 1n << 63n ? undefined : integerConstant(-value);
  if (operator === '~')
    return integerConstant(value > (1n << 63n) - 1n ? BigInt.asUintN(64, ~value) : ~value);
  return undefined;
}

export function foldBinary(
  operator: BinaryOperator,
  left: Constant,
  right: Constant,
): Constant | FoldProblem | undefined {
  if (operator === '&&') return { kind: 'boolean', value: truth(left) && truth(right) };
  if (operator === '||') return { kind: 'boolean', value: truth(left) || truth(right) };
  if (left.kind === 'string' || right.kind === 'string') {
    return left.kind === 'string' && right.kind === 'string'
      ? foldStrings(operator, left.bytes, right.bytes)
      : undefined;
  }
  const [a, b] = [numeric(left), numeric(right)];
  const compared = compareExactly(operator, a, b);
  if (compared !== undefined) return { kind: 'boolean', value: compared };
  const value = arithmetic(operator, a, b);
  return typeof value === 'bigint' ? integerConstant(value) : value;
}

export function numeric(constant: Constant & { kind: 'integer' | 'boolean' }): bigint {
  return constant.kind === 'integer' ? constant.value : constant.value ? 1n : 0n;
}

function arithmetic(operator: BinaryOperator, a: bigint, b: bigint): bigint | FoldProblem | undefined {
  switch (operator) {
    case '/':
    case '%':
      return computeExactly(operator, a, b) ?? 'division by zero';
    case '<<':
      return b < 0n || b > 63n ? undefined : a << b;
    case '>>':
      return b < 0n || b > 63n ? undefined : BigInt.asUintN(64, a) >> b;
    default:
      return computeExactly(operator, a, b);
  }
}

function foldStrings(operator: BinaryOperator, left: Uint8Array, right: Uint8Array): Constant | undefined {
  if (operator === '+') {
    const bytes = new Uint8Array(left.length + right.length);
    bytes.set(left);
    bytes.set(right, left.length);
    return { kind: 'string', bytes };
  }
  const value = compareExactly(operator, latin1(left), latin1(right));
  return value === undefined ? undefined : { kind: 'boolean', value };
}

/** One character a byte, so that text comparison is byte comparison. */
export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
