/** The type of each kind of expression, and its constant when it has one. */
import {
  missingParameter,
  notAConstant,
  parameterKind,
  stringTooLong,
  unaryType,
} from '../diagnostics/messages.gen.ts';
import type { Expression, PositionalParameter } from '../syntax/ast.ts';
import { BOOL, COUNTER, INT64, literalType, string, tuple, UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { isAggregate, isInteger, isIntegral } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { checkBlock, checkIf, checkTernary } from './arms.ts';
import { updateTarget } from './assignments.ts';
import { checkCall, checkIdentifier } from './calls.ts';
import { checkCast } from './casts.ts';
import type { Checker } from './checker.ts';
import { checkField, checkTupleField } from './fields.ts';
import { foldUnary } from './fold.ts';
import { foldTypedUnary, isTyped } from './fold-typed.ts';
import { plainType, readMap } from './maps.ts';
import type { Constant, Unit } from './model.ts';
import { checkBinary } from './operators.ts';
import { checkAddressOf, checkDereference, checkIndex } from './pointers.ts';
import { checkOffsetof, checkSizeof } from './sizes.ts';
import { checkTypeof } from './type-operand.ts';
import { asksUnknownEvent } from './unknown-events.ts';
import { assignVariable, variableType } from './variables.ts';

export function typeOfExpression(checker: Checker, expression: Expression): Type | undefined {
  if (asksUnknownEvent(checker, expression)) return undefined;
  switch (expression.kind) {
    case 'integer':
      return literal(checker, expression, { kind: 'integer', value: expression.value });
    case 'boolean':
      return literal(checker, expression, { kind: 'boolean', value: expression.value });
    case 'string':
      return literal(checker, expression, { kind: 'string', bytes: expression.bytes });
    case 'positional':
      return positional(checker, expression);
    case 'positional-count':
      return literal(checker, expression, { kind: 'integer', value: BigInt(checker.model.params.length) });
    case 'identifier':
      return checkIdentifier(checker, expression);
    case 'call':
      return checkCall(checker, expression);
    case 'variable':
      return variableType(checker, expression);
    case 'map':
    case 'map-access':
      return readMap(checker, expression);
    case 'field':
      return checkField(checker, expression);
    case 'tuple-field':
      return checkTupleField(checker, expression);
    case 'index':
      return checkIndex(checker, expression);
    case 'unary':
      return unary(checker, expression);
    case 'update':
      return update(checker, expression);
    case 'binary':
      return checkBinary(checker, expression);
    case 'ternary':
      return checkTernary(checker, expression);
    case 'if':
      return checkIf(checker, expression);
    case 'block':
      return checkBlock(checker, expression);
    case 'comptime':
      return comptime(checker, expression);
    case 'cast':
      return checkCast(checker, expression);
    case 'tuple':
    case 'record':
      return aggregate(checker, expression);
    case 'sizeof':
      return checkSizeof(checker, expression);
    case 'offsetof':
      return checkOffsetof(checker, expression);
    case 'typeof':
    case 'typeinfo':
      return checkTypeof(checker, expression);
    case 'error-expression':
      return undefined;
  }
}

function isArgs(object: Expression): boolean {
  return object.kind === 'identifier' && object.name === 'args';
}

/** `args`, and the context of iterators, whose members are found in the same way. */
export function isEvent({ points: [point] }: Unit, object: Expression): boolean {
  if (isArgs(object)) return true;
  return object.kind === 'identifier' && object.name === 'ctx' && point?.point.kind === 'iter';
}

/** Gives the expression this constant and the type that goes with it. */
export function literal(checker: Checker, expression: Expression, constant: Constant): Type | undefined {
  checker.setConstant(expression, constant);
  if (constant.kind === 'integer') return literalType(constant.value);
  if (constant.kind === 'boolean') return BOOL;
  const limit = checker.model.settings.maxStrlen;
  if (constant.bytes.length >= limit) {
    checker.report(stringTooLong(expression.span, { limit, text: new TextDecoder().decode(constant.bytes) }));
    return undefined;
  }
  return string(constant.bytes.length + 1);
}

/** An integer where the argument reads as one, else text; a missing one is 0. */
function positional(checker: Checker, expression: Expression & { kind: 'positional' }): Type | undefined {
  const text = checker.model.params[expression.index - 1];
  if (text === undefined) {
    warnMissing(checker, expression);
    return literal(checker, expression, { kind: 'integer', value: 0n });
  }
  const value = parseInteger(text);
  if (value !== undefined) return literal(checker, expression, { kind: 'integer', value });
  return literal(checker, expression, { kind: 'string', bytes: new TextEncoder().encode(text) });
}

/** A parameter that was not given. */
export function warnMissing(checker: Checker, { index, span }: PositionalParameter): void {
  if (checker.model.params[index - 1] === undefined) checker.report(missingParameter(span, { index }));
}

function parseInteger(text: string): bigint | undefined {
  const match = /^(-?)(0[xX][0-9a-fA-F]{1,16}|\d{1,20})$/.exec(text);
  if (match === null) return undefined;
  const digits = match[2]!;
  const octal = /^0[0-7]+$/.test(digits);
  const magnitude = BigInt(octal ? `0o${digits.slice(1)}` : digits);
  const value = match[1] === '-' ? -magnitude : magnitude;
  return value >= -(1n << 63n) && value < 1n << 64n ? value : undefined;
}

function unary(checker: Checker, expression: Expression & { kind: 'unary' }): Type | undefined {
  const { operator, operand } = expression;
  if (operator === '*') return checkDereference(checker, expression);
  if (operator === '&') return checkAddressOf(checker, expression);
  const type = checker.valueType(operand);
  if (type === undefined) return undefined;
  const constant = checker.constant(operand);
  const folded = constant && (operator === '!' || !isTyped(constant)) && foldUnary(operator, constant);
  if (folded) return literal(checker, expression, folded);
  checker.setConstant(expression, undefined);
  if (operator === '!' && (isIntegral(type) || type.kind === 'pointer' || isAggregate(type))) return BOOL;
  if (!isInteger(type)) {
    checker.report(unaryType(expression.span, { operator, type: typeName(type) }));
    return undefined;
  }
  const result = operator === '~' && !type.signed ? UINT64 : INT64;
  if (constant?.kind === 'integer')
    checker.setConstant(expression, foldTypedUnary(operator, { constant, type }, result));
  return result;
}

function update(checker: Checker, expression: Expression & { kind: 'update' }): Type | undefined {
  const type = updateTarget(checker, expression.target);
  if (type === undefined) return undefined;
  // One element further, or one back.
  if (type.kind === 'pointer') return type;
  if (type.kind !== 'integer') {
    checker.report(unaryType(expression.span, { operator: expression.operator, type: typeName(type) }));
    return undefined;
  }
  const { target } = expression;
  if (target.kind === 'variable') {
    const symbol = checker.unit.variables.get(target);
    const widened: Type = expression.operator === '--' ? INT64 : type.signed ? COUNTER : UINT64;
    if (symbol !== undefined && checker.phase === 'infer')
      assignVariable(checker, symbol, widened, expression.target);
  }
  return expression.operator === '--' ? INT64 : type;
}

function comptime(checker: Checker, expression: Expression & { kind: 'comptime' }): Type | undefined {
  const type = checker.valueType(expression.value);
  if (type === undefined) return undefined;
  const constant = checker.constant(expression.value);
  checker.setConstant(expression, constant);
  if (constant !== undefined) return type;
  checker.report(notAConstant(expression.value.span));
  return undefined;
}

function aggregate(
  checker: Checker,
  expression: Expression & { kind: 'tuple' | 'record' },
): Type | undefined {
  const parts: readonly { readonly name?: string; readonly value: Expression }[] =
    expression.kind === 'tuple'
      ? expression.elements.map((value) => ({ value }))
      : expression.fields.map(({ name, value }) => ({ name: name.name, value }));
  const elements: { name?: string; type: Type }[] = [];
  for (const part of parts) {
    const type = plainType(checker, part.value, checker.valueType(part.value));
    if (type === undefined) continue;
    elements.push(part.name === undefined ? { type } : { name: part.name, type });
  }
  if (elements.length !== parts.length) return undefined;
  return tuple(elements);
}

/** Complains when a positional text parameter stands where a number is needed. */
export function wantNumber(checker: Checker, expression: Expression): boolean {
  const constant = checker.constant(expression);
  if (expression.kind !== 'positional' || constant?.kind !== 'string') return true;
  const value = new TextDecoder().decode(constant.bytes);
  checker.report(parameterKind(expression.span, { index: expression.index, value }));
  return false;
}
