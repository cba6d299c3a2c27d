/** Jumps, calls and stores: statements that do not begin with a register. */
import { instruction, reg } from '../build/operand.ts';
import { CONDITION_SIGNS } from '../disasm/format.ts';
import { CallKind } from '../fields.ts';
import { findHelper } from '../helpers/index.ts';
import type { Instruction, Reference } from '../instruction.ts';
import { isOpName, type OpName } from '../opcodes.ts';
import type { Cursor } from './cursor.ts';
import {
  acceptNumber,
  acceptRegister,
  expectBounded,
  expectNumber,
  expectRegister,
  expectRegisterOf,
  expectSizedPlace,
  NAME,
  toImmediate,
} from './operand.ts';

const CONDITIONS: readonly (readonly [sign: string, operation: string])[] = Object.entries(CONDITION_SIGNS)
  .map(([operation, sign]) => [sign, operation] as const)
  .sort((a, b) => b[0].length - a[0].length);

/** `if r1 s> 3 goto out`, after `if`. */
export function conditional(cursor: Cursor): Instruction {
  const left = expectRegister(cursor);
  const sign = CONDITIONS.find(([text]) => cursor.accept(text));
  if (sign === undefined) return cursor.fail("expected a comparison such as '==' or 's>'");
  const stem = `${sign[1]}${left.bits === 32 ? '32' : ''}`;
  const start = cursor.at;
  const right = acceptRegister(cursor);
  if (right !== undefined && right.bits !== left.bits)
    cursor.fail('both registers have the same width', start);
  const operand =
    right === undefined
      ? { imm: toImmediate(cursor, expectNumber(cursor), true) }
      : { src: reg(right.number) };
  if (cursor.take(/goto(?!\w)/y) === undefined) cursor.fail("expected 'goto'");
  const op = `${stem}_${right === undefined ? 'k' : 'x'}`;
  if (!isOpName(op)) throw new Error(`no opcode ${op}`);
  return instruction(op, { dst: reg(left.number), ...operand, ...target(cursor, 16, 'off') });
}

/** `goto`, `gotol`, `may_goto` with their target. */
export function jump(cursor: Cursor, op: 'ja' | 'ja32' | 'may_goto'): Instruction {
  return instruction(op, op === 'ja32' ? target(cursor, 32, 'imm') : target(cursor, 16, 'off'));
}

/** `callx r1`, `gotox r1`. */
export function indirect(cursor: Cursor, op: 'callx' | 'gotox'): Instruction {
  return instruction(op, { dst: reg(expectRegisterOf(cursor, 64)) });
}

type TargetFields = { readonly off: number } | { readonly imm: number } | { readonly ref: Reference };

function target(cursor: Cursor, bits: 16 | 32, field: 'off' | 'imm'): TargetFields {
  cursor.take(/pc\s*(?=[+-])/y);
  const start = cursor.at;
  const number = acceptNumber(cursor);
  if (number === undefined) {
    const name = cursor.take(NAME)?.[0] ?? cursor.fail('expected a label or a distance');
    return { ref: { kind: 'label', name } };
  }
  const limit = 2n ** BigInt(bits - 1);
  if (number.value < -limit || number.value >= limit) {
    cursor.fail(`distance ${number.value} does not fit ${bits} bits`, start);
  }
  // llvm-objdump names the place after the distance.
  cursor.take(/<[^>]*>/y);
  return field === 'off' ? { off: Number(number.value) } : { imm: Number(number.value) };
}

/** What names a call may mean, by the text they stand in. */
export interface CallNames {
  /** Functions and programs of the text; undefined when calls to elsewhere are welcome. */
  readonly functions: ReadonlySet<string> | undefined;
  readonly kfuncs: ReadonlySet<string>;
}

/** `call 6`, `call bpf_trace_printk`, `call name`, `call pc+3`, `call kfunc#12@1`, after `call`. */
export function call(cursor: Cursor, names: CallNames): Instruction {
  if (cursor.take(/pc\s*(?=[+-])/y) !== undefined) {
    return instruction('call', { src: CallKind.local, imm: callNumber(cursor) });
  }
  if (cursor.take(/kfunc#/y) !== undefined) {
    const imm = callNumber(cursor);
    const off = cursor.accept('@') ? expectBounded(cursor, -0x8000, 0x7fff, 'BTF file') : 0;
    return instruction('call', { src: CallKind.kfunc, imm, off });
  }
  const start = cursor.at;
  const name = cursor.take(NAME)?.[0];
  if (name === undefined) return instruction('call', { imm: callNumber(cursor) });
  const number = cursor.accept('#') ? callNumber(cursor) : undefined;
  if (name === 'unknown' && number !== undefined) return instruction('call', { imm: number });
  return named(cursor, name, number, start, names);
}

function named(
  cursor: Cursor,
  name: string,
  number: number | undefined,
  start: number,
  names: CallNames,
): Instruction {
  if (names.functions?.has(name)) return callFunction(name);
  if (names.kfuncs.has(name))
    return instruction('call', { src: CallKind.kfunc, ref: { kind: 'kfunc', name } });
  const helper = findHelper(name);
  if (helper !== undefined) {
    if (number !== undefined && number !== helper.id) {
      cursor.fail(`${name} is helper ${helper.id}, not ${number}`, start);
    }
    return instruction('call', { imm: helper.id });
  }
  if (number !== undefined) return instruction('call', { src: CallKind.kfunc, ref: { kind: 'kfunc', name } });
  if (names.functions === undefined) return callFunction(name);
  return cursor.fail(`no function or helper '${name}'`, start, [
    `define it with .func ${name}, or declare a kernel function with .kfunc ${name}`,
  ]);
}

function callFunction(name: string): Instruction {
  return instruction('call', { src: CallKind.local, ref: { kind: 'function', name } });
}

function callNumber(cursor: Cursor): number {
  return expectBounded(cursor, -0x8000_0000, 0x7fff_ffff, 'number');
}

/** `*(u64 *)(r10 - 8) = r1` or `= 5`, after `*`. */
export function store(cursor: Cursor): Instruction {
  const start = cursor.at;
  const { base, off, bytes, isSigned } = expectSizedPlace(cursor);
  if (isSigned) cursor.fail('stores have no sign: write (u8 *), (u16 *), ...', start);
  cursor.expect('=');
  const at = cursor.at;
  const src = acceptRegister(cursor);
  const place = { dst: reg(base), off };
  if (src === undefined) {
    const imm = toImmediate(cursor, expectNumber(cursor), bytes < 8);
    return instruction(`st${bytes * 8}` as OpName, { ...place, imm });
  }
  if (bytes === 8 && src.bits === 32) cursor.fail(`expected r${src.number}: 64 bits are stored`, at);
  return instruction(`stx${bytes * 8}` as OpName, { ...place, src: reg(src.number) });
}
