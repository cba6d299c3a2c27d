import { describe, expect, test } from 'vitest';
import type { AggregateType } from '../../../compiler/types/type.ts';
import { drawSeries, seriesOf } from '../../../runtime/output/time-series.ts';
import { context, words } from './support.ts';

type SeriesType = Extract<AggregateType, { readonly kind: 'tseries' }>;

const TYPE: SeriesType = { kind: 'tseries', size: 24, signed: true, interval: 1e9, count: 3 };

/** Slots of two CPUs: value, meta, epoch of each. */
const copies = (...values: readonly bigint[]): Uint8Array => words(...values);

describe('series of several CPUs', () => {
  test.each<[string, SeriesType['merge'], bigint]>([
    ['the newest value without a merge', undefined, 9n],
    ['the average of all', 'avg', 4n],
    ['the largest', 'max', 9n],
    ['the smallest', 'min', 7n],
    ['the sum', 'sum', 16n],
  ])('%s', (_, merge, value) => {
    const type = merge === undefined ? TYPE : { ...TYPE, merge };
    expect(seriesOf(type, [copies(7n, 1n, 5n, 9n, 3n, 5n)]).points).toEqual([{ epoch: 5n, value }]);
  });

  test('what a CPU left of an older interval does not count', () => {
    const type = { ...TYPE, merge: 'sum' } as const;
    expect(seriesOf(type, [copies(7n, 1n, 2n, 9n, 3n, 5n)]).points).toEqual([{ epoch: 5n, value: 9n }]);
  });

  test('slots that are longer ago than the series reaches are left out, and so are those never written', () => {
    const slots = [copies(1n, 1n, 2n), copies(2n, 1n, 6n), copies(3n, 1n, 4n), copies(0n, 0n, 0n)];
    expect(seriesOf(TYPE, slots).points.map(({ epoch }) => epoch)).toEqual([4n, 6n]);
  });
});

test.each([
  [1e9, '00:00:05 |', 'hh:mm:ss |'],
  [1e6, '00:00:00.005 |', 'hh:mm:ss.ms  |'],
  [1e3, '00:00:00.000005 |', 'hh:mm:ss.us     |'],
  [1, '00:00:00.000000005 |', 'hh:mm:ss.ns        |'],
])('intervals of %d ns have their digits (2.12)', (interval, time, head) => {
  const [limits, first, row] = drawSeries(
    seriesOf({ ...TYPE, interval }, [copies(1n, 1n, 5n)]),
    context,
  ).split('\n');
  expect(first!.startsWith(head)).toBe(true);
  expect(row!.startsWith(time)).toBe(true);
  expect(limits!.length).toBe(first!.length);
});
