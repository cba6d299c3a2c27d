/**
 * tseries: what a number was in each interval of time. One map element a slot, the slot's number behind the user's key;
 * an element is {value, meta, epoch}, the epoch being the number of the interval since the clock's beginning:
 *
 *     epoch = now / interval      slot = epoch % count      another epoch in the slot: it begins anew
 *
 * `meta` counts what is averaged, and is otherwise the time of the last change, by which the newest CPU is told.
 */
import type { Checker } from '../check/checker.ts';
import { argumentLiteral, unstableFeature, unstableUse } from '../diagnostics/messages.gen.ts';
import type { Operand, Value } from '../ir/ir.ts';
import { softTai } from '../lower/clocks.ts';
import { scalar } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { aggregateUpdate, keyPlace, keyTypeOf, storeWord, symbolOf } from '../lower/maps.ts';
import { type Place, within } from '../lower/place.ts';
import type { Expression } from '../syntax/ast.ts';
import type { AggregateType } from '../types/type.ts';
import { checkNumber } from './aggregations.ts';
import type { CallSite, LibraryEntry } from './entry.ts';

type SeriesType = Extract<AggregateType, { readonly kind: 'tseries' }>;

const MOST_SLOTS = 1_000_000n;
const LONGEST_INTERVAL: bigint = 1n << 53n;
const MERGES = ['avg', 'max', 'min', 'sum'] as const;

const META = 8;
const EPOCH = 16;
const SIZE = 24;

function positive(checker: Checker, argument: Expression, what: string, most: bigint): number | undefined {
  checker.valueType(argument);
  const constant = checker.constant(argument);
  if (constant?.kind === 'integer' && constant.value > 0n && constant.value <= most)
    return Number(constant.value);
  checker.report(argumentLiteral(argument.span, { name: 'tseries', wanted: what }));
  return undefined;
}

function mergeOf(checker: Checker, argument: Expression | undefined): SeriesType['merge'] | 'wrong' {
  if (argument === undefined) return undefined;
  checker.valueType(argument);
  const constant = checker.constant(argument);
  const text = constant?.kind === 'string' ? new TextDecoder().decode(constant.bytes) : '';
  const found = MERGES.find((merge) => merge === text);
  if (found !== undefined) return found;
  const wanted = 'one of "avg", "max", "min", "sum" as fourth argument';
  checker.report(argumentLiteral(argument.span, { name: 'tseries', wanted }));
  return 'wrong';
}

function checkSeries(call: CallSite, checker: Checker): SeriesType | undefined {
  const names = { feature: 'tseries', setting: 'unstable_tseries' };
  const stability = checker.model.settings.unstableTseries;
  if (stability === 'error') checker.report(unstableFeature(call.span, names));
  if (stability === 'warn') checker.report(unstableUse(call.span, names));
  const number = checkNumber(call, checker);
  const [, interval, slots, how] = call.args;
  const length = positive(checker, interval!, 'a literal duration as interval', LONGEST_INTERVAL);
  const count = positive(checker, slots!, `a literal number of intervals, at most ${MOST_SLOTS}`, MOST_SLOTS);
  const merge = mergeOf(checker, how);
  if (number === undefined || length === undefined || count === undefined || merge === 'wrong')
    return undefined;
  const signed = number.kind === 'integer' && number.signed;
  return {
    kind: 'tseries',
    size: SIZE,
    signed,
    ...(number.kind === 'integer' && number.flexible && { flexible: true }),
    interval: length,
    count,
    ...(merge !== undefined && { merge }),
  };
}

function update(
  low: Lowering,
  target: Parameters<NonNullable<LibraryEntry['aggregate']>>[2],
  value: Operand,
): void {
  const { b } = low;
  const symbol = symbolOf(low, target);
  const type = symbol.value as SeriesType;
  const now = softTai(low);
  const epoch = b.binary('udiv', now, BigInt(type.interval));
  const key = keyPlace(low, symbol, target.kind === 'map' ? undefined : target.key, 8);
  storeWord(low, within(key, keyTypeOf(symbol).size), b.binary('umod', epoch, BigInt(type.count)));
  const begin = (place: Place): void => {
    b.store(place.base, place.offset, 8, value);
    b.store(place.base, place.offset + META, 8, type.merge === 'avg' ? 1n : now);
    b.store(place.base, place.offset + EPOCH, 8, epoch);
  };
  const change = (place: Place): void => {
    const [stale, same, after] = [b.block(), b.block(), b.block()];
    const before = b.load(place.base, place.offset + EPOCH, 8);
    b.branch({ op: 'ne', left: before, right: epoch }, stale, same);
    b.enter(stale);
    begin(place);
    b.jump(after);
    b.enter(same);
    merge(low, type, place, value, now);
    b.jump(after);
    b.enter(after);
  };
  aggregateUpdate(low, target, key, SIZE, change, begin);
}

function merge(low: Lowering, type: SeriesType, { base, offset }: Place, value: Operand, now: Value): void {
  const { b } = low;
  const add = (at: number, more: Operand | bigint): void =>
    b.store(base, at, 8, b.binary('add', b.load(base, at, 8), more));
  switch (type.merge) {
    case 'avg':
      add(offset, value);
      add(offset + META, 1n);
      return;
    case 'sum':
      add(offset, value);
      break;
    case 'min':
    case 'max': {
      const op = type.merge === 'min' ? (type.signed ? 'slt' : 'ult') : type.signed ? 'sgt' : 'ugt';
      const [take, after] = [b.block(), b.block()];
      b.branch({ op, left: value, right: b.load(base, offset, 8) }, take, after);
      b.enter(take);
      b.store(base, offset, 8, value);
      b.jump(after);
      b.enter(after);
      break;
    }
    case undefined:
      b.store(base, offset, 8, value);
      break;
    default:
      type.merge satisfies never;
  }
  b.store(base, offset + META, 8, now);
}

export const SERIES_ENTRIES: readonly LibraryEntry[] = [
  {
    name: 'tseries',
    kind: 'aggregation',
    signature: 'tseries(int n, duration interval, int count[, string merge])',
    doc: 'What n was in each of the last intervals: the last value, or "avg", "max", "min" or "sum" of them.',
    arguments: { min: 3, max: 4 },
    check: checkSeries,
    aggregate: (call, low, target) => update(low, target, scalar(low, call.args[0]!)),
  },
];
