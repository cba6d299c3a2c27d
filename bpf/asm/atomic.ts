/** Atomic operations in the kernel's spelling and in LLVM's. */
import { instruction, reg } from '../build/operand.ts';
import type { Instruction } from '../instruction.ts';
import { isOpName, type OpName } from '../opcodes.ts';
import type { Cursor } from './cursor.ts';
import {
  expectPlace,
  expectRegister,
  expectSizedPlace,
  type Place,
  type RegisterOperand,
  type SizedPlace,
} from './operand.ts';

const LOCKED: Readonly<Record<string, string>> = { '+': 'add', '|': 'or', '&': 'and', '^': 'xor' };

/** `lock *(u64 *)(r1 + 0) += r2`, after `lock`. */
export function lockedUpdate(cursor: Cursor): Instruction {
  cursor.expect('*');
  const start = cursor.at;
  const { base, off, bytes, isSigned } = expectSizedPlace(cursor);
  if (bytes < 4 || isSigned) cursor.fail('atomic operations have 32 or 64 bits', start);
  const sign = cursor.take(/([+|&^])=/y) ?? cursor.fail("expected '+=', '|=', '&=' or '^='");
  const src = valueRegister(cursor, bytes);
  return instruction(`atomic_${LOCKED[sign[1]!]}${bytes * 8}` as OpName, {
    dst: reg(base),
    off,
    src: reg(src),
  });
}

/** `store_release((u64 *)(r1 + 0), r2)`, after the name. */
export function storeRelease(cursor: Cursor): Instruction {
  cursor.expect('(');
  const { base, off, bytes } = expectUnsigned(cursor);
  cursor.expect(',');
  const src = valueRegister(cursor, bytes);
  cursor.expect(')');
  return instruction(`store_release${bytes * 8}` as OpName, { dst: reg(base), off, src: reg(src) });
}

/** What follows `rN =` when it is an atomic operation: fetch, exchange, compare-exchange, load-acquire. */
export function atomicValue(cursor: Cursor, dst: RegisterOperand): Instruction | undefined {
  if (cursor.take(/load_acquire\(/y) !== undefined) return loadAcquire(cursor, dst);
  const fetch = cursor.take(/atomic(64)?_(fetch_(?:add|or|and|xor)|xchg|cmpxchg)\(/y);
  if (fetch !== undefined) {
    const start = cursor.at;
    const place = expectUnsigned(cursor);
    if (place.bytes < 4) cursor.fail('atomic operations have 32 or 64 bits', start);
    if (fetch[1] !== undefined && place.bytes !== 8) cursor.fail('atomic64 operations have 64 bits', start);
    return exchange(cursor, dst, fetch[2]!, place, place.bytes as 4 | 8);
  }
  const bare = cursor.take(/(xchg|cmpxchg)(32_32|_64)\(/y);
  if (bare === undefined) return undefined;
  return exchange(cursor, dst, bare[1]!, expectPlace(cursor), bare[2] === '_64' ? 8 : 4);
}

/** From the comma after the place to the closing parenthesis. */
function exchange(
  cursor: Cursor,
  dst: RegisterOperand,
  what: string,
  place: Place,
  bytes: 4 | 8,
): Instruction {
  cursor.expect(',');
  if (what === 'cmpxchg') {
    const start = cursor.at;
    if (valueRegister(cursor, bytes) !== 0 || dst.number !== 0) {
      cursor.fail('compare-exchange compares with r0 and gives the old value in r0', start);
    }
    cursor.expect(',');
  }
  const start = cursor.at;
  const src = valueRegister(cursor, bytes);
  cursor.expect(')');
  if (what !== 'cmpxchg' && src !== dst.number) {
    cursor.fail(`the old value lands in the source register: r${src} = ...`, start);
  }
  const op = `atomic_${what}${bytes * 8}`;
  if (!isOpName(op)) throw new Error(`no opcode ${op}`);
  return instruction(op, { dst: reg(place.base), off: place.off, src: reg(src) });
}

function loadAcquire(cursor: Cursor, dst: RegisterOperand): Instruction {
  const { base, off, bytes } = expectUnsigned(cursor);
  cursor.expect(')');
  return instruction(`load_acquire${bytes * 8}` as OpName, { dst: reg(dst.number), src: reg(base), off });
}

function expectUnsigned(cursor: Cursor): SizedPlace {
  const start = cursor.at;
  const place = expectSizedPlace(cursor);
  if (place.isSigned) cursor.fail('ordered and atomic accesses are unsigned', start);
  return place;
}

/** Both spellings are in use for 32 bits: the kernel's `r2`, LLVM's `w2`. */
function valueRegister(cursor: Cursor, bytes: number): RegisterOperand['number'] {
  const start = cursor.at;
  const { number, bits } = expectRegister(cursor);
  if (bytes === 8 && bits === 32) cursor.fail(`expected r${number}: 64 bits are accessed`, start);
  return number;
}
