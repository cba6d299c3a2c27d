/** Conversions nobody wrote: values of one type where another was settled on. */
import { implicitCast } from '../diagnostics/messages.gen.ts';
import type { Expression } from '../syntax/ast.ts';
import { typeName } from '../types/name.ts';
import { isAggregate, isReadableAggregate } from '../types/predicates.ts';
import type { IntegerType, TupleType, Type } from '../types/type.ts';
import { settle } from '../types/unify.ts';
import { fits } from './assignable.ts';
import type { Checker } from './checker.ts';
import { readType } from './loops.ts';

/** Warns where a value of type `from` may not survive as a value of type `to`. */
export function warnImplicitCast(
  checker: Checker,
  value: Expression,
  from: Type | undefined,
  to: Type | undefined,
): void {
  if (checker.phase !== 'final' || from === undefined || to === undefined) return;
  const number = isAggregate(to) ? from : readable(from);
  const target = to;
  if (number.kind === 'integer' && target.kind === 'integer') {
    const constant = checker.constant(value);
    const literal = constant?.kind === 'integer' && constant.cast !== true;
    const holds = literal ? fits(constant.value, target) : widens(number, target);
    if (!holds) report(checker, value, number, target);
    return;
  }
  if (losesSign(number, target)) report(checker, value, number, target);
  if (number.kind !== 'tuple' || target.kind !== 'tuple') return;
  for (const [index, element] of number.elements.entries()) {
    const part = partOf(value, index);
    const other = counterpart(target, element.name, index);
    if (part === undefined) warnWhole(checker, value, element.type, other);
    else warnImplicitCast(checker, part, element.type, other);
  }
}

/** Whether every value of the one is a value of the other. */
function widens(from: IntegerType, to: IntegerType): boolean {
  if (from.signed === to.signed || from.flexible) return from.size <= to.size;
  return !from.signed && from.size < to.size;
}

/** An aggregation of numbers without a sign where others have one. */
function losesSign(from: Type, to: Type): boolean {
  if (!isAggregate(from) || from.kind !== to.kind || !('signed' in from)) return false;
  return 'signed' in to && from.signed !== to.signed && from.flexible !== true;
}

function readable(type: Type): Type {
  return isReadableAggregate(type) ? readType(type) : type;
}

function partOf(value: Expression, index: number): Expression | undefined {
  if (value.kind === 'tuple') return value.elements[index];
  return value.kind === 'record' ? value.fields[index]?.value : undefined;
}

function counterpart(type: TupleType, name: string | undefined, index: number): Type | undefined {
  const named = name === undefined ? undefined : type.elements.find((one) => one.name === name);
  return (named ?? type.elements[index])?.type;
}

/** A tuple that is not written out: the place is that of the whole. */
function warnWhole(checker: Checker, value: Expression, from: Type, to: Type | undefined): void {
  if (from.kind === 'integer' && to?.kind === 'integer' && !widens(from, to))
    report(checker, value, from, to);
  if (from.kind !== 'tuple' || to?.kind !== 'tuple') return;
  for (const [index, element] of from.elements.entries())
    warnWhole(checker, value, element.type, counterpart(to, element.name, index));
}

function report(checker: Checker, value: Expression, from: Type, to: Type): void {
  checker.report(implicitCast(value.span, { from: typeName(settle(from)), to: typeName(settle(to)) }));
}
