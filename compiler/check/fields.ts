/** Members of structs, records and tuples. Pointers to structs are followed: `.` and `->` are the same. */
import {
  fieldOfValue,
  floatLiteral,
  noSuchField,
  tupleIndex,
  unknownField,
} from '../diagnostics/messages.gen.ts';
import { isSettingName } from '../resolve/settings-table.ts';
import { didYouMean } from '../resolve/suggest.ts';
import type { Expression, FieldAccess, TupleAccess } from '../syntax/ast.ts';
import { typeName } from '../types/name.ts';
import type { StructType, TupleType, Type } from '../types/type.ts';
import { argsField } from './args.ts';
import type { Checker } from './checker.ts';
import { isEvent, literal } from './expressions.ts';
import { isTyped } from './fold-typed.ts';
import { refusedInFunction } from './functions.ts';
import type { Constant } from './model.ts';
import { reportOpaque } from './pointers.ts';
import { needMemory } from './spaces.ts';

export function checkField(checker: Checker, expression: FieldAccess): Type | undefined {
  const { object } = expression;
  if (object.kind === 'identifier' && refusedInFunction(checker, object.name, object)) return undefined;
  if (isEvent(checker.unit, object)) return argsField(checker, expression);
  if (object.kind === 'identifier' && object.name === 'config') return configField(checker, expression);
  const type = checker.valueType(object);
  if (type === undefined) return undefined;
  if (type.kind === 'tuple') return recordField(checker, expression, type);
  const holder = type.kind === 'pointer' ? type.target : type;
  if (type.kind === 'pointer' && holder.kind === 'none') {
    reportOpaque(checker, object.span, type);
    return undefined;
  }
  if (holder.kind !== 'struct') {
    const names = { field: expression.field.name, type: typeName(type) };
    checker.report(fieldOfValue(expression.field.span, names));
    return undefined;
  }
  const found = member(checker, expression, holder);
  if (found === undefined || type.kind !== 'pointer') return found;
  return needMemory(checker, type, expression.span, typeName(holder)) ? found : undefined;
}

function member(checker: Checker, { field }: FieldAccess, holder: StructType): Type | undefined {
  const found = holder.members.find(field.name);
  if (found !== undefined) return found.type;
  if (holder.members.list().length === 0) {
    reportOpaque(checker, field.span, holder);
    return undefined;
  }
  // Another kernel's structure may have it.
  if (checker.model.mockSymbols && holder.origin?.relocatable) return undefined;
  const names = { type: typeName(holder), field: field.name };
  checker.report(noSuchField(field.span, names, didYouMean(field.name, holder.members.names())));
  return undefined;
}

function recordField(checker: Checker, { field }: FieldAccess, type: TupleType): Type | undefined {
  const found = type.elements.find(({ name }) => name === field.name);
  if (found !== undefined) return found.type;
  const names = type.elements.flatMap(({ name }) => name ?? []);
  const values = { type: typeName(type), field: field.name };
  checker.report(unknownField(field.span, values, didYouMean(field.name, names)));
  return undefined;
}

export function checkTupleField(checker: Checker, expression: TupleAccess): Type | undefined {
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
  if (type.kind === 'tuple') checker.report(tupleIndex(expression.span, { index: expression.index, size }));
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

/** A setting of the script, known when it is compiled. */
function configField(checker: Checker, expression: FieldAccess): Type | undefined {
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
