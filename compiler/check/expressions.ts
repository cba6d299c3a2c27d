/** The type of each kind of expression, and its constant when it has one. */
import {
  floatLiteral,
  indexRange,
  indexType,
  notAConstant,
  parameterKind,
  stringTooLong,
  unaryType,
  unknownField,
} from '../diagnostics/messages.gen.ts';
import { isSettingName } from '../resolve/settings-table.ts';
import { didYouMean } from '../resolve/suggest.ts';
import type { Expression } from '../syntax/ast.ts';
import { BOOL, COUNTER, INT8, INT64, literalType, string, tuple, UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { isAggregate, isInteger, isIntegral } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { argsField, findArgument } from './args.ts';
import { checkBlock, checkIf, checkTernary } from './arms.ts';
import { checkCall, checkIdentifier } from './calls.ts';
import { checkCast } from './casts.ts';
import type { Checker } from './checker.ts';
import { foldUnary } from './fold.ts';
import { foldTypedUnary, isTyped } from './fold-typed.ts';
import { readMap, reportCopy } from './maps.ts';
import type { Constant, Unit } from './model.ts';
import { checkBinary } from './operators.ts';
import { checkTypeof, operandType } from './type-operand.ts';

export function typeOfExpression(checker: Checker, expression: Expression): Type | undefined {
  if (asksUnknownPoint(checker, expression)) return undefined;
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
      return checker.variable(expression);
    case 'map':
    case 'map-access':
      return readMap(checker, expression);
    case 'field':
      return field(checker, expression);
    case 'tuple-field':
      return tupleField(checker, expression);
    case 'index':
      return index(checker, expression);
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
      return sizeof(checker, expression);
    case 'offsetof':
      return checker.unsupported(expression.span, 'offsetof');
    case 'typeof':
    case 'typeinfo':
      return checkTypeof(checker, expression);
    case 'error-expression':
      return undefined;
  }
}

/** Is it about the event of a point nobody knows more of than its name? Then it has some type, whatever that is. */
function asksUnknownPoint({ unit, model }: Checker, expression: Expression): boolean {
  const unknown = unit.points[0]?.unknown === true;
  switch (expression.kind) {
    case 'field':
      return (
        (unknown || model.mockSymbols) && isArgs(expression.object) && !knows(unit, expression.field.name)
      );
    case 'identifier':
      return unknown && OF_EVENTS.test(expression.name);
    case 'call':
      return unknown && OF_EVENTS.test(expression.callee.name);
    default:
      return false;
  }
}

const OF_EVENTS = /^(args|s?arg\d+|retval|ctx|func|reg|uaddr)$/;

function isArgs(object: Expression): boolean {
  return object.kind === 'identifier' && object.name === 'args';
}

/** `args`, and the context of iterators, whose members are found in the same way. */
export function isEvent({ points: [point] }: Unit, object: Expression): boolean {
  if (isArgs(object)) return true;
  return object.kind === 'identifier' && object.name === 'ctx' && point?.point.kind === 'iter';
}

function knows(unit: Unit, field: string): boolean {
  return findArgument(unit, field) !== undefined;
}

/** Gives the expression this constant and the type that goes with it. */
export function literal(checker: Checker, expression: Expression, constant: Constant): Type | undefined {
  checker.setConstant(expression, constant);
  if (constant.kind === 'integer') return literalType(constant.value);
  if (constant.kind === 'boolean') return BOOL;
  const limit = checker.model.settings.maxStrlen;
  if (constant.bytes.length >= limit) {
    checker.report(stringTooLong(expression.span, { limit: limit - 1 }));
    return undefined;
  }
  return string(constant.bytes.length + 1);
}

/** An integer where the argument reads as one, else text; a missing one is 0. */
function positional(checker: Checker, expression: Expression & { kind: 'positional' }): Type | undefined {
  const text = checker.model.params[expression.index - 1];
  if (text === undefined) return literal(checker, expression, { kind: 'integer', value: 0n });
  const value = parseInteger(text);
  if (value !== undefined) return literal(checker, expression, { kind: 'integer', value });
  return literal(checker, expression, { kind: 'string', bytes: new TextEncoder().encode(text) });
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

function field(checker: Checker, expression: Expression & { kind: 'field' }): Type | undefined {
  const { object } = expression;
  const name = expression.field.name;
  if (isEvent(checker.unit, object)) return argsField(checker, expression);
  if (object.kind === 'identifier' && object.name === 'config') return configField(checker, expression);
  const type = checker.valueType(object);
  if (type === undefined) return undefined;
  if (type.kind === 'tuple') {
    const found = type.elements.find((element) => element.name === name);
    if (found !== undefined) return found.type;
    const names = type.elements.flatMap((element) => element.name ?? []);
    checker.report(
      unknownField(expression.field.span, { type: typeName(type), field: name }, didYouMean(name, names)),
    );
    return undefined;
  }
  if (type.kind === 'pointer') return checker.unsupported(expression.span, 'fields of kernel structures');
  checker.report(unknownField(expression.field.span, { type: typeName(type), field: name }));
  return undefined;
}

function tupleField(checker: Checker, expression: Expression & { kind: 'tuple-field' }): Type | undefined {
  if (expression.object.kind === 'integer') {
    checker.report(floatLiteral(expression.span));
    return undefined;
  }
  const type = checker.valueType(expression.object);
  if (type === undefined) return undefined;
  if (type.kind === 'tuple' && expression.index < type.elements.length) {
    const constant = elementConstant(checker, expression.object, expression.index);
    if (constant !== undefined && !isTyped(constant)) return literal(checker, expression, constant);
    checker.setConstant(expression, constant);
    return type.elements[expression.index]!.type;
  }
  const size = type.kind === 'tuple' ? type.elements.length : 0;
  if (type.kind === 'tuple') checker.report(indexRange(expression.span, { index: expression.index, size }));
  else
    checker.report(unknownField(expression.span, { type: typeName(type), field: String(expression.index) }));
  return undefined;
}

/** An element of a tuple that is written out and all constant. */
function elementConstant(checker: Checker, object: Expression, index: number): Constant | undefined {
  const whole = checker.unit.rewritten.get(object) ?? object;
  if (whole.kind !== 'tuple') return undefined;
  const constants = whole.elements.map((element) => checker.constant(element));
  return constants.includes(undefined) ? undefined : constants[index];
}

function index(checker: Checker, expression: Expression & { kind: 'index' }): Type | undefined {
  const [object, at] = [checker.valueType(expression.object), checker.valueType(expression.index)];
  if (object === undefined || at === undefined) return undefined;
  if (at.kind !== 'integer' || (object.kind !== 'array' && object.kind !== 'string')) {
    if (object.kind === 'pointer') return checker.unsupported(expression.span, 'indexing of pointers');
    checker.report(indexType(expression.index.span, { index: typeName(at), type: typeName(object) }));
    return undefined;
  }
  const size = object.kind === 'array' ? object.count : object.size;
  const constant = checker.constant(expression.index);
  if (constant === undefined && object.kind === 'array' && object.element.kind !== 'integer')
    return checker.unsupported(expression.index.span, 'an array index that is not constant');
  if (constant?.kind === 'integer' && (constant.value < 0n || constant.value >= BigInt(size))) {
    checker.report(indexRange(expression.index.span, { index: constant.value, size }));
    return undefined;
  }
  return object.kind === 'array' ? object.element : INT8;
}

function unary(checker: Checker, expression: Expression & { kind: 'unary' }): Type | undefined {
  const { operator, operand } = expression;
  if (operator === '*') {
    checker.valueType(operand);
    return checker.unsupported(expression.span, 'dereferencing pointers');
  }
  if (operator === '&') return checker.unsupported(expression.span, 'the address-of operator');
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
  const type = checker.updateTarget(expression.target);
  if (type === undefined) return undefined;
  if (type.kind !== 'integer') {
    checker.report(unaryType(expression.span, { operator: expression.operator, type: typeName(type) }));
    return undefined;
  }
  const { target } = expression;
  if (target.kind === 'variable') {
    const symbol = checker.unit.variables.get(target);
    const widened: Type = expression.operator === '--' ? INT64 : type.signed ? COUNTER : UINT64;
    if (symbol !== undefined && checker.phase === 'infer')
      checker.assignVariable(symbol, widened, expression.target);
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
    const type = checker.valueType(part.value);
    if (type === undefined) continue;
    if (isAggregate(type)) {
      reportCopy(checker, part.value, type);
      continue;
    }
    elements.push(part.name === undefined ? { type } : { name: part.name, type });
  }
  if (elements.length !== parts.length) return undefined;
  return tuple(elements);
}

function sizeof(checker: Checker, expression: Expression & { kind: 'sizeof' }): Type | undefined {
  const type = operandType(checker, expression.operand);
  return type && literal(checker, expression, { kind: 'integer', value: BigInt(type.size) });
}

/** A setting of the script, known when it is compiled. */
function configField(checker: Checker, expression: Expression & { kind: 'field' }): Type | undefined {
  const { name, span } = expression.field;
  const { values } = checker.model.settings;
  const value = isSettingName(name) ? values.get(name) : undefined;
  if (value === undefined) {
    checker.report(unknownField(span, { type: 'config', field: name }, didYouMean(name, [...values.keys()])));
    return undefined;
  }
  return literal(checker, expression, constantOf(value));
}

function constantOf(value: bigint | boolean | string): Constant {
  if (typeof value === 'bigint') return { kind: 'integer', value };
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  return { kind: 'string', bytes: new TextEncoder().encode(value) };
}

/** Complains when a positional text parameter stands where a number is needed. */
export function wantNumber(checker: Checker, expression: Expression): boolean {
  const constant = checker.constant(expression);
  if (expression.kind !== 'positional' || constant?.kind !== 'string') return true;
  const value = new TextDecoder().decode(constant.bytes);
  checker.report(parameterKind(expression.span, { index: expression.index, value }));
  return false;
}
