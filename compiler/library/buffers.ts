/** buf: raw bytes, printed by `%r` and its kin. */

import type { Checker } from '../check/checker.ts';
import { spaceOf } from '../check/spaces.ts';
import { argumentLiteral, argumentType } from '../diagnostics/messages.gen.ts';
import type { Operand } from '../ir/ir.ts';
import { address, placeOf, scalar } from '../lower/expressions.ts';
import { lengthValue } from '../lower/length.ts';
import type { Lowering } from '../lower/lowering.ts';
import { type Place, within } from '../lower/place.ts';
import { readMemory } from '../lower/read-memory.ts';
import type { Expression } from '../syntax/ast.ts';
import { buffer, UINT32 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import type { Type } from '../types/type.ts';
import { integerArgument } from './arguments.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

/** The word of length before the bytes. */
const HEADER = 4;

function bufferOf(checker: Checker, { args: [source, length], span }: CallSite): Type | undefined {
  const type = checker.valueType(source!);
  const most = Math.max(0, checker.model.settings.maxStrlen - HEADER);
  const size = length === undefined ? sizeOf(checker, source!, type) : lengthOf(checker, length, most);
  if (type === undefined || size === undefined) return undefined;
  if (type.kind === 'string' || type.kind === 'array') return buffer(Math.min(size, most, type.size));
  if (type.kind !== 'integer' && type.kind !== 'pointer') {
    const wanted = 'integer, string, pointer or array';
    checker.report(argumentType(source!.span, { name: 'buf', wanted, found: typeName(type) }));
    return undefined;
  }
  const user = spaceOf(type, checker.unit) === 'user';
  const need = { kind: user ? 'user-memory' : 'kernel-memory', what: 'buf()', span } as const;
  return checker.need(need) ? buffer(Math.min(size, most)) : undefined;
}

function sizeOf(checker: Checker, source: Expression, type: Type | undefined): number | undefined {
  if (type === undefined || type.kind === 'array') return type?.size;
  checker.report(argumentLiteral(source.span, { name: 'buf', wanted: 'a length, unless it is of an array' }));
  return undefined;
}

/** A length known at run time only may be any: the buffer is as large as buffers get. */
function lengthOf(checker: Checker, length: Expression, most: number): number | undefined {
  if (integerArgument(checker, length, 'buf') === undefined) return undefined;
  const constant = checker.constant(length);
  if (constant?.kind !== 'integer') return most;
  if (constant.value >= 0n) return Number(constant.value > BigInt(most) ? BigInt(most) : constant.value);
  checker.report(argumentLiteral(length.span, { name: 'buf', wanted: 'a length that is not negative' }));
  return undefined;
}

/** Bytes to copy: the length, cut to the buffer. Never negative to the verifier. */
function copied(low: Lowering, length: Expression | undefined, room: number): Operand {
  const { b } = low;
  const whole = low.constantValue(BigInt(room));
  if (length === undefined) return whole;
  const constant = low.constant(length);
  if (constant?.kind === 'integer') {
    return low.constantValue(constant.value < BigInt(room) ? constant.value : BigInt(room));
  }
  const size = b.local('size');
  const [fits, after] = [b.block(), b.block()];
  const wanted = lengthValue(low, length);
  b.setLocal(size, whole);
  b.branch({ op: 'ult', left: wanted, right: BigInt(room) }, fits, after);
  b.enter(fits);
  b.setLocal(size, wanted);
  b.jump(after);
  b.enter(after);
  return b.getLocal(size);
}

function fill(low: Lowering, { args: [source, length] }: CallSite, place: Place, room: number): void {
  const { b } = low;
  const from = low.type(source!);
  const size = copied(low, length, room);
  const to = within(place, HEADER);
  if (from.kind === 'string' || from.kind === 'array') {
    low.temporaries(() => {
      const own = placeOf(low, source!);
      const align = own.align < to.align ? own.align : to.align;
      b.copy(to.base, to.offset, own.base, own.offset, room, align);
    });
  } else {
    const pointer = scalar(low, source!);
    b.zero(to.base, to.offset, room, to.align);
    const user = spaceOf(from, low.unit) === 'user';
    readMemory(low, { to: address(low, to), size, from: pointer, user });
  }
  low.storeScalar(place, UINT32, size);
}

const buf: LibraryEntry = {
  name: 'buf',
  kind: 'function',
  signature: 'buf(data[, length])',
  doc: 'Copies bytes, at most max_strlen - 4. The length may be left out for arrays.',
  arguments: { min: 1, max: 2 },
  check: (call, checker) => bufferOf(checker, call),
  into: (call, low, place, type) => {
    const { args } = call;
    const own = low.type(call.node);
    const room = own.size - HEADER;
    fill(low, { ...call, args }, place, room);
    // A map or a variable may hold longer ones.
    const rest = within(place, own.size);
    low.b.zero(rest.base, rest.offset, type.size - own.size, rest.align);
  },
};

export const BUFFER_ENTRIES: readonly LibraryEntry[] = [buf];
