/** hist and lhist: one map element for each bucket, the bucket's number behind the user's key. */

import type { Checker } from '../check/checker.ts';
import { argumentLiteral } from '../diagnostics/messages.gen.ts';
import type { Operand, Value } from '../ir/ir.ts';
import { scalar } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { aggregateUpdate, keyPlace, keyTypeOf, storeWord, symbolOf } from '../lower/maps.ts';
import { within } from '../lower/place.ts';
import type { Expression } from '../syntax/ast.ts';
import type { AggregateType } from '../types/type.ts';
import { checkNumber } from './aggregations.ts';
import type { LibraryEntry } from './entry.ts';

const MAX_BUCKETS = 1000;

function literalArgument(
  checker: Checker,
  argument: Expression,
  name: string,
  wanted: string,
  high: bigint,
): number | undefined {
  checker.valueType(argument);
  const constant = checker.constant(argument);
  if (constant?.kind === 'integer' && constant.value >= 0n && constant.value <= high)
    return Number(constant.value);
  checker.report(argumentLiteral(argument.span, { name, wanted }));
  return undefined;
}

const hist: LibraryEntry = {
  name: 'hist',
  kind: 'aggregation',
  signature: 'hist(int n[, int bits])',
  doc: 'Histogram with a bucket for each power of two, each split into 2^bits.',
  arguments: { min: 1, max: 2 },
  check: (call, checker) => {
    const type = checkNumber(call, checker);
    const [, second] = call.args;
    const bits =
      second === undefined
        ? 0
        : literalArgument(checker, second, 'hist', 'a literal from 0 to 5 as number of bits', 5n);
    return type && bits !== undefined ? { kind: 'hist', size: 8, bits } : undefined;
  },
  aggregate: (call, low, target) => {
    const value = scalar(low, call.args[0]!);
    bump(low, target, (type) => (type.kind === 'hist' ? logBucket(low, value, type.bits) : value));
  },
};

const lhist: LibraryEntry = {
  name: 'lhist',
  kind: 'aggregation',
  signature: 'lhist(int n, int min, int max, int step)',
  doc: 'Histogram with buckets of equal width.',
  arguments: { min: 4, max: 4 },
  check: (call, checker) => {
    const type = checkNumber(call, checker);
    const limits = call.args
      .slice(1)
      .map((one) => literalArgument(checker, one, 'lhist', 'a non-negative literal', 0x7fff_ffff_ffffn));
    const [min, max, step] = limits;
    if (type === undefined || min === undefined || max === undefined || step === undefined) return undefined;
    if (step < 1)
      checker.report(argumentLiteral(call.args[3]!.span, { name: 'lhist', wanted: 'a step of at least 1' }));
    else if (max < min)
      checker.report(
        argumentLiteral(call.args[2]!.span, {
          name: 'lhist',
          wanted: 'a maximum that is not below the minimum',
        }),
      );
    else if ((max - min) / step > MAX_BUCKETS) {
      checker.report(argumentLiteral(call.span, { name: 'lhist', wanted: `at most ${MAX_BUCKETS} buckets` }));
    } else return { kind: 'lhist', size: 8, min, max, step };
    return undefined;
  },
  aggregate: (call, low, target) => {
    const value = scalar(low, call.args[0]!);
    bump(low, target, (type) => (type.kind === 'lhist' ? linearBucket(low, value, type) : value));
  },
};

function bump(
  low: Lowering,
  target: Parameters<NonNullable<LibraryEntry['aggregate']>>[2],
  bucketOf: (type: AggregateType) => Operand,
): void {
  const { b } = low;
  const symbol = symbolOf(low, target);
  const bucket = bucketOf(symbol.value as AggregateType);
  const key = keyPlace(low, symbol, target.kind === 'map' ? undefined : target.key, 8);
  storeWord(low, within(key, keyTypeOf(symbol).size), bucket);
  aggregateUpdate(
    low,
    target,
    key,
    8,
    ({ base }) => b.store(base, 0, 8, b.binary('add', b.load(base, 0, 8), 1n)),
    (place) => b.store(place.base, place.offset, 8, 1n),
  );
}

/**
 * n < 0 → 0; n < 2^bits → n + 1; else with l = floor(log2 n): ((l - bits + 1) << bits) + the `bits` bits below the
 * top one, + 1. Large numbers are told from all others by one comparison: they are what there is to measure.
 */
function logBucket(low: Lowering, value: Operand, bits: number): Value {
  const { b } = low;
  const result = b.local('bucket');
  const [large, small, negative, counted, after] = [b.block(), b.block(), b.block(), b.block(), b.block()];
  b.branch({ op: 'sge', left: value, right: 1n << BigInt(bits) }, large, small);
  b.enter(small);
  b.branch({ op: 'slt', left: value, right: 0n }, negative, counted);
  b.enter(negative);
  b.setLocal(result, 0n);
  b.jump(after);
  b.enter(counted);
  b.setLocal(result, b.binary('add', value, 1n));
  b.jump(after);
  b.enter(large);
  b.setLocal(result, largeBucket(low, value, bits));
  b.jump(after);
  b.enter(after);
  return b.getLocal(result);
}

function largeBucket(low: Lowering, value: Operand, bits: number): Operand {
  const { b } = low;
  // Counting from two on saves adding it.
  if (bits === 0) return floorLog2(low, value, 2n);
  const log = floorLog2(low, value, 0n);
  const shift = b.binary('sub', log, BigInt(bits));
  const power = b.binary('shl', b.binary('add', shift, 1n), BigInt(bits));
  const fine = b.binary('and', b.binary('lshr', value, shift), (1n << BigInt(bits)) - 1n);
  return b.binary('add', b.binary('add', power, fine), 1n);
}

/** Halves the search each step; `value` is not zero. `from` is added. */
function floorLog2(low: Lowering, value: Operand, from: bigint): Value {
  const { b } = low;
  const [rest, log] = [b.local('rest'), b.local('log')];
  b.setLocal(rest, value);
  b.setLocal(log, from);
  for (const step of [32n, 16n, 8n, 4n, 2n, 1n]) {
    const [more, next] = [b.block(), b.block()];
    b.branch({ op: 'ugt', left: b.getLocal(rest), right: (1n << step) - 1n }, more, next);
    b.enter(more);
    b.setLocal(rest, b.binary('lshr', b.getLocal(rest), step));
    b.setLocal(log, b.binary('add', b.getLocal(log), step));
    b.jump(next);
    b.enter(next);
  }
  return b.getLocal(log);
}

/** n < min → 0; n > max → 1 + (max - min) / step; else 1 + (n - min) / step. */
function linearBucket(
  low: Lowering,
  value: Operand,
  { min, max, step }: AggregateType & { kind: 'lhist' },
): Value {
  const { b } = low;
  const result = b.local('bucket');
  const [below, other, above, within_, after] = [b.block(), b.block(), b.block(), b.block(), b.block()];
  b.branch({ op: 'slt', left: value, right: BigInt(min) }, below, other);
  b.enter(below);
  b.setLocal(result, 0n);
  b.jump(after);
  b.enter(other);
  b.branch({ op: 'sgt', left: value, right: BigInt(max) }, above, within_);
  b.enter(above);
  b.setLocal(result, BigInt(1 + Math.floor((max - min) / step)));
  b.jump(after);
  b.enter(within_);
  const scaled = b.binary('udiv', b.binary('sub', value, BigInt(min)), BigInt(step));
  b.setLocal(result, b.binary('add', scaled, 1n));
  b.jump(after);
  b.enter(after);
  return b.getLocal(result);
}

export const HISTOGRAM_ENTRIES: readonly LibraryEntry[] = [hist, lhist];
