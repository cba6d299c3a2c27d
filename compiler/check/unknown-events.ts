/**
 * What a body asks of an event nobody knows more of than its name: it has some type, whatever that is, as long as this kind
 * of probe tells such things at all.
 */
import { findProvider } from '../resolve/providers/index.ts';
import type { Expression, FieldAccess } from '../syntax/ast.ts';
import { findArgument } from './args.ts';
import type { Checker } from './checker.ts';
import type { Unit } from './model.ts';

export function asksUnknownEvent(checker: Checker, expression: Expression): boolean {
  const { unit, model } = checker;
  const unknown = unit.points[0]?.unknown === true;
  if (!unknown && !model.mockSymbols) return false;
  switch (expression.kind) {
    case 'field':
      return asksField(unit, expression);
    case 'identifier':
      return unknown && tells(unit, expression.name);
    case 'call':
      return unknown && tells(unit, expression.callee.name);
    default:
      return false;
  }
}

/** A field that is known is checked as any other, be it only that names are taken as existing. */
function asksField(unit: Unit, { object, field }: FieldAccess): boolean {
  if (object.kind !== 'identifier' || (object.name !== 'args' && object.name !== 'ctx')) return false;
  return tells(unit, object.name) && findArgument(unit, field.name) === undefined;
}

/** The words of the table of providers that stand for many. */
const FAMILIES: readonly (readonly [RegExp, string])[] = [
  [/^arg\d+$/, 'argN'],
  [/^sarg\d+$/, 'sargN'],
  [/^uaddr$/, 'func'],
  [/^(args|ctx|func|reg|retval)$/, ''],
];

/** Does this kind of probe have that? One whose kind is not known may have anything. */
function tells({ points: [point] }: Unit, name: string): boolean {
  const family = FAMILIES.find(([words]) => words.test(name));
  if (family === undefined || point === undefined) return false;
  const provider = findProvider(point.syntax.parts[0]?.text ?? '');
  if (provider === undefined) return true;
  // The plain context is everywhere; its members are told by name only for iterators.
  const word = family[1] === '' ? name : family[1];
  return provider.data.includes(word);
}
