/** Uses of maps: keyed or scalar, key and value types, aggregations as the right-hand side. */
import {
  aggregateCopy,
  boundsMismatch,
  emptyElement,
  keyedWithoutKey,
  keyMismatch,
  scalarWithKey,
} from '../diagnostics/messages.gen.ts';
import type { AssignStatement, Expression, MapAccess, MapName } from '../syntax/ast.ts';
import { COUNTER } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { equalTypes, isAggregate, isReadableAggregate } from '../types/predicates.ts';
import type { Type } from '../types/type.ts';
import { pointsElsewhere, settle, unify } from '../types/unify.ts';
import { reportMismatch } from './assignable.ts';
import { compoundType } from './assignments.ts';
import type { Checker } from './checker.ts';
import { warnImplicitCast } from './implicit-casts.ts';
import { readType } from './loops.ts';
import { type MapSymbol, mapSymbol } from './model.ts';

type MapUse = MapName | MapAccess;

export function nameOf(use: MapUse): MapName {
  return use.kind === 'map' ? use : use.map;
}

/** Notes that a map is used with or without a key; types the key. Undefined when that contradicts other uses. */
export function useMap(checker: Checker, use: MapUse): MapSymbol | undefined {
  const name = nameOf(use);
  const symbol = mapSymbol(checker.model, name.name, use.span);
  const keyed = use.kind === 'map-access';
  if (symbol.keyed === undefined) {
    symbol.keyed = keyed;
    checker.changed = true;
  }
  if (symbol.keyed !== keyed) {
    const make = keyed ? scalarWithKey : keyedWithoutKey;
    const related = [{ message: 'This is the initial declaration.', span: symbol.firstUse }];
    checker.report(make(use.span, { name: name.name }, { related }));
    if (keyed) checker.valueType(use.key);
    return undefined;
  }
  if (keyed) useKey(checker, symbol, use.key);
  return symbol;
}

export function useKey(checker: Checker, symbol: MapSymbol, key: Expression): void {
  const type = plainType(checker, key, checker.valueType(key, 'The key'));
  if (type === undefined) return;
  if (type.size === 0) {
    checker.report(emptyElement(key.span, { what: 'The key', name: symbol.name, type: typeName(type) }));
    return;
  }
  if (symbol.key === undefined) {
    symbol.key = type;
    checker.changed = true;
    return;
  }
  const unified = unify(symbol.key, type);
  if (unified === undefined) {
    const names = { name: symbol.name, found: typeName(type), wanted: typeName(settle(symbol.key)) };
    const related = [{ message: 'This is the initial declaration.', span: symbol.firstUse }];
    checker.report(keyMismatch(key.span, names, { related }));
    return;
  }
  if (checker.phase === 'final') {
    warnImplicitCast(checker, key, type, symbol.key);
    return;
  }
  if (equalTypes(unified, symbol.key)) return;
  symbol.key = unified;
  checker.changed = true;
}

/** The value read from a map. Aggregations read as themselves; users cast or print them. */
export function readMap(checker: Checker, use: MapUse): Type | undefined {
  const symbol = useMap(checker, use);
  if (symbol === undefined) return undefined;
  if (symbol.value === undefined) {
    checker.undefinedMap(symbol.name, nameOf(use).span);
  }
  return symbol.value;
}

/** The map as target of `++` and `--`: using it so makes it an integer map. */
export function checkMapTarget(checker: Checker, use: MapUse): Type | undefined {
  const symbol = useMap(checker, use);
  if (symbol === undefined) return undefined;
  if (symbol.value === undefined || (symbol.value.kind === 'integer' && checker.phase === 'infer')) {
    setValue(checker, symbol, COUNTER, use);
  }
  return symbol.value;
}

export function assignMap(checker: Checker, statement: AssignStatement, target: MapUse): void {
  const symbol = useMap(checker, target);
  if (symbol !== undefined) symbol.written = true;
  const { value } = statement;
  const aggregate = statement.operator === '=' && value.kind === 'call';
  // `@x += 1` alone makes an integer map, as `@x++` does.
  if (symbol !== undefined && statement.operator !== '=' && symbol.value === undefined) {
    const right = checker.valueType(value);
    if (right !== undefined) setValue(checker, symbol, COUNTER, value);
  }
  if (aggregate) checker.aggregateTarget = value;
  const type = compoundType(checker, statement);
  checker.aggregateTarget = undefined;
  if (symbol === undefined || type === undefined) return;
  if (isAggregate(type) && value.kind !== 'call') {
    reportCopy(checker, value, type);
    return;
  }
  setValue(checker, symbol, type, value);
}

function setValue(checker: Checker, symbol: MapSymbol, type: Type, value: Expression): void {
  if (type.size === 0) {
    checker.report(emptyElement(value.span, { what: 'The value', name: symbol.name, type: typeName(type) }));
    return;
  }
  if (symbol.value === undefined) {
    symbol.value = type;
    symbol.assignedAt = value.span;
    checker.changed = true;
    return;
  }
  const unified = unify(symbol.value, type);
  if (unified === undefined || (checker.phase === 'final' && pointsElsewhere(symbol.value, type))) {
    if (differentBounds(checker, symbol, symbol.value, type, value)) return;
    const at = symbol.assignedAt ?? symbol.firstUse;
    reportMismatch(checker, { type: symbol.value, what: `@${symbol.name}`, kind: 'map', at }, type, value);
    return;
  }
  if (checker.phase === 'final') {
    warnImplicitCast(checker, value, type, symbol.value);
    return;
  }
  if (equalTypes(unified, symbol.value)) return;
  symbol.value = unified;
  checker.changed = true;
}

/** The type of a value that is kept outside of maps, or in a key: of an aggregation, the number that it stands for. */
export function plainType(checker: Checker, value: Expression, type: Type | undefined): Type | undefined {
  if (type === undefined || !isAggregate(type)) return type;
  if (isReadableAggregate(type)) return readType(type);
  reportCopy(checker, value, type);
  return undefined;
}

/** An aggregation where a plain value is needed. */
function reportCopy(checker: Checker, value: Expression, type: Type): void {
  const what = value.kind === 'map' || value.kind === 'map-access' ? `@${nameOf(value).name}` : 'The value';
  const use = value.kind === 'map-access' ? `${what}[…]` : what;
  const number = isReadableAggregate(type);
  const hints =
    number && what !== 'The value' ? [`a cast takes the number it stands for: (int64)${use}`] : [];
  const values = { what, type: typeName(type), how: number ? ' without a cast' : '' };
  checker.report(aggregateCopy(value.span, values, hints.length > 0 ? { hints } : {}));
}

/** Histograms of one kind with other buckets: says which. */
function differentBounds(
  checker: Checker,
  symbol: MapSymbol,
  wanted: Type,
  found: Type,
  value: Expression,
): boolean {
  const [here, there] = [bounds(found), bounds(wanted)];
  if (wanted.kind !== found.kind || here === undefined || there === undefined) return false;
  const related = [
    { message: 'This is the initial declaration.', span: symbol.assignedAt ?? symbol.firstUse },
  ];
  const names = { name: symbol.name, found: here, wanted: there };
  checker.report(boundsMismatch(value.span, names, { related }));
  return true;
}

function bounds(type: Type): string | undefined {
  if (type.kind === 'hist') return `${type.bits} bits`;
  if (type.kind === 'tseries') {
    return `${type.count} intervals of ${type.interval} ns${type.merge === undefined ? '' : `, ${type.merge}`}`;
  }
  return type.kind === 'lhist' ? `${type.min}..${type.max} in steps of ${type.step}` : undefined;
}
