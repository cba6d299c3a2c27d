/** Writing values into memory: literals, copies between strings and tuples of different sizes. */

import { findEntry } from '../library/index.ts';
import type { CallExpression, Expression } from '../syntax/ast.ts';
import { equalTypes, isScalar } from '../types/predicates.ts';
import type { TupleType, Type } from '../types/type.ts';
import { callSite, functionCall } from './calls.ts';
import { lowerArms } from './conditions.ts';
import { placeOf, scalar } from './expressions.ts';
import { callFunction } from './functions.ts';
import type { Lowering } from './lowering.ts';
import { readInto } from './maps.ts';
import { type Place, within } from './place.ts';
import { withElement } from './pointers.ts';
import { readRemote, readRemoteInto, remoteOf } from './remote.ts';
import { lowerBlockInto } from './statements.ts';

/** Evaluates an expression straight into memory, as a value of `type`. */
export function into(low: Lowering, expression: Expression, place: Place, type: Type): void {
  if (isScalar(type)) {
    low.at(expression.span, () => scalarInto(low, expression, place, type));
    return;
  }
  const constant = low.constant(expression);
  if (constant?.kind === 'string') {
    storeText(low, constant.bytes, place, type.size);
    return;
  }
  switch (expression.kind) {
    case 'tuple':
    case 'record':
      tupleInto(low, expression, place, type as TupleType);
      return;
    case 'identifier':
    case 'call': {
      const call = functionCall(low, expression);
      if (call !== undefined) {
        intoByCall(low, call, place, type);
        return;
      }
      const site = callSite(expression);
      const entry = findEntry(site.name);
      if (entry?.into === undefined) break;
      entry.into(site, low, place, type);
      return;
    }
    case 'map':
    case 'map-access':
      readInto(low, expression, place, type);
      return;
    case 'ternary':
    case 'if':
      lowerArms(low, expression, (arm) => into(low, arm, place, type));
      return;
    case 'block':
      lowerBlockInto(low, expression, (value) => into(low, value, place, type));
      return;
    case 'cast':
      castInto(low, expression.value, place, type);
      return;
    case 'comptime':
      into(low, expression.value, place, type);
      return;
    case 'typeinfo':
      into(low, low.unit.rewritten.get(expression)!, place, type);
      return;
    case 'field':
    case 'unary': {
      const remote = remoteOf(low, expression);
      if (remote === undefined) break;
      readRemoteInto(low, remote, low.type(expression), place, type);
      return;
    }
    case 'index': {
      const remote = remoteOf(low, expression);
      const own = low.type(expression);
      if (remote !== undefined) readRemoteInto(low, remote, own, place, type);
      else if (low.constant(expression.index) !== undefined) break;
      else {
        const found = (element: Place): void => copyValue(low, element, own, place, type);
        low.temporaries(() => withElement(low, expression, found, () => zeroValue(low, place, type)));
      }
      return;
    }
  }
  copyValue(low, placeOf(low, expression), low.type(expression), place, type);
}

/** What is behind a pointer and needs no change is read to where it is wanted. */
function scalarInto(low: Lowering, expression: Expression, place: Place, type: Type): void {
  const isWhole = low.constant(expression) === undefined && low.type(expression).size === type.size;
  const remote = isWhole ? remoteOf(low, expression) : undefined;
  if (remote === undefined) low.storeScalar(place, type, scalar(low, expression));
  else if (remote.bitfield === undefined) readRemoteInto(low, remote, type, place, type);
  else low.storeScalar(place, type, readRemote(low, remote, low.type(expression)));
}

/** Integers become arrays of their bytes. */
function castInto(low: Lowering, value: Expression, place: Place, type: Type): void {
  const from = low.type(value);
  if (isScalar(from)) {
    // A literal may be shorter than what it is cast to.
    if (from.size < type.size) low.b.zero(place.base, place.offset, type.size, place.align);
    low.storeScalar(place, from, scalar(low, value));
  } else if (from.kind === type.kind) into(low, value, place, type);
  else copyValue(low, placeOf(low, value), from, place, type);
}

/** What a function gives may be a shorter text than the place is for. */
function intoByCall(low: Lowering, call: CallExpression, place: Place, type: Type): void {
  const own = low.type(call);
  if (equalTypes(own, type)) {
    callFunction(low, call, place);
    return;
  }
  const given = low.allocate(own.size);
  callFunction(low, call, given);
  copyValue(low, given, own, place, type);
}

/** The text, then zeros to the end of `size` bytes. */
export function storeText(low: Lowering, text: Uint8Array, place: Place, size: number): void {
  const { b } = low;
  const length = Math.min(text.length, size - 1);
  const written =
    place.loose && !place.stack
      ? Math.min(size, length + 1)
      : Math.min(size, Math.ceil((length + 1) / 8) * 8);
  const bytes = new Uint8Array(written);
  bytes.set(text.subarray(0, length));
  b.storeBytes(place.base, place.offset, bytes, place.align);
  if (written < size && (place.stack || !place.loose)) {
    const rest = within(place, written);
    b.zero(rest.base, rest.offset, size - written, rest.align);
  }
}

function tupleInto(
  low: Lowering,
  expression: Expression & { kind: 'tuple' | 'record' },
  place: Place,
  type: TupleType,
): void {
  zeroPadding(low, place, type);
  const values =
    expression.kind === 'tuple'
      ? expression.elements.map((value) => ({ name: undefined, value }))
      : expression.fields.map(({ name, value }) => ({ name: name.name, value }));
  for (const [index, { name, value }] of values.entries()) {
    const element =
      type.elements.find((one) => name !== undefined && one.name === name) ?? type.elements[index]!;
    into(low, value, within(place, element.offset), element.type);
  }
}

function zeroPadding(low: Lowering, place: Place, type: TupleType): void {
  const used = type.elements.reduce((sum, element) => sum + element.type.size, 0);
  if (used < type.size) low.b.zero(place.base, place.offset, type.size, place.align);
}

export function copyValue(low: Lowering, from: Place, fromType: Type, to: Place, toType: Type): void {
  const { b } = low;
  const align = from.align < to.align ? from.align : to.align;
  if (isScalar(toType) && isScalar(fromType)) {
    low.storeScalar(to, toType, low.loadScalar(from, fromType));
    return;
  }
  const isText = fromType.kind === 'string' && toType.kind === 'array';
  if (isText || (fromType.kind === toType.kind && isResizable(fromType))) {
    const length = Math.min(fromType.size, toType.size);
    b.copy(to.base, to.offset, from.base, from.offset, length, align);
    zeroAfter(low, to, length, toType.size);
    return;
  }
  if (fromType.kind !== 'tuple' || toType.kind !== 'tuple' || equalTypes(fromType, toType)) {
    b.copy(to.base, to.offset, from.base, from.offset, toType.size, align);
    return;
  }
  zeroPadding(low, to, toType);
  for (const [index, element] of toType.elements.entries()) {
    const source =
      fromType.elements.find((one) => element.name !== undefined && one.name === element.name) ??
      fromType.elements[index]!;
    copyValue(low, within(from, source.offset), source.type, within(to, element.offset), element.type);
  }
}

/** Zeros from `length` to the end of `size` bytes. */
export function zeroAfter(low: Lowering, place: Place, length: number, size: number): void {
  if (length >= size) return;
  const rest = within(place, length);
  low.b.zero(rest.base, rest.offset, size - length, rest.align);
}

/** Kinds whose shorter values are longer ones with zeros behind. */
function isResizable({ kind }: Type): boolean {
  return kind === 'string' || kind === 'inet' || kind === 'buffer';
}

export function zeroValue(low: Lowering, place: Place, type: Type): void {
  if (isScalar(type)) low.storeScalar(place, type, low.constantValue(0n));
  else if (place.loose && !place.stack && type.kind === 'string')
    low.b.store(place.base, place.offset, 1, 0n);
  else low.b.zero(place.base, place.offset, type.size, place.align);
}
