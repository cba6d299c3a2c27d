/** strlen, strncmp and strcontains: walks over the bytes of strings up to their NUL. */
import type { Checker } from '../check/checker.ts';
import { argumentLiteral, argumentType } from '../diagnostics/messages.gen.ts';
import type { BlockId, Operand, Value } from '../ir/ir.ts';
import { compareBounded } from '../lower/compare.ts';
import { whether } from '../lower/conditions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { into } from '../lower/memory.ts';
import type { Place } from '../lower/place.ts';
import type { Expression } from '../syntax/ast.ts';
import { BOOL, UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import type { LibraryEntry } from './entry.ts';

/** Compared bytes the verifier is asked to walk when neither string is constant. */
const SEARCH_LIMIT = 16_384;

function checkText(checker: Checker, argument: Expression, name: string): number | undefined {
  const type = checker.valueType(argument);
  if (type === undefined) return undefined;
  if (type.kind === 'string') return type.size;
  checker.report(argumentType(argument.span, { name, wanted: 'string', found: typeName(type) }));
  return undefined;
}

function textOf(low: Lowering, argument: Expression): Uint8Array | undefined {
  const constant = low.constant(argument);
  return constant?.kind === 'string' ? constant.bytes : undefined;
}

/** Runs `body` for each position below `size`: one loop, or written out for kernels that take none. */
function eachPosition(low: Lowering, size: number, body: (at: Operand, next: BlockId) => void): void {
  const { b } = low;
  if (!low.module.features.loops) {
    for (let at = 0; at < size; at++) {
      const next = b.block();
      body(low.constantValue(BigInt(at)), next);
      b.enter(next);
    }
    return;
  }
  const index = b.local('at');
  b.setLocal(index, 0n);
  const [head, inside, next, after] = [b.block(), b.block(), b.block(), b.block()];
  b.jump(head);
  b.enter(head);
  b.branch({ op: 'ult', left: b.getLocal(index), right: BigInt(size) }, inside, after);
  b.enter(inside);
  body(b.getLocal(index), next);
  b.enter(next);
  b.setLocal(index, b.binary('add', b.getLocal(index), 1n));
  b.jump(head);
  b.enter(after);
}

function byteAt(low: Lowering, { base, offset }: Place, at: Operand, more = 0): Value {
  const { b } = low;
  if (typeof at !== 'number') return b.load(base, offset + more + Number(at.constant), 1);
  return b.load(b.binary('add', base, at), offset + more, 1);
}

/** A copy whose bytes may be read at positions known at run time: scratch memory, not the stack or the context. */
function searchable(low: Lowering, argument: Expression, room = 0): Place {
  const type = low.type(argument);
  const place = low.allocate(type.size + room, 8, 0);
  if (room > 0) low.b.zero(place.base, place.offset, type.size + room, place.align);
  into(low, argument, place, type);
  return place;
}

const strlen: LibraryEntry = {
  name: 'strlen',
  kind: 'function',
  signature: 'strlen(string)',
  doc: 'Bytes of a string before its NUL.',
  arguments: { min: 1, max: 1 },
  check: ({ args: [text] }, checker) => {
    checkText(checker, text!, 'strlen');
    return UINT64;
  },
  scalar: ({ args: [text] }, low) => {
    const constant = textOf(low, text!);
    if (constant !== undefined) return low.constantValue(BigInt(lengthOf(constant)));
    const { b } = low;
    const length = b.local('length');
    return low.temporaries((): Operand => {
      const place = searchable(low, text!);
      const size = low.type(text!).size;
      const after = b.block();
      b.setLocal(length, 0n);
      eachPosition(low, size, (at, next) => {
        b.setLocal(length, at);
        b.branch({ op: 'eq', left: byteAt(low, place, at), right: 0n }, after, next);
      });
      b.setLocal(length, BigInt(size));
      b.jump(after);
      b.enter(after);
      return b.getLocal(length);
    });
  },
};

function lengthOf(text: Uint8Array): number {
  const end = text.indexOf(0);
  return end === -1 ? text.length : end;
}

const strncmp: LibraryEntry = {
  name: 'strncmp',
  kind: 'function',
  signature: 'strncmp(string, string, length)',
  doc: 'Zero when the first bytes of both strings are equal, else not; the length is a literal.',
  arguments: { min: 3, max: 3 },
  check: ({ args: [left, right, length] }, checker) => {
    checkText(checker, left!, 'strncmp');
    checkText(checker, right!, 'strncmp');
    checker.valueType(length!);
    const count = checker.constant(length!);
    if (count?.kind !== 'integer' || count.value < 0n)
      checker.report(
        argumentLiteral(length!.span, { name: 'strncmp', wanted: 'a literal length that is not negative' }),
      );
    return UINT64;
  },
  scalar: ({ args: [left, right, length] }, low) => {
    const count = low.constant(length!);
    const wanted = count?.kind === 'integer' ? Number(count.value) : 0;
    const size = Math.min(wanted, low.type(left!).size, low.type(right!).size);
    return low.temporaries(
      (): Operand =>
        whether(low, (different) => {
          if (size > 0) compareBounded(low, left!, right!, size, different);
        }),
    );
  },
};

const strcontains: LibraryEntry = {
  name: 'strcontains',
  kind: 'function',
  signature: 'strcontains(haystack, needle)',
  doc: 'True when the first string contains the second.',
  arguments: { min: 2, max: 2 },
  check: ({ args: [haystack, needle] }, checker) => {
    const [long, short] = [
      checkText(checker, haystack!, 'strcontains'),
      checkText(checker, needle!, 'strcontains'),
    ];
    if (long === undefined || short === undefined) return BOOL;
    if (long * short > SEARCH_LIMIT)
      return checker.unsupported(needle!.span, `strcontains() of strings of ${long} and ${short} bytes`);
    return BOOL;
  },
  scalar: ({ args: [haystack, needle] }, low) =>
    low.temporaries((): Operand => whether(low, (found) => search(low, haystack!, needle!, found))),
};

/** Jumps to `found` where the needle begins, falls through when it is nowhere before the haystack's NUL. */
function search(low: Lowering, haystack: Expression, needle: Expression, found: BlockId): void {
  const { b } = low;
  const text = textOf(low, needle);
  const size = low.type(haystack).size;
  const most = text === undefined ? low.type(needle).size : lengthOf(text);
  if (most === 0) b.jump(found);
  if (most === 0 || (text !== undefined && size < most)) return;
  const other = text === undefined ? searchable(low, needle) : undefined;
  const place = searchable(low, haystack, other === undefined ? 0 : most);
  const missing = b.block();
  eachPosition(low, text === undefined ? size : size - most + 1, (at, next) => {
    const different =
      other === undefined ? differsFrom(low, place, at, text!, most) : differs(low, place, at, other, most);
    const [here, more] = [b.block(), b.block()];
    b.branch({ op: 'eq', left: different, right: 0n }, found, here);
    b.enter(here);
    b.branch({ op: 'eq', left: byteAt(low, place, at), right: 0n }, missing, more);
    b.enter(more);
    b.jump(next);
  });
  b.jump(missing);
  b.enter(missing);
}

/** Zero when the text is at that position. Without branches: the verifier would keep one waiting for every byte. */
function differsFrom(low: Lowering, place: Place, at: Operand, text: Uint8Array, length: number): Operand {
  const { b } = low;
  let different = low.constantValue(0n);
  for (let index = 0; index < length; index++) {
    const one = b.binary('xor', byteAt(low, place, at, index), BigInt(text[index]!));
    different = b.binary('or', different, one);
  }
  return different;
}

/** The same with a needle known at run time: its bytes count as long as no NUL came. */
function differs(low: Lowering, place: Place, at: Operand, needle: Place, length: number): Operand {
  const { b } = low;
  let different = low.constantValue(0n);
  let counts: Operand = low.constantValue(-1n);
  for (let index = 0; index < length; index++) {
    const wanted = b.load(needle.base, needle.offset + index, 1);
    // 1 for any byte but NUL, then all ones.
    const some = b.binary('lshr', b.binary('add', wanted, 0xffn), 8n);
    counts = b.binary('and', counts, b.binary('sub', low.constantValue(0n), some));
    const one = b.binary('and', b.binary('xor', byteAt(low, place, at, index), wanted), counts);
    different = b.binary('or', different, one);
  }
  return different;
}

export const SEARCH_ENTRIES: readonly LibraryEntry[] = [strlen, strncmp, strcontains];
