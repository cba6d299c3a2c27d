/** Equality of strings, tuples and arrays. */
import type { AccessSize, Operand, Value } from '../ir/ir.ts';
import type { BinaryExpression, Expression } from '../syntax/ast.ts';
import type { Type } from '../types/type.ts';
import { unify } from '../types/unify.ts';
import { placeOf } from './expressions.ts';
import type { Lowering } from './lowering.ts';
import { into } from './memory.ts';
import { alignAt, type Place } from './place.ts';

/** `==` or `!=` of values in memory, as 1 or 0. */
export function compareMemory(low: Lowering, expression: BinaryExpression): Operand {
  const { b } = low;
  const { left, right, operator } = expression;
  const equal = b.local('equal');
  const different = b.block();
  const done = b.block();
  const [text, other] =
    low.constant(right)?.kind === 'string' ? [low.constant(right), left] : [low.constant(left), right];
  low.temporaries(() => {
    if (text?.kind === 'string') compareText(low, other, text.bytes, different);
    else comparePlaces(low, left, right, different);
    b.setLocal(equal, operator === '==' ? 1n : 0n);
    b.jump(done);
    b.enter(different);
    b.setLocal(equal, operator === '==' ? 0n : 1n);
    b.jump(done);
    b.enter(done);
  });
  return b.getLocal(equal);
}

type Block = ReturnType<Lowering['b']['block']>;

/** Literals: whole words of the text and its NUL, as far as the other side has bytes. */
function compareText(low: Lowering, other: Expression, text: Uint8Array, different: Block): void {
  const size = low.type(other).size;
  const place = placeOf(low, other);
  const bytes = new Uint8Array(Math.min(size, text.length + 1));
  bytes.set(text.subarray(0, bytes.length));
  for (let at = 0; at < bytes.length; ) {
    const step = stepAt(place.align, at, bytes.length - at);
    let want = 0n;
    for (let index = step - 1; index >= 0; index--) want = (want << 8n) | BigInt(bytes[at + index]!);
    expectEqual(low, low.b.load(place.base, place.offset + at, step), BigInt.asIntN(64, want), different);
    at += step;
  }
}

export function stepAt(align: AccessSize, at: number, left: number): AccessSize {
  return ([8, 4, 2] as const).find((size) => size <= left && alignAt(align, at) >= size) ?? 1;
}

function expectEqual(low: Lowering, value: Value, want: Operand | bigint, different: Block): void {
  const next = low.b.block();
  low.b.branch({ op: 'eq', left: value, right: want }, next, different);
  low.b.enter(next);
}

function comparePlaces(low: Lowering, left: Expression, right: Expression, different: Block): void {
  const [a, c] = [low.type(left), low.type(right)];
  if (a.kind === 'string' && c.kind === 'string') {
    compareBounded(low, left, right, Math.min(a.size, c.size), different);
    return;
  }
  const type = unify(a, c)!;
  compareBytes(low, asType(low, left, type), asType(low, right, type), type.size, different);
}

/** Strings of any two expressions, over at most `size` bytes. */
export function compareBounded(
  low: Lowering,
  left: Expression,
  right: Expression,
  size: number,
  different: Block,
): void {
  // Long ones are compared in a loop, and the event's context cannot be read at a position known at run time.
  const place = (text: Expression): Place =>
    size > UNROLL_LIMIT && text.kind === 'field' ? asType(low, text, low.type(text)) : placeOf(low, text);
  compareStrings(low, place(left), place(right), size, different);
}

function asType(low: Lowering, expression: Expression, type: Type): Place {
  const place = low.allocate(type.size);
  into(low, expression, place, type);
  return place;
}

/** Above this many bytes a loop compares them. */
const UNROLL_LIMIT = 32;

function compareBytes(low: Lowering, a: Place, c: Place, size: number, different: Block): void {
  for (let at = 0; at < size; ) {
    const step = stepAt(a.align < c.align ? a.align : c.align, at, size - at);
    expectEqual(
      low,
      low.b.load(a.base, a.offset + at, step),
      low.b.load(c.base, c.offset + at, step),
      different,
    );
    at += step;
  }
}

/** Byte by byte up to the first NUL, at most to the smaller capacity: what follows a NUL may differ. */
function compareStrings(low: Lowering, a: Place, c: Place, size: number, different: Block): void {
  const { b } = low;
  const same = b.block();
  if (size <= UNROLL_LIMIT || !low.module.features.loops) {
    for (let at = 0; at < size; at++) {
      const byte = b.load(a.base, a.offset + at, 1);
      expectEqual(low, byte, b.load(c.base, c.offset + at, 1), different);
      const next = b.block();
      b.branch({ op: 'eq', left: byte, right: 0n }, same, next);
      b.enter(next);
    }
    b.jump(same);
    b.enter(same);
    return;
  }
  const index = b.local('at');
  const [head, body, more] = [b.block(), b.block(), b.block()];
  b.setLocal(index, 0n);
  b.jump(head);
  b.enter(head);
  b.branch({ op: 'ult', left: b.getLocal(index), right: BigInt(size) }, body, same);
  b.enter(body);
  const at = b.getLocal(index);
  const byte = b.load(b.binary('add', a.base, at), a.offset, 1);
  expectEqual(low, byte, b.load(b.binary('add', c.base, at), c.offset, 1), different);
  b.branch({ op: 'eq', left: byte, right: 0n }, same, more);
  b.enter(more);
  b.setLocal(index, b.binary('add', at, 1n));
  b.jump(head);
  b.enter(same);
}
