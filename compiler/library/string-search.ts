/** strlen, strncmp, strcontains and strstr: walks over the bytes of strings up to their NUL. */
import { supports } from '../../bpf/profiles/index.ts';
import type { Checker } from '../check/checker.ts';
import { argumentLiteral, argumentType } from '../diagnostics/messages.gen.ts';
import { FunctionBuilder } from '../ir/builder.ts';
import type { BlockId, IrFunction, Operand, Value } from '../ir/ir.ts';
import { compareBounded } from '../lower/compare.ts';
import { whether } from '../lower/conditions.ts';
import { address } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { into } from '../lower/memory.ts';
import type { Place } from '../lower/place.ts';
import type { Expression } from '../syntax/ast.ts';
import { BOOL, INT64, UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

/** Compared bytes the verifier is asked to walk: with bpf_loop there is a better way before that hurts. */
const SEARCH_LIMIT = { inline: 4096, withoutCallback: 16_384 } as const;

export function checkText(checker: Checker, argument: Expression, name: string): number | undefined {
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

/** Strings whose search the verifier would not walk to its end byte by byte take a callback of bpf_loop. */
function checkSearch({ args: [haystack, needle], name, span }: CallSite, checker: Checker): void {
  const [long, short] = [checkText(checker, haystack!, name), checkText(checker, needle!, name)];
  if (long === undefined || short === undefined || long * short <= SEARCH_LIMIT.withoutCallback) return;
  checker.require(span, `${name}() in ${long} bytes for ${short} bytes`, 'bpf_loop');
}

const strcontains: LibraryEntry = {
  name: 'strcontains',
  kind: 'function',
  signature: 'strcontains(haystack, needle)',
  doc: 'True when the first string contains the second.',
  arguments: { min: 2, max: 2 },
  check: (call, checker) => {
    checkSearch(call, checker);
    return BOOL;
  },
  scalar: ({ args: [haystack, needle] }, low) =>
    low.temporaries(
      (): Operand => whether(low, (found) => search(low, haystack!, needle!, () => low.b.jump(found))),
    ),
};

const strstr: LibraryEntry = {
  name: 'strstr',
  kind: 'function',
  signature: 'strstr(haystack, needle)',
  doc: 'Where the second string begins in the first, counted from 0; -1 when it is not there.',
  arguments: { min: 2, max: 2 },
  check: (call, checker) => {
    checkSearch(call, checker);
    return INT64;
  },
  scalar: ({ args: [haystack, needle] }, low) => {
    const { b } = low;
    const [position, done] = [b.local('position'), b.block()];
    return low.temporaries((): Operand => {
      b.setLocal(position, -1n);
      search(low, haystack!, needle!, (at) => {
        b.setLocal(position, at);
        b.jump(done);
      });
      b.jump(done);
      b.enter(done);
      return b.getLocal(position);
    });
  },
};

/** Runs `found`, which leaves, where the needle begins; goes on when it is nowhere before the haystack's NUL. */
function search(low: Lowering, haystack: Expression, needle: Expression, found: (at: Operand) => void): void {
  const { b } = low;
  const text = textOf(low, needle);
  const size = low.type(haystack).size;
  const most = text === undefined ? low.type(needle).size : lengthOf(text);
  if (most === 0) {
    found(low.constantValue(0n));
    b.enter(b.block());
    return;
  }
  if (text !== undefined && size < most) return;
  if (size * low.type(needle).size > SEARCH_LIMIT.inline && supports(low.module.model.target, 'bpf_loop')) {
    searchByCallback(low, searchable(low, haystack, most), size, searchable(low, needle), most, found);
    return;
  }
  const other = text === undefined ? searchable(low, needle) : undefined;
  const place = searchable(low, haystack, other === undefined ? 0 : most);
  const missing = b.block();
  eachPosition(low, text === undefined ? size : size - most + 1, (at, next) => {
    const different =
      other === undefined ? differsFrom(low, place, at, text!, most) : differs(low, place, at, other, most);
    const [match, here, more] = [b.block(), b.block(), b.block()];
    b.branch({ op: 'eq', left: different, right: 0n }, match, here);
    b.enter(match);
    found(at);
    b.enter(here);
    b.branch({ op: 'eq', left: byteAt(low, place, at), right: 0n }, missing, more);
    b.enter(more);
    b.jump(next);
  });
  b.jump(missing);
  b.enter(missing);
}

/** Words of the frame a search shares with its callback. */
const SEARCH_FRAME = { haystack: 0, needle: 8, position: 16, size: 24 } as const;

/** The same through bpf_loop, whose callback the verifier walks once instead of once a position. */
function searchByCallback(
  low: Lowering,
  haystack: Place,
  size: number,
  needle: Place,
  most: number,
  found: (at: Operand) => void,
): void {
  const { b, module } = low;
  const name = module.callbackName(low.unit);
  module.functions.push(searchCallback(new FunctionBuilder(name, 2, module.budget), size, most));
  const frame = b.slotAddress(b.slot('search', SEARCH_FRAME.size, 8));
  b.store(frame, SEARCH_FRAME.haystack, 8, address(low, haystack));
  b.store(frame, SEARCH_FRAME.needle, 8, address(low, needle));
  b.store(frame, SEARCH_FRAME.position, 8, -1n);
  b.callHelper('loop', [BigInt(size), b.functionAddress(name), frame, 0n]);
  const position = b.load(frame, SEARCH_FRAME.position, 8, true);
  const [match, missing] = [b.block(), b.block()];
  b.branch({ op: 'slt', left: position, right: 0n }, missing, match);
  b.enter(match);
  found(position);
  b.enter(missing);
}

/** Compares at one position: 1, which ends the loop, when the needle is there or the haystack ends. */
function searchCallback(c: FunctionBuilder, size: number, most: number): IrFunction {
  const [at, frame] = [c.parameter(0, 'scalar'), c.parameter(1, 'stack')];
  const [inside, head, body, more, next] = [c.block(), c.block(), c.block(), c.block(), c.block()];
  const [match, differs, last, goOn] = [c.block(), c.block(), c.block(), c.block()];
  c.branch({ op: 'ult', left: at, right: BigInt(size) }, inside, last);
  c.enter(inside);
  const text = c.load(frame, SEARCH_FRAME.haystack, 8, false, 'map-value');
  const here = c.binary('add', text, at);
  const needle = c.load(frame, SEARCH_FRAME.needle, 8, false, 'map-value');
  const index = c.local('index');
  c.setLocal(index, 0n);
  c.jump(head);
  c.enter(head);
  c.branch({ op: 'ult', left: c.getLocal(index), right: BigInt(most) }, body, match);
  c.enter(body);
  const wanted = c.load(c.binary('add', needle, c.getLocal(index)), 0, 1);
  c.branch({ op: 'eq', left: wanted, right: 0n }, match, more);
  c.enter(more);
  const byte = c.load(c.binary('add', here, c.getLocal(index)), 0, 1);
  c.branch({ op: 'eq', left: byte, right: wanted }, next, differs);
  c.enter(next);
  c.setLocal(index, c.binary('add', c.getLocal(index), 1n));
  c.jump(head);
  c.enter(match);
  c.store(frame, SEARCH_FRAME.position, 8, at);
  c.jump(last);
  c.enter(last);
  c.return(1n);
  c.enter(differs);
  c.branch({ op: 'eq', left: c.load(here, 0, 1), right: 0n }, last, goOn);
  c.enter(goOn);
  c.return(0n);
  return c.finish();
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

export const SEARCH_ENTRIES: readonly LibraryEntry[] = [strlen, strncmp, strcontains, strstr];
