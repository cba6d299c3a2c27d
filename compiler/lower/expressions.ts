/** Expressions: `scalar` gives a 64-bit operand, `placeOf` the address of a value that lives in memory. */
import { findArgument } from '../check/args.ts';
import { isEvent } from '../check/expressions.ts';
import { readType } from '../check/loops.ts';
import { InternalCompilerError } from '../fault.ts';
import type { Operand } from '../ir/ir.ts';
import { findEntry } from '../library/index.ts';
import type { ProbeArgument } from '../resolve/probe-arguments.ts';
import type { Expression, FieldAccess } from '../syntax/ast.ts';
import { isAggregate, isScalar } from '../types/predicates.ts';
import type { StructType, TupleType, Type } from '../types/type.ts';
import { callSite, functionCall } from './calls.ts';
import { conditionValue, lowerArms } from './conditions.ts';
import { argumentPlace, argumentValue } from './context.ts';
import { callFunction } from './functions.ts';
import { layoutValue } from './layout-values.ts';
import type { Lowering } from './lowering.ts';
import { partOfMap } from './map-parts.ts';
import { readScalar, updateMap } from './maps.ts';
import { into } from './memory.ts';
import { arithmetic } from './operators.ts';
import { type Place, within } from './place.ts';
import { addressOfOwn, indexed, localMember, memberPlace } from './pointers.ts';
import { type Remote, readRemote, readRemoteInto, remoteOf } from './remote.ts';
import { lowerBlock, lowerBlockInto } from './statements.ts';

/** A value of one register, widened to 64 bits by its type's sign. Aggregations give their number. */
export function scalar(low: Lowering, expression: Expression): Operand {
  return low.at(expression.span, () => scalarHere(low, expression));
}

function scalarHere(low: Lowering, expression: Expression): Operand {
  const constant = low.constant(expression);
  const layout = layoutValue(low, expression);
  if (layout !== undefined) return layout;
  if (constant?.kind === 'integer') return low.constantValue(constant.value);
  if (constant?.kind === 'boolean') return low.constantValue(constant.value ? 1n : 0n);
  switch (expression.kind) {
    case 'identifier':
    case 'call': {
      const call = functionCall(low, expression);
      if (call !== undefined) return callFunction(low, call);
      const site = callSite(expression);
      const entry = findEntry(site.name);
      if (entry?.scalar === undefined) break;
      return entry.scalar(site, low);
    }
    case 'variable': {
      const symbol = low.unit.variables.get(expression)!;
      const local = low.localOf(symbol);
      return local === undefined
        ? low.loadScalar(low.placeOf(symbol), low.type(expression))
        : low.b.getLocal(local);
    }
    case 'map':
    case 'map-access':
      return readScalar(low, expression);
    case 'field':
      if (isEvent(low.unit, expression.object)) return argumentValue(low, argumentOf(low, expression));
      return remoteValue(low, expression) ?? partOfMap(low, expression) ?? localMember(low, expression);
    case 'index': {
      const remote = remoteValue(low, expression);
      if (remote !== undefined) return remote;
      if (low.constant(expression.index) === undefined) return indexed(low, expression);
      return partOfMap(low, expression) ?? low.loadScalar(placeOf(low, expression), low.type(expression));
    }
    case 'tuple-field':
      return partOfMap(low, expression) ?? low.loadScalar(placeOf(low, expression), low.type(expression));
    case 'unary':
      return unary(low, expression);
    case 'update':
      return update(low, expression);
    case 'binary':
      return arithmetic(low, expression);
    case 'ternary':
    case 'if': {
      const local = low.b.local('chosen');
      lowerArms(low, expression, (arm) => low.b.setLocal(local, scalar(low, arm)));
      return low.b.getLocal(local);
    }
    case 'block': {
      const local = low.b.local('value');
      lowerBlockInto(low, expression, (value) => low.b.setLocal(local, scalar(low, value)));
      return low.b.getLocal(local);
    }
    case 'comptime':
      return scalar(low, expression.value);
    case 'cast':
      return cast(low, expression);
  }
  throw new InternalCompilerError(`no value for ${expression.kind}`, expression.span);
}

function remoteValue(low: Lowering, expression: Expression): Operand | undefined {
  const remote = remoteOf(low, expression);
  return remote && readRemote(low, remote, low.type(expression));
}

/** Evaluates for effects only. */
export function effect(low: Lowering, expression: Expression): void {
  if (expression.kind === 'block') {
    lowerBlock(low, expression);
    return;
  }
  if (expression.kind === 'if' || expression.kind === 'ternary') {
    lowerArms(low, expression, (arm) => effect(low, arm));
    return;
  }
  if (low.constant(expression) !== undefined) return;
  const call = functionCall(low, expression);
  if (call !== undefined) {
    low.at(call.span, () => callFunction(low, call));
    return;
  }
  if (expression.kind === 'call' || expression.kind === 'identifier') {
    const site = callSite(expression);
    const entry = findEntry(site.name);
    if (entry?.effect !== undefined) {
      low.at(expression.span, () => entry.effect!(site, low));
      return;
    }
  }
  const type = low.type(expression);
  if (isScalar(type)) scalar(low, expression);
  else if (type.kind !== 'none' && !isAggregate(type)) placeOf(low, expression);
}

function unary(low: Lowering, expression: Expression & { kind: 'unary' }): Operand {
  const { b } = low;
  switch (expression.operator) {
    case '-':
      return b.binary('sub', low.constantValue(0n), scalar(low, expression.operand));
    case '~':
      return b.binary('xor', scalar(low, expression.operand), -1n);
    case '!':
      return b.compare('eq', conditionValue(low, expression.operand), 0n);
    case '*':
      return remoteValue(low, expression)!;
    case '&':
      return addressOfOwn(low, expression);
  }
}

function update(low: Lowering, expression: Expression & { kind: 'update' }): Operand {
  const { target, operator, prefix } = expression;
  const op = operator === '++' ? 'add' : 'sub';
  const { b } = low;
  const type = low.type(expression);
  const step = type.kind === 'pointer' ? BigInt(Math.max(1, type.target.size)) : 1n;
  if (target.kind === 'map' || target.kind === 'map-access') {
    const { before, after } = updateMap(low, target, (old) => b.binary(op, old, step));
    return prefix ? after : before;
  }
  if (target.kind !== 'variable') throw new InternalCompilerError('bad target', target.span);
  const before = scalar(low, target);
  const after = b.binary(op, before, step);
  storeVariable(low, target, after);
  return prefix ? after : before;
}

export function storeVariable(low: Lowering, node: Expression & { kind: 'variable' }, value: Operand): void {
  const symbol = low.unit.variables.get(node)!;
  const local = low.localOf(symbol);
  const narrow = convert(low, value, symbol.type!);
  if (local === undefined) low.storeScalar(low.placeOf(symbol), symbol.type!, narrow);
  else low.b.setLocal(local, narrow);
}

/** The value as the narrower type holds it. */
export function convert(low: Lowering, value: Operand, type: Type): Operand {
  if (type.kind === 'integer' && type.size < 8)
    return low.b.extend(value, (type.size * 8) as 8 | 16 | 32, type.signed);
  return value;
}

function cast(low: Lowering, expression: Expression & { kind: 'cast' }): Operand {
  const to = low.type(expression);
  if (to.kind === 'boolean') return low.b.compare('ne', conditionValue(low, expression.value), 0n);
  const from = low.type(expression.value);
  if (from.kind === 'array') return low.loadScalar(placeOf(low, expression.value), to);
  const value = scalar(low, expression.value);
  const number = readType(from);
  if (
    to.kind === 'integer' &&
    number.kind === 'integer' &&
    number.size === to.size &&
    number.signed === to.signed
  )
    return value;
  return convert(low, value, to);
}

function argumentOf(low: Lowering, { field, span }: FieldAccess): ProbeArgument {
  const found = findArgument(low.unit, field.name);
  if (found === undefined) throw new InternalCompilerError(`no argument ${field.name}`, span);
  return found;
}

/** Address of a value in memory; evaluates into temporary memory where it has none of its own. */
export function placeOf(low: Lowering, expression: Expression): Place {
  const type = low.type(expression);
  switch (expression.kind) {
    case 'variable': {
      const symbol = low.unit.variables.get(expression)!;
      if (!isScalar(symbol.type!)) return low.placeOf(symbol);
      break;
    }
    case 'tuple-field': {
      const outer = low.type(expression.object) as TupleType;
      return within(placeOf(low, expression.object), outer.elements[expression.index]!.offset);
    }
    case 'field': {
      if (isEvent(low.unit, expression.object)) return argumentPlace(low, argumentOf(low, expression));
      const remote = remoteOf(low, expression);
      if (remote !== undefined) return fetched(low, remote, type);
      const outer = low.type(expression.object) as TupleType | StructType;
      if (outer.kind === 'struct') return memberPlace(low, expression, outer);
      const element = outer.elements.find(({ name }) => name === expression.field.name)!;
      return within(placeOf(low, expression.object), element.offset);
    }
    case 'index': {
      const remote = remoteOf(low, expression);
      if (remote !== undefined) return fetched(low, remote, type);
      const constant = low.constant(expression.index);
      if (constant === undefined) break;
      const at = constant?.kind === 'integer' ? Number(constant.value) : 0;
      return within(placeOf(low, expression.object), at * type.size);
    }
  }
  const place = low.allocate(type.size);
  into(low, expression, place, type);
  return place;
}

function fetched(low: Lowering, remote: Remote, type: Type): Place {
  const place = low.allocate(type.size);
  readRemoteInto(low, remote, type, place, type);
  return place;
}

export function address(low: Lowering, place: Place): ReturnType<Lowering['b']['binary']> {
  return place.offset === 0 ? place.base : low.b.binary('add', place.base, BigInt(place.offset));
}
