/** Aggregations: count sum min max avg stats. Each CPU has its own copy, so no update is ever lost. */

import type { Checker } from '../check/checker.ts';
import { readType } from '../check/loops.ts';
import { argumentType } from '../diagnostics/messages.gen.ts';
import type { Operand } from '../ir/ir.ts';
import { scalar } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { aggregateUpdate, keyPlace, symbolOf } from '../lower/maps.ts';
import type { Place } from '../lower/place.ts';
import { UINT64 } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import { isIntegral } from '../types/predicates.ts';
import type { AggregateType, Type } from '../types/type.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

type Name = 'count' | 'sum' | 'min' | 'max' | 'avg' | 'stats';

/** The number an aggregation takes; undefined and a complaint when it is none. */
export function checkNumber({ args: [value], name }: CallSite, checker: Checker): Type | undefined {
  const found = checker.valueType(value!);
  if (found === undefined) return undefined;
  const type = readType(found);
  if (isIntegral(type)) return type;
  checker.report(argumentType(value!.span, { name, wanted: 'integer', found: typeName(found) }));
  return undefined;
}

/** The sign of what is aggregated: literals leave it open to the other uses of the map. */
function typeFor(name: Name, of: Type): AggregateType {
  if (name === 'count') return { kind: 'count', size: 8 };
  const signed = of.kind === 'integer' && of.signed;
  const sign = { signed, ...(of.kind === 'integer' && of.flexible && { flexible: true }) };
  return name === 'sum' ? { kind: 'sum', size: 8, ...sign } : { kind: name, size: 16, ...sign };
}

function entry(name: Name, doc: string): LibraryEntry {
  const takes = name === 'count' ? 0 : 1;
  return {
    name,
    kind: 'aggregation',
    signature: takes === 0 ? `${name}()` : `${name}(int n)`,
    doc,
    arguments: { min: takes, max: takes },
    check: (call, checker) => {
      if (takes === 0) return typeFor(name, UINT64);
      const type = checkNumber(call, checker);
      return type && typeFor(name, type);
    },
    aggregate: (call, low, target) => {
      const value = takes === 0 ? low.constantValue(1n) : scalar(low, call.args[0]!);
      const symbol = symbolOf(low, target);
      const key = keyPlace(low, symbol, target.kind === 'map' ? undefined : target.key);
      const type = symbol.value as AggregateType;
      aggregateUpdate(
        low,
        target,
        key,
        type.size,
        (place) => change(low, type, place, value),
        (place) => fresh(low, type, place, value),
      );
    },
  };
}

function change(low: Lowering, type: AggregateType, { base, offset }: Place, value: Operand): void {
  const { b } = low;
  if (type.kind !== 'min' && type.kind !== 'max') {
    b.store(base, offset, 8, b.binary('add', b.load(base, offset, 8), value));
    if (type.size === 16) b.store(base, offset + 8, 8, b.binary('add', b.load(base, offset + 8, 8), 1n));
    return;
  }
  const [compare, take, after] = [b.block(), b.block(), b.block()];
  b.branch({ op: 'eq', left: b.load(base, offset + 8, 8), right: 0n }, take, compare);
  b.enter(compare);
  const op = type.kind === 'min' ? (type.signed ? 'slt' : 'ult') : type.signed ? 'sgt' : 'ugt';
  b.branch({ op, left: value, right: b.load(base, offset, 8) }, take, after);
  b.enter(take);
  b.store(base, offset, 8, value);
  b.store(base, offset + 8, 8, 1n);
  b.jump(after);
  b.enter(after);
}

function fresh(low: Lowering, type: AggregateType, { base, offset }: Place, value: Operand): void {
  low.b.store(base, offset, 8, value);
  if (type.size === 16) low.b.store(base, offset + 8, 8, 1n);
}

export const AGGREGATION_ENTRIES: readonly LibraryEntry[] = [
  entry('count', 'Counts how often it is called.'),
  entry('sum', 'Adds up its arguments.'),
  entry('min', 'Keeps the smallest argument.'),
  entry('max', 'Keeps the largest argument.'),
  entry('avg', 'Average of its arguments.'),
  entry('stats', 'Count, average and total of its arguments.'),
];
