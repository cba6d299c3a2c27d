/** One statement of assembler text -> one instruction. The inverse of `disasm/format.ts`. */
import { instruction } from '../build/operand.ts';
import type { Instruction } from '../instruction.ts';
import { opcodeOf } from '../opcodes.ts';
import { assignment } from './assign.ts';
import { lockedUpdate, storeRelease } from './atomic.ts';
import { type CallNames, call, conditional, indirect, jump, store } from './branch.ts';
import type { Cursor } from './cursor.ts';
import { acceptRegister } from './operand.ts';

/**
 * Parses a statement up to the end of the line. What logs and dumps print before it is skipped: `12:`, bytes, `(b7)`; an
 * opcode so given must be the statement's.
 */
export function statement(cursor: Cursor, names: CallNames): Instruction {
  cursor.take(/(?:[0-9a-fA-F]{2} ){7}[0-9a-fA-F]{2}(?: (?:[0-9a-fA-F]{2} ){7}[0-9a-fA-F]{2})?(?=\s)/y);
  const start = cursor.at;
  const prefix = cursor.take(/\(([0-9a-fA-F]{2})\)/y);
  const opcode = prefix === undefined ? undefined : Number.parseInt(prefix[1]!, 16);
  const parsed = body(cursor, opcode, names);
  cursor.finish();
  const actual = opcodeOf(parsed.op).opcode;
  if (opcode !== undefined && opcode !== actual) {
    cursor.fail(`the text means opcode ${actual.toString(16).padStart(2, '0')}, not ${prefix![1]}`, start);
  }
  return parsed;
}

function body(cursor: Cursor, opcode: number | undefined, names: CallNames): Instruction {
  const start = cursor.at;
  const register = acceptRegister(cursor);
  if (register !== undefined) return assignment(cursor, register, opcode);
  if (cursor.accept('*')) return store(cursor);
  const word = cursor.take(/[a-z_]+(?!\w)/y)?.[0];
  switch (word) {
    case 'if':
      return conditional(cursor);
    case 'goto':
      return jump(cursor, 'ja');
    case 'gotol':
      return jump(cursor, 'ja32');
    case 'may_goto':
      return jump(cursor, 'may_goto');
    case 'call':
      return call(cursor, names);
    case 'callx':
    case 'gotox':
      return indirect(cursor, word);
    case 'exit':
      return instruction('exit', {});
    case 'lock':
      return lockedUpdate(cursor);
    case 'store_release':
      return storeRelease(cursor);
    default:
      return cursor.fail(
        word === undefined ? 'expected an instruction' : `unknown instruction '${word}'`,
        word === undefined ? undefined : start,
      );
  }
}
