/** str, str_concat and strcap: copies of strings. */

import type { Checker } from '../check/checker.ts';
import { literal, warnMissing } from '../check/expressions.ts';
import { spaceOf } from '../check/spaces.ts';
import { argumentLiteral, argumentType, lengthClamped } from '../diagnostics/messages.gen.ts';
import type { Operand, Value } from '../ir/ir.ts';
import { address, placeOf, scalar } from '../lower/expressions.ts';
import { lengthValue } from '../lower/length.ts';
import type { Lowering } from '../lower/lowering.ts';
import { into } from '../lower/memory.ts';
import type { Place } from '../lower/place.ts';
import { readMemory } from '../lower/read-memory.ts';
import type { Expression } from '../syntax/ast.ts';
import { INT64, string } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import type { Type } from '../types/type.ts';
import type { CallSite, LibraryEntry } from './entry.ts';
import { checkText, SEARCH_ENTRIES } from './string-search.ts';

const str: LibraryEntry = {
  name: 'str',
  kind: 'function',
  signature: 'str(pointer[, length])',
  doc: 'Copies a NUL-terminated string, at most max_strlen bytes.',
  arguments: { min: 1, max: 2 },
  check: (call, checker) => {
    const [source, length] = call.args;
    const parameter = parameterText(checker, source!);
    const type = parameter === undefined ? checker.valueType(source!) : undefined;
    const size = sizeOf(checker, call);
    if (parameter !== undefined) {
      const text = new TextEncoder().encode(parameter);
      return literal(checker, call.node, {
        kind: 'string',
        bytes: text.subarray(0, (size ?? 1) - (length === undefined ? 0 : 1)),
      });
    }
    if (type === undefined || size === undefined) return undefined;
    const constant = checker.constant(source!);
    if (constant?.kind === 'string') {
      return literal(checker, call.node, { kind: 'string', bytes: constant.bytes.subarray(0, size - 1) });
    }
    if (type.kind === 'string') return length === undefined ? type : string(Math.min(size, type.size));
    return checkPointer(checker, call, type, size);
  },
  into: ({ args: [source, length] }, low, place, type) => {
    const from = low.type(source!);
    const whole = length === undefined || (low.constant(length) !== undefined && from.size <= type.size);
    if (from.kind === 'string' && whole) {
      into(low, source!, place, type);
      return;
    }
    const text = from.kind === 'string' ? address(low, placeOf(low, source!)) : scalar(low, source!);
    const size = readSize(low, length, type);
    const user = from.kind !== 'string' && spaceOf(from, low.unit) === 'user';
    if (place.stack || !place.loose) low.b.zero(place.base, place.offset, type.size, place.align);
    readText(low, place, size, text, user);
  },
};

/** Bytes copied, the NUL included, or an error. */
function readText(low: Lowering, place: Place, size: Operand, from: Operand, user = false): Value {
  return readMemory(low, { to: address(low, place), size, from, user, text: true });
}

function sizeOf(checker: Checker, { args: [, length] }: CallSite): number | undefined {
  const { maxStrlen } = checker.model.settings;
  if (length === undefined) return maxStrlen;
  checker.valueType(length);
  const constant = checker.constant(length);
  if (constant === undefined) return checkLength(checker, length, maxStrlen);
  if (constant.kind === 'integer' && constant.value > BigInt(maxStrlen))
    checker.report(lengthClamped(length.span, { given: constant.value, limit: maxStrlen }));
  if (constant.kind === 'integer' && constant.value >= 0n)
    return Math.min(Number(constant.value) + 1, maxStrlen);
  checker.report(argumentLiteral(length.span, { name: 'str', wanted: 'a non-negative length' }));
  return undefined;
}

/** A length known at run time: cut to what the buffer holds. */
function checkLength(checker: Checker, length: Expression, maxStrlen: number): number | undefined {
  const type = checker.type(length);
  if (type === undefined || type.kind === 'integer') return maxStrlen;
  checker.report(argumentType(length.span, { name: 'str', wanted: 'integer', found: typeName(type) }));
  return undefined;
}

/** Bytes for the helper: the length and its NUL, at most the buffer's size. A negative length counts as a huge one. */
function readSize(low: Lowering, length: Expression | undefined, type: Type): Operand {
  const { b } = low;
  const whole = low.constantValue(BigInt(type.size));
  if (length === undefined || low.constant(length) !== undefined) return whole;
  const size = b.local('size');
  const [fits, after] = [b.block(), b.block()];
  const wanted = lengthValue(low, length);
  b.setLocal(size, whole);
  b.branch({ op: 'ult', left: wanted, right: BigInt(type.size - 1) }, fits, after);
  b.enter(fits);
  b.setLocal(size, b.binary('add', wanted, 1n));
  b.jump(after);
  b.enter(after);
  return b.getLocal(size);
}

/** The text of `$1`, and of `$1 + n` behind its first n characters; undefined when the source is something else. */
function parameterText(checker: Checker, source: Expression): string | undefined {
  const { params } = checker.model;
  if (source.kind === 'positional') {
    warnMissing(checker, source);
    return params[source.index - 1] ?? '';
  }
  if (source.kind !== 'binary' || source.operator !== '+' || source.left.kind !== 'positional')
    return undefined;
  checker.valueType(source.right);
  const skipped = checker.constant(source.right);
  if (skipped?.kind !== 'integer' || skipped.value < 0n) return undefined;
  return [...(params[source.left.index - 1] ?? '')].slice(Number(skipped.value)).join('');
}

function checkPointer(
  checker: Checker,
  { args: [source], span }: CallSite,
  type: Type,
  size: number,
): Type | undefined {
  if (type.kind !== 'pointer' && type.kind !== 'integer') {
    checker.report(
      argumentType(source!.span, { name: 'str', wanted: 'integer or pointer', found: typeName(type) }),
    );
    return undefined;
  }
  const user = spaceOf(type, checker.unit) === 'user';
  const need = { kind: user ? 'user-memory' : 'kernel-memory', what: 'str()', span } as const;
  if (!checker.need(need)) return undefined;
  return string(size);
}

/** Bytes a joined string has at most: upstream's buffer, whatever max_strlen says. */
const LONGEST_JOINED = 1024;

const strConcat: LibraryEntry = {
  name: 'str_concat',
  kind: 'function',
  signature: 'str_concat(string, string)',
  doc: `Both strings one after the other. The result has room for both, at most ${LONGEST_JOINED} bytes whatever max_strlen says;
what does not fit is cut off.`,
  arguments: { min: 2, max: 2 },
  check: ({ args: [first, second], node }, checker) => {
    const [a, c] = [checkText(checker, first!, 'str_concat'), checkText(checker, second!, 'str_concat')];
    if (a === undefined || c === undefined) return undefined;
    const size = Math.min(a + c - 1, LONGEST_JOINED);
    const [one, other] = [checker.constant(first!), checker.constant(second!)];
    checker.setConstant(node, undefined);
    if (one?.kind !== 'string' || other?.kind !== 'string') return string(size);
    const bytes = new Uint8Array([...beforeNul(one.bytes), ...beforeNul(other.bytes)]);
    return literal(checker, node, { kind: 'string', bytes: bytes.subarray(0, LONGEST_JOINED - 1) });
  },
  into: ({ args: [first, second] }, low, place, type) => {
    // Helpers write at a place known at run time: in scratch memory, not on the stack.
    const direct = !place.stack && place.loose === true;
    const target = direct ? place : low.allocate(type.size, 8, 0);
    if (!direct) low.b.zero(target.base, target.offset, type.size, target.align);
    joinTexts(low, target, type.size, first!, second!);
    if (!direct) low.b.copy(place.base, place.offset, target.base, target.offset, type.size, place.align);
  },
};

function beforeNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0);
  return end === -1 ? bytes : bytes.subarray(0, end);
}

function joinTexts(low: Lowering, target: Place, size: number, first: Expression, second: Expression): void {
  const { b } = low;
  const room = Math.min(size, low.type(first).size);
  const [head, tail] = [placeOf(low, first), placeOf(low, second)];
  const length = b.local('length');
  b.setLocal(length, readText(low, target, low.constantValue(BigInt(room)), address(low, head)));
  const [copied, failed, after] = [b.block(), b.block(), b.block()];
  const copiedLength = b.binary('sub', b.getLocal(length), 1n);
  b.branch({ op: 'ult', left: copiedLength, right: BigInt(room) }, copied, failed, 'otherwise');
  b.enter(copied);
  const base = b.binary('add', target.base, copiedLength);
  const left = Math.min(low.type(second).size, size - room + 1);
  readText(low, { ...target, base }, low.constantValue(BigInt(left)), address(low, tail));
  b.jump(after);
  b.enter(failed);
  b.jump(after);
  b.enter(after);
}

const strcap: LibraryEntry = {
  name: 'strcap',
  kind: 'function',
  signature: 'strcap(string)',
  doc: 'Bytes a string has room for, its NUL included: a property of its type, known when the script is compiled.',
  arguments: { min: 1, max: 1 },
  check: ({ args: [text], node }, checker) => {
    const type = checker.valueType(text!);
    if (type === undefined) return INT64;
    const size = type.kind === 'array' ? type.count : type.size;
    if (type.kind === 'string' || type.kind === 'array')
      checker.setConstant(node, { kind: 'integer', value: BigInt(size) });
    else checkText(checker, text!, 'strcap');
    return INT64;
  },
};

export const STRING_ENTRIES: readonly LibraryEntry[] = [str, strConcat, strcap, ...SEARCH_ENTRIES];
