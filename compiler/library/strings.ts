/** str, strlen, strncmp and strcontains. */

import type { Checker } from '../check/checker.ts';
import { literal } from '../check/expressions.ts';
import { argumentLiteral, argumentType } from '../diagnostics/messages.gen.ts';
import type { Operand } from '../ir/ir.ts';
import { address, scalar } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { into } from '../lower/memory.ts';
import type { Expression } from '../syntax/ast.ts';
import { string } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import type { Type } from '../types/type.ts';
import type { CallSite, LibraryEntry } from './entry.ts';
import { SEARCH_ENTRIES } from './string-search.ts';

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
    if (type.kind === 'string') {
      if (length === undefined || size >= type.size) return type;
      return checker.unsupported(length.span, 'shortening a string with str()');
    }
    return checkPointer(checker, call, type, size);
  },
  into: ({ args: [source, length] }, low, place, type) => {
    const from = low.type(source!);
    if (from.kind === 'string') {
      into(low, source!, place, type);
      return;
    }
    const { b } = low;
    const pointer = scalar(low, source!);
    const size = readSize(low, length, type);
    if (place.stack || !place.loose) b.zero(place.base, place.offset, type.size, place.align);
    const user = from.kind === 'pointer' && from.space === 'user';
    const helper = low.module.features.splitReads
      ? user
        ? 'probe_read_user_str'
        : 'probe_read_kernel_str'
      : 'probe_read_str';
    b.callHelper(helper, [address(low, place), size, pointer]);
  },
};

function sizeOf(checker: Checker, { args: [, length] }: CallSite): number | undefined {
  const { maxStrlen } = checker.model.settings;
  if (length === undefined) return maxStrlen;
  checker.valueType(length);
  const constant = checker.constant(length);
  if (constant === undefined) return checkLength(checker, length, maxStrlen);
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
  const wanted = scalar(low, length);
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
  if (source.kind === 'positional') return params[source.index - 1] ?? '';
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
  const user = type.kind === 'pointer' && type.space === 'user';
  const need = { kind: user ? 'user-memory' : 'kernel-memory', what: 'str()', span } as const;
  if (!checker.need(need)) return undefined;
  return string(size);
}

export const STRING_ENTRIES: readonly LibraryEntry[] = [str, ...SEARCH_ENTRIES];
