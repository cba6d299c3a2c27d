/** Registers, numbers, memory places and names of the assembler's text. */
import type { Register } from '../instruction.ts';
import type { Cursor } from './cursor.ts';

/** `r3` is 64 bits wide, `w3` its lower half. */
export interface RegisterOperand {
  readonly number: Register;
  readonly bits: 32 | 64;
}

/** Letters, digits and what C, ELF and LLVM put into symbols. */
export const NAME: RegExp = /[A-Za-z_.$][\w.$]*/y;

/** Takes a register if one is next. */
export function acceptRegister(cursor: Cursor): RegisterOperand | undefined {
  const start = cursor.at;
  const match = cursor.take(/([rw])(\d+)(?!\w)/y);
  if (match === undefined) {
    if (cursor.take(/fp(?!\w)/y) !== undefined) return { number: 10, bits: 64 };
    return undefined;
  }
  const number = Number(match[2]);
  if (number > 10) cursor.fail(`no register ${match[0]}; the last is r10`, start);
  return { number: number as Register, bits: match[1] === 'w' ? 32 : 64 };
}

export function expectRegister(cursor: Cursor): RegisterOperand {
  return acceptRegister(cursor) ?? cursor.fail('expected a register');
}

/** A register of this width. */
export function expectRegisterOf(cursor: Cursor, bits: 32 | 64): Register {
  const start = cursor.at;
  const register = expectRegister(cursor);
  if (register.bits !== bits) {
    const letter = bits === 64 ? 'r' : 'w';
    cursor.fail(`expected ${letter}${register.number}: both sides have the same width`, start);
  }
  return register.number;
}

export interface NumberOperand {
  readonly value: bigint;
  readonly isHex: boolean;
  readonly start: number;
}

/** Takes a decimal or hexadecimal number, with a sign, if one is next. */
export function acceptNumber(cursor: Cursor): NumberOperand | undefined {
  const start = cursor.at;
  const match = cursor.take(/([+-]?)\s*(0[xX][0-9a-fA-F]{1,32}|\d{1,32})(?![\w])/y);
  if (match === undefined) return undefined;
  const magnitude = BigInt(match[2]!);
  const isHex = /^0x/i.test(match[2]!);
  return { value: match[1] === '-' ? -magnitude : magnitude, isHex, start };
}

export function expectNumber(cursor: Cursor): NumberOperand {
  return acceptNumber(cursor) ?? cursor.fail('expected a number');
}

/**
 * The number as a signed 32-bit immediate. `wrap`: a hexadecimal number names the 32 bits themselves, as the kernel
 * prints conditions.
 */
export function toImmediate(cursor: Cursor, { value, isHex, start }: NumberOperand, wrap: boolean): number {
  if (value >= -0x8000_0000n && value <= 0x7fff_ffffn) return Number(value);
  if (wrap && isHex && value >= 0n && value <= 0xffff_ffffn) return Number(BigInt.asIntN(32, value));
  return cursor.fail(`${value} does not fit 32 bits, sign-extended`, start, [
    'load it into a register first: rN = VALUE ll',
  ]);
}

/** A number within bounds. */
export function expectBounded(cursor: Cursor, min: number, max: number, what: string): number {
  const { value, start } = expectNumber(cursor);
  if (value < BigInt(min) || value > BigInt(max)) {
    cursor.fail(`${what} ${value} is not within ${min} ... ${max}`, start);
  }
  return Number(value);
}

export function expectName(cursor: Cursor): string {
  return cursor.take(NAME)?.[0] ?? cursor.fail('expected a name');
}

export interface Place {
  readonly base: Register;
  readonly off: number;
}

/** `(r10 - 8)`, `(r10 -8)`, `(r1)`: a base register and a 16-bit offset, without the parentheses. */
export function expectPlace(cursor: Cursor): Place {
  const base = expectRegisterOf(cursor, 64);
  const start = cursor.at;
  const number = acceptNumber(cursor);
  if (number === undefined) return { base, off: 0 };
  if (number.value < -0x8000n || number.value > 0x7fffn) {
    cursor.fail(`offset ${number.value} is not within -32768 ... 32767`, start);
  }
  return { base, off: Number(number.value) };
}

export interface SizedPlace extends Place {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly isSigned: boolean;
}

/** `(u32 *)(r10 - 8)` or `(s8 *)(r1 + 0)`. */
export function expectSizedPlace(cursor: Cursor): SizedPlace {
  const { bytes, isSigned } = expectPointerCast(cursor);
  cursor.expect('(');
  const place = expectPlace(cursor);
  cursor.expect(')');
  return { ...place, bytes, isSigned };
}

/** `(u32 *)`. */
export function expectPointerCast(cursor: Cursor): {
  readonly bytes: 1 | 2 | 4 | 8;
  readonly isSigned: boolean;
} {
  const match =
    cursor.take(/\(\s*([us])(8|16|32|64)\s*\*\s*\)/y) ??
    cursor.fail('expected a size: (u8 *), (u16 *), (u32 *), (u64 *) or signed ones');
  return { bytes: (Number(match[2]) / 8) as 1 | 2 | 4 | 8, isSigned: match[1] === 's' };
}
