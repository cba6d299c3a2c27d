/**
 * Arithmetic of print formats: 64-bit unsigned throughout, as libtraceevent has it. Fields are read without their sign; the
 * conversion that prints a value gives it back one (`%d` of a 32-bit field).
 */
import type { BinaryOperator, UnaryOperator } from './expression.ts';

const MASK = 0xffff_ffff_ffff_ffffn;

export function applyUnary(operator: UnaryOperator, value: bigint): bigint {
  switch (operator) {
    case '!':
      return value === 0n ? 1n : 0n;
    case '~':
      return ~value & MASK;
    case '-':
      return -value & MASK;
    case '+':
      return value;
  }
}

/** Division by zero gives 0, shifts count modulo 64 as the hardware does. */
export function applyBinary(operator: BinaryOperator, left: bigint, right: bigint): bigint {
  switch (operator) {
    case '*':
      return (left * right) & MASK;
    case '/':
      return right === 0n ? 0n : left / right;
    case '%':
      return right === 0n ? 0n : left % right;
    case '+':
      return (left + right) & MASK;
    case '-':
      return (left - right) & MASK;
    case '<<':
      return (left << (right & 63n)) & MASK;
    case '>>':
      return left >> (right & 63n);
    case '<':
      return left < right ? 1n : 0n;
    case '>':
      return left > right ? 1n : 0n;
    case '<=':
      return left <= right ? 1n : 0n;
    case '>=':
      return left >= right ? 1n : 0n;
    case '==':
      return left === right ? 1n : 0n;
    case '!=':
      return left !== right ? 1n : 0n;
    case '&':
      return left & right;
    case '^':
      return left ^ right;
    case '|':
      return left | right;
    case '&&':
      return left !== 0n && right !== 0n ? 1n : 0n;
    case '||':
      return left !== 0n || right !== 0n ? 1n : 0n;
  }
}

const CAST_BITS: ReadonlyMap<string, number> = new Map([
  ['u8', 8],
  ['s8', 8],
  ['char', 8],
  ['u16', 16],
  ['s16', 16],
  ['short', 16],
  ['u32', 32],
  ['s32', 32],
  ['int', 32],
]);

/** Bits a cast to the type keeps; 64 where it changes nothing. */
export function castBits(type: string): number {
  if (type.endsWith('*') || type.startsWith('struct')) return 64;
  const plain = type.startsWith('unsigned ') ? type.slice(9) : type;
  return CAST_BITS.get(plain) ?? 64;
}

export function castTo(type: string, value: bigint): bigint {
  const bits = castBits(type);
  return bits === 64 ? value : BigInt.asUintN(bits, value);
}
