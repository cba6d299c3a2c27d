/** Pointers: what is behind them, their elements, addresses of the script's own values. */
import type { Span } from '../../bpf/span.ts';
import {
  distinctPointers,
  indexRange,
  indexType,
  noAddress,
  opaqueTarget,
  unaryType,
} from '../diagnostics/messages.gen.ts';
import type { BinaryExpression, IndexAccess, UnaryExpression } from '../syntax/ast.ts';
import { INT8, pointer } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { equalTypes, isAggregate } from '../types/predicates.ts';
import type { PointerType, Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import type { Checker } from './checker.ts';
import { readMap } from './maps.ts';
import { needMemory } from './spaces.ts';
import { variableType } from './variables.ts';

export function reportOpaque(checker: Checker, span: Span, type: Type): void {
  checker.report(opaqueTarget(span, { type: typeName(type) }));
}

/** `*p` */
export function checkDereference(checker: Checker, expression: UnaryExpression): Type | undefined {
  const type = checker.valueType(expression.operand);
  if (type === undefined) return undefined;
  if (type.kind !== 'pointer') {
    checker.report(unaryType(expression.span, { operator: '*', type: typeName(type) }));
    return undefined;
  }
  return targetOf(checker, type, expression.span, expression.operand.span);
}

/** What a pointer leads to, which is about to be read. */
function targetOf(checker: Checker, type: PointerType, span: Span, at: Span): Type | undefined {
  const { target } = type;
  if (target.size === 0) {
    reportOpaque(checker, at, type);
    return undefined;
  }
  return needMemory(checker, type, span, typeName(target)) ? target : undefined;
}

/** `&$x`, `&@m`, `&@m[k]`: where the script's own values are is kernel memory. */
export function checkAddressOf(checker: Checker, { operand, span }: UnaryExpression): Type | undefined {
  if (operand.kind === 'variable') {
    const type = variableType(checker, operand);
    const symbol = checker.unit.variables.get(operand);
    if (symbol !== undefined) symbol.addressed = true;
    return type && pointer(type, 'kernel', true);
  }
  if (operand.kind === 'map' || operand.kind === 'map-access') {
    const type = readMap(checker, operand);
    if (type === undefined) return undefined;
    return pointer(isAggregate(type) ? { kind: 'none', size: 0 } : type, 'kernel', true);
  }
  checker.valueType(operand);
  checker.report(noAddress(span));
  return undefined;
}

/** `a[i]` of arrays, strings and what pointers lead to. */
export function checkIndex(checker: Checker, expression: IndexAccess): Type | undefined {
  const [object, at] = [checker.valueType(expression.object), checker.valueType(expression.index)];
  if (object === undefined || at === undefined) return undefined;
  const isIndexed = object.kind === 'array' || object.kind === 'string' || object.kind === 'pointer';
  if (at.kind !== 'integer' || !isIndexed) {
    checker.report(indexType(expression.index.span, { index: typeName(at), type: typeName(object) }));
    return undefined;
  }
  if (object.kind === 'pointer') {
    return targetOf(checker, object, expression.span, expression.object.span);
  }
  const size = object.kind === 'array' ? object.count : object.size;
  const constant = checker.constant(expression.index);
  // A flexible array is as long as its author made it.
  const isBounded = object.kind === 'string' || size > 0;
  const index = constant?.kind === 'integer' ? constant.value : undefined;
  if (index !== undefined && (index < 0n || (isBounded && index >= BigInt(size)))) {
    checker.report(indexRange(expression.index.span, { index, size }));
    return undefined;
  }
  return object.kind === 'array' ? object.element : INT8;
}

/** Addresses of different things are compared all the same. */
export function warnDistinctPointers(
  checker: Checker,
  { operatorSpan }: BinaryExpression,
  left: Type,
  right: Type,
): void {
  if (left.kind !== 'pointer' || right.kind !== 'pointer') return;
  if (left.target.kind === 'none' || right.target.kind === 'none') return;
  if (equalTypes(settle(left.target), settle(right.target))) return;
  checker.report(distinctPointers(operatorSpan, { left: typeName(left), right: typeName(right) }));
}
