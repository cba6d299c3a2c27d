/** memcmp, bswap and is_err: bytes and words as they are. */
import type { Checker } from '../check/checker.ts';
import { argumentLiteral, argumentType, sizeBeyond } from '../diagnostics/messages.gen.ts';
import type { BlockId, Operand } from '../ir/ir.ts';
import { stepAt } from '../lower/compare.ts';
import { address, placeOf, scalar } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { type Place, within } from '../lower/place.ts';
import { readMemory } from '../lower/read-memory.ts';
import type { Expression } from '../syntax/ast.ts';
import { BOOL, INT64, integer } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { isAggregate, isScalar } from '../types/predicates.ts';
import { integerArgument } from './arguments.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

/** Bytes memcmp() compares at most: they are compared one word after another, without a loop. */
const LONGEST_COMPARISON = 4096n;
/** The length before a buffer's bytes. */
const BUFFER_HEADER = 4;

function checkMemory(checker: Checker, memory: Expression, count: bigint, call: CallSite): void {
  const type = checker.valueType(memory);
  if (type === undefined) return;
  if (type.kind === 'pointer') {
    const kind = type.space === 'user' ? 'user-memory' : 'kernel-memory';
    checker.need({ kind, what: 'memcmp()', span: call.span });
    return;
  }
  if (isScalar(type) || isAggregate(type) || type.kind === 'none') {
    const wanted = 'string, array, buffer, structure or pointer';
    checker.report(argumentType(memory.span, { name: 'memcmp', wanted, found: typeName(type) }));
    return;
  }
  const size = type.kind === 'buffer' ? type.size - BUFFER_HEADER : type.size;
  if (count > BigInt(size))
    checker.report(sizeBeyond(memory.span, { name: 'memcmp', count, type: typeName(type), size }));
}

/** The bytes to compare: where they are, or copied from behind a pointer. */
function memoryOf(low: Lowering, memory: Expression, count: number): Place {
  const type = low.type(memory);
  if (type.kind === 'buffer') return within(placeOf(low, memory), BUFFER_HEADER);
  if (type.kind !== 'pointer') return placeOf(low, memory);
  const place = low.allocate(count);
  const from = scalar(low, memory);
  readMemory(low, { to: address(low, place), size: BigInt(count), from, user: type.space === 'user' });
  return place;
}

const memcmp: LibraryEntry = {
  name: 'memcmp',
  kind: 'function',
  signature: 'memcmp(left, right, count)',
  doc: `Compares the first \`count\` bytes: 0 when they are equal, else the sign of the first difference, bytes taken as
unsigned. Takes strings, arrays, buffers, structures and pointers; the count is a constant. It does not stop at a NUL.`,
  arguments: { min: 3, max: 3 },
  check: (call, checker) => {
    const [left, right, count] = call.args;
    checker.valueType(count!);
    const constant = checker.constant(count!);
    if (constant?.kind !== 'integer' || constant.value < 0n || constant.value > LONGEST_COMPARISON) {
      checker.report(
        argumentLiteral(count!.span, {
          name: 'memcmp',
          wanted: `a constant count of 0 to ${LONGEST_COMPARISON}`,
        }),
      );
      return INT64;
    }
    for (const memory of [left!, right!]) checkMemory(checker, memory, constant.value, call);
    return INT64;
  },
  scalar: ({ args: [left, right, count] }, low) => {
    const constant = low.constant(count!);
    const size = constant?.kind === 'integer' ? Number(constant.value) : 0;
    return low.temporaries((): Operand => signOfDifference(low, left!, right!, size));
  },
};

function signOfDifference(low: Lowering, left: Expression, right: Expression, size: number): Operand {
  const { b } = low;
  const [sign, a, c] = [b.local('sign'), b.local('left'), b.local('right')];
  const [different, done] = [b.block(), b.block()];
  const [first, second] = [memoryOf(low, left, size), memoryOf(low, right, size)];
  b.setLocal(sign, 0n);
  for (let at = 0; at < size; ) {
    const step = stepAt(first.align < second.align ? first.align : second.align, at, size - at);
    const [one, other] = [
      b.load(first.base, first.offset + at, step),
      b.load(second.base, second.offset + at, step),
    ];
    b.setLocal(a, one);
    b.setLocal(c, other);
    const next: BlockId = b.block();
    b.branch({ op: 'eq', left: one, right: other }, next, different);
    b.enter(next);
    at += step;
  }
  b.jump(done);
  b.enter(different);
  // The first byte in memory decides: it is the most significant one after the swap.
  const [x, y] = [b.bswap(b.getLocal(a), 64), b.bswap(b.getLocal(c), 64)];
  b.setLocal(sign, 1n);
  low.rarely({ op: 'ult', left: x, right: y }, () => b.setLocal(sign, -1n));
  b.jump(done);
  b.enter(done);
  return b.getLocal(sign);
}

const bswap: LibraryEntry = {
  name: 'bswap',
  kind: 'function',
  signature: 'bswap(int value)',
  doc: `Reverses the bytes of an integer by its width: \`bswap((uint16)0x1234)\` is 0x3412. A literal is as wide as its value
needs, so cast it where that matters.`,
  arguments: { min: 1, max: 1 },
  check: ({ args: [value], node }, checker) => {
    const type = integerArgument(checker, value!, 'bswap');
    if (type === undefined) return undefined;
    const constant = checker.constant(value!);
    if (constant?.kind === 'integer')
      checker.setConstant(node, { kind: 'integer', value: swapped(constant.value, type.size), cast: true });
    else checker.setConstant(node, undefined);
    return integer(type.size, false);
  },
  scalar: ({ args: [value] }, low) => {
    const { size } = low.type(value!);
    const operand = scalar(low, value!);
    return size === 1 ? low.b.extend(operand, 8, false) : low.b.bswap(operand, (size * 8) as 16 | 32 | 64);
  },
};

function swapped(value: bigint, size: number): bigint {
  let [from, to] = [BigInt.asUintN(size * 8, value), 0n];
  for (let index = 0; index < size; index++) {
    to = (to << 8n) | (from & 0xffn);
    from >>= 8n;
  }
  return to;
}

/** MAX_ERRNO: the last page of addresses holds none. */
const FIRST_ERROR = -4095n;

const isErr: LibraryEntry = {
  name: 'is_err',
  kind: 'function',
  signature: 'is_err(pointer)',
  doc: "True when a pointer that a kernel function returned is an error number (the kernel's `IS_ERR`).",
  arguments: { min: 1, max: 1 },
  check: ({ args: [pointer] }, checker) => {
    const type = checker.valueType(pointer!);
    if (type !== undefined && type.kind !== 'pointer' && type.kind !== 'integer') {
      const wanted = 'pointer or integer';
      checker.report(argumentType(pointer!.span, { name: 'is_err', wanted, found: typeName(type) }));
    }
    return BOOL;
  },
  scalar: ({ args: [pointer] }, low) => low.b.compare('uge', scalar(low, pointer!), FIRST_ERROR),
};

export const MEMORY_ENTRIES: readonly LibraryEntry[] = [memcmp, bswap, isErr];
