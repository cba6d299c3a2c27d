/** `rN op= ...` and `rN = ...`: arithmetic, moves, loads, everything that gives a register a value. */
import { instruction, reg } from '../build/operand.ts';
import { ALU_SIGNS } from '../disasm/format.ts';
import type { Instruction } from '../instruction.ts';
import { isOpName, type OpName } from '../opcodes.ts';
import { atomicValue } from './atomic.ts';
import type { Cursor } from './cursor.ts';
import {
  acceptNumber,
  acceptRegister,
  expectBounded,
  expectNumber,
  expectPlace,
  expectPointerCast,
  expectRegisterOf,
  type RegisterOperand,
  toImmediate,
} from './operand.ts';
import { wideValue } from './wide.ts';

// Longest first: `<<=` before `<`, `s>>=` before `s`.
const ASSIGNMENTS: readonly (readonly [sign: string, operation: string])[] = Object.entries(ALU_SIGNS)
  .map(([operation, sign]) => [sign, operation] as const)
  .sort((a, b) => b[0].length - a[0].length);

/** Parses the rest of a line that began with a register. `opcode`: the byte that a log line gave before it. */
export function assignment(cursor: Cursor, dst: RegisterOperand, opcode: number | undefined): Instruction {
  for (const [sign, operation] of ASSIGNMENTS) {
    if (!cursor.accept(sign)) continue;
    return operation === 'mov' ? value(cursor, dst, opcode) : arithmetic(cursor, dst, operation, opcode);
  }
  return cursor.fail("expected '=' or an assignment operator such as '+='");
}

function arithmetic(
  cursor: Cursor,
  dst: RegisterOperand,
  operation: string,
  opcode: number | undefined,
): Instruction {
  const stem = `${operation}${dst.bits}`;
  const start = cursor.at;
  const src = acceptRegister(cursor);
  if (src !== undefined) {
    if (src.bits !== dst.bits) cursor.fail('both registers have the same width', start);
    return alu(`${stem}_x`, dst, { src: reg(src.number) });
  }
  return alu(`${stem}_k`, dst, { imm: toImmediate(cursor, expectNumber(cursor), canWrap(dst, opcode)) });
}

function alu(
  op: string,
  dst: RegisterOperand,
  fields: { src?: ReturnType<typeof reg>; imm?: number },
): Instruction {
  if (!isOpName(op)) throw new Error(`no opcode ${op}`);
  return instruction(op, { dst: reg(dst.number), ...fields });
}

/** In 32 bits `0xffffffff` is -1; in 64 bits it would be another number, unless a log line says which bits they are. */
function canWrap(dst: RegisterOperand, opcode: number | undefined): boolean {
  return dst.bits === 32 || opcode !== undefined;
}

function value(cursor: Cursor, dst: RegisterOperand, opcode: number | undefined): Instruction {
  const to = reg(dst.number);
  if (cursor.accept('-r') || cursor.accept('-w')) return negation(cursor, dst);
  const extend = cursor.take(/\(s(8|16|32)\)/y);
  if (extend !== undefined) return extension(cursor, dst, Number(extend[1]));
  if (cursor.accept('*')) return load(cursor, dst);
  const swap = cursor.take(/(le|be|bswap)(16|32|64)(?!\w)/y);
  if (swap !== undefined) {
    const start = cursor.at;
    const src = expectRegisterOf(cursor, 64);
    if (src !== dst.number || dst.bits !== 64)
      cursor.fail(`a byte swap is in place: r${dst.number} = ${swap[0]} r${dst.number}`, start);
    return instruction(`${swap[1]}${swap[2]}` as OpName, { dst: to });
  }
  if (cursor.take(/addr_space_cast\(/y) !== undefined) return cast(cursor, dst);
  const atomic = atomicValue(cursor, dst);
  if (atomic !== undefined) return atomic;
  const start = cursor.at;
  const src = acceptRegister(cursor);
  if (src !== undefined) {
    if (src.bits !== dst.bits) cursor.fail('both registers have the same width', start);
    return instruction(dst.bits === 64 ? 'mov64_x' : 'mov32_x', { dst: to, src: reg(src.number) });
  }
  return constant(cursor, dst, opcode);
}

function constant(cursor: Cursor, dst: RegisterOperand, opcode: number | undefined): Instruction {
  const wide = wideValue(cursor, dst);
  if (wide !== undefined) return wide;
  const number = acceptNumber(cursor) ?? cursor.fail('expected a register, a number or a load');
  const isWide = cursor.take(/ll(?!\w)/y) !== undefined || opcode === 0x18;
  if (!isWide) {
    const imm = toImmediate(cursor, number, canWrap(dst, opcode));
    return instruction(dst.bits === 64 ? 'mov64_k' : 'mov32_k', { dst: reg(dst.number), imm });
  }
  if (dst.bits !== 64) cursor.fail('a wide number needs a 64-bit register', number.start);
  if (number.value < -(2n ** 63n) || number.value >= 2n ** 64n) {
    cursor.fail(`${number.value} does not fit 64 bits`, number.start);
  }
  const imm = Number(BigInt.asIntN(32, number.value));
  const immHigh = Number(BigInt.asIntN(32, number.value >> 32n));
  return instruction('lddw', { dst: reg(dst.number), imm, immHigh });
}

function negation(cursor: Cursor, dst: RegisterOperand): Instruction {
  const start = cursor.at;
  const number = cursor.take(/\d+(?!\w)/y)?.[0];
  if (Number(number) !== dst.number) cursor.fail('negation is in place: rN = -rN', start);
  return instruction(dst.bits === 64 ? 'neg64' : 'neg32', { dst: reg(dst.number) });
}

function extension(cursor: Cursor, dst: RegisterOperand, width: number): Instruction {
  const start = cursor.at;
  const src = expectRegisterOf(cursor, dst.bits);
  const op = `movsx${width}_${dst.bits}`;
  if (!isOpName(op)) return cursor.fail('a 32-bit move extends from 8 or 16 bits', start);
  return instruction(op, { dst: reg(dst.number), src: reg(src) });
}

function load(cursor: Cursor, dst: RegisterOperand): Instruction {
  const start = cursor.at;
  const { bytes, isSigned } = expectPointerCast(cursor);
  if (cursor.take(/skb\s*\[/y) !== undefined) return packetLoad(cursor, dst, bytes);
  cursor.expect('(');
  const { base, off } = expectPlace(cursor);
  cursor.expect(')');
  const op = `${isSigned ? 'ldsx' : 'ldx'}${bytes * 8}`;
  if (!isOpName(op)) return cursor.fail('a sign-extending load has 8, 16 or 32 bits', start);
  if (dst.bits === 32 && (isSigned || bytes === 8)) cursor.fail('this load fills a 64-bit register', start);
  return instruction(op, { dst: reg(dst.number), src: reg(base), off });
}

function packetLoad(cursor: Cursor, dst: RegisterOperand, bytes: number): Instruction {
  if (dst.number !== 0 || bytes === 8) cursor.fail('packet loads fill r0 with 8, 16 or 32 bits');
  const src = acceptRegister(cursor);
  if (src === undefined) {
    const imm = toImmediate(cursor, expectNumber(cursor), false);
    cursor.expect(']');
    return instruction(`ldabs${bytes * 8}` as OpName, { imm });
  }
  cursor.accept('+');
  const number = acceptNumber(cursor);
  const imm = number === undefined ? 0 : toImmediate(cursor, number, false);
  cursor.expect(']');
  return instruction(`ldind${bytes * 8}` as OpName, { src: reg(src.number), imm });
}

function cast(cursor: Cursor, dst: RegisterOperand): Instruction {
  const src = expectRegisterOf(cursor, 64);
  cursor.expect(',');
  const to = expectBounded(cursor, 0, 0xffff, 'address space');
  cursor.expect(',');
  const from = expectBounded(cursor, 0, 0xffff, 'address space');
  cursor.expect(')');
  if (dst.bits !== 64) cursor.fail('a cast fills a 64-bit register');
  return instruction('addr_space_cast', { dst: reg(dst.number), src: reg(src), imm: (to << 16) | from });
}
