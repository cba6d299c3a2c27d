/** Constant expressions of C: enumerator values, array sizes, bitfield widths and `#if`. */
import type { CCursor } from './cursor.ts';
import { binary, type CValue, cBytes, cNumber, commonType, cValue, ZERO } from './value.ts';

/** What differs between `#if` and declarations. */
export interface ConstantNames {
  /** Value of a word; undefined when it has none. */
  word(name: string): CValue | undefined;
  /** `sizeof` and its kin, with the cursor behind the word; undefined when they are not for here. */
  measure?(word: string, cursor: CCursor): CValue;
  /** Reads a type in parentheses, the `(` already taken, up to and with the `)`; undefined when there is none. */
  castType?(cursor: CCursor): { readonly size: number; readonly signed: boolean } | undefined;
  /** `#if` takes words without a value for 0. */
  readonly unknownIsZero: boolean;
}

const LEVELS: readonly (readonly string[])[] = [
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const MEASURES: ReadonlySet<string> = new Set([
  'sizeof',
  '_Alignof',
  '__alignof__',
  'alignof',
  'offsetof',
  '__builtin_offsetof',
]);

/** @throws CFault when it is no constant expression, the complaint made */
export function constantExpression(cursor: CCursor, names: ConstantNames): CValue {
  return cursor.nested(() => ternary(cursor, names));
}

function ternary(cursor: CCursor, names: ConstantNames): CValue {
  const condition = logical(cursor, names, '||');
  if (cursor.accept('?') === undefined) return condition;
  const then = cursor.is(':') ? condition : constantExpression(cursor, names);
  cursor.expect(':');
  const otherwise = constantExpression(cursor, names);
  const { bits, signed } = commonType(then, otherwise);
  return cValue((condition.value !== 0n ? then : otherwise).value, bits, signed);
}

function logical(cursor: CCursor, names: ConstantNames, operator: '||' | '&&'): CValue {
  const operand = (): CValue =>
    operator === '||' ? logical(cursor, names, '&&') : binaryLevel(cursor, names, 0);
  let value = operand();
  while (cursor.accept(operator) !== undefined) {
    const right = operand();
    const [a, b] = [value.value !== 0n, right.value !== 0n];
    value = cValue((operator === '||' ? a || b : a && b) ? 1n : 0n);
  }
  return value;
}

function binaryLevel(cursor: CCursor, names: ConstantNames, level: number): CValue {
  const operators = LEVELS[level];
  if (operators === undefined) return unary(cursor, names);
  let value = binaryLevel(cursor, names, level + 1);
  for (;;) {
    const { text, kind } = cursor.peek();
    if (kind !== 'punctuator' || !operators.includes(text)) return value;
    cursor.next();
    const right = binaryLevel(cursor, names, level + 1);
    // Of a division by zero in a branch not taken nothing depends; elsewhere the reader of the value complains.
    value =
      binary(text, value, right) ?? (names.unknownIsZero ? ZERO : cursor.fail('a divisor that is not 0'));
  }
}

function unary(cursor: CCursor, names: ConstantNames): CValue {
  const { text, kind } = cursor.peek();
  if (kind === 'punctuator' && ['-', '+', '~', '!'].includes(text)) {
    cursor.next();
    const value = cursor.nested(() => unary(cursor, names));
    switch (text) {
      case '-':
        return cValue(-value.value, value.bits, value.signed);
      case '~':
        return cValue(~value.value, value.bits, value.signed);
      case '!':
        return cValue(value.value === 0n ? 1n : 0n);
      default:
        return value;
    }
  }
  return primary(cursor, names);
}

function primary(cursor: CCursor, names: ConstantNames): CValue {
  const token = cursor.peek();
  switch (token.kind) {
    case 'number': {
      const value = cNumber(token.text) ?? cursor.fail('an integer');
      cursor.next();
      return value;
    }
    case 'character': {
      const bytes = cBytes(token.text);
      if (bytes === undefined || bytes.length === 0) return cursor.fail('a character');
      cursor.next();
      return cValue(BigInt.asIntN(8, BigInt(bytes.at(-1)!)));
    }
    case 'word':
      return word(cursor, names);
    default:
      if (cursor.accept('(') === undefined) return cursor.fail('a constant');
      return parenthesised(cursor, names);
  }
}

function parenthesised(cursor: CCursor, names: ConstantNames): CValue {
  const cast = names.castType?.(cursor);
  if (cast !== undefined)
    return castTo(
      cast,
      cursor.nested(() => unary(cursor, names)),
    );
  const value = constantExpression(cursor, names);
  cursor.expect(')');
  return value;
}

function castTo({ size, signed }: { size: number; signed: boolean }, { value }: CValue): CValue {
  const bits = size * 8;
  const narrow = signed ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value);
  // What is narrower than int becomes one.
  return bits < 32 ? cValue(narrow) : cValue(narrow, bits === 32 ? 32 : 64, signed);
}

function word(cursor: CCursor, names: ConstantNames): CValue {
  const { text } = cursor.peek();
  if (names.measure !== undefined && MEASURES.has(text)) {
    cursor.next();
    return names.measure(text, cursor);
  }
  const value = names.word(text) ?? (names.unknownIsZero ? ZERO : undefined);
  if (value === undefined) return cursor.fail('a constant');
  cursor.next();
  return value;
}
