import { describe, expect, test } from 'vitest';
import type { ScriptMap } from '../../../compiler/script-info.ts';
import type { Type } from '../../../compiler/types/type.ts';
import { bucketsOf, drawHistogram } from '../../../runtime/output/histogram.ts';
import { bucketsAt, viewMap } from '../../../runtime/output/map-view.ts';
import { mapText } from '../../../runtime/output/text-sink.ts';
import { context, handle, int64, text, words } from './support.ts';

const span = { source: 0, start: 0, end: 1 };

function map(value: Type, key?: Type, keySize = 8): ScriptMap {
  return {
    name: '@x',
    ...(key === undefined ? {} : { key }),
    keySize,
    value,
    perCpu: false,
    declaredAt: span,
  };
}

const comm: Type = { kind: 'string', size: 8 };

describe('maps as text', () => {
  test('counts ascend by value, per-CPU copies are summed', () => {
    const entries = [
      { key: text('b', 8), value: words(5n, 6n) },
      { key: text('a', 8), value: words(1n, 2n) },
    ];
    const view = viewMap(map({ kind: 'count', size: 8 }, comm), handle(entries, 8, 2));
    expect(mapText(view, context)).toBe('@x[a]: 3\n@x[b]: 11\n');
  });

  test('the histogram of one key has the buckets of that key alone', () => {
    const type = { kind: 'lhist', size: 8, min: 0, max: 3, step: 1 } as const;
    const entries = [
      { key: words(7n, 1n), value: words(2n, 3n) },
      { key: words(8n, 1n), value: words(9n, 9n) },
      { key: words(7n, 3n), value: words(1n, 0n) },
    ];
    const at = (key: bigint): unknown => {
      const cell = { type: int64, bytes: words(0n, key), offset: 8 };
      const value = bucketsAt(map(type, int64, 16), handle(entries, 8, 2), cell);
      return value.kind === 'histogram' && [value.total, value.buckets.map(({ count }) => count)];
    };
    expect(at(7n)).toEqual([6n, [5n, 0n, 1n]]);
    expect(at(9n)).toEqual([0n, []]);
  });

  test('top keeps the largest', () => {
    const entries = [3n, 1n, 2n].map((value) => ({ key: words(value), value: words(value) }));
    const view = viewMap(map(int64, int64), handle(entries, 8), { top: 2 });
    expect(mapText(view, context)).toBe('@x[2]: 2\n@x[3]: 3\n');
  });

  test('strings ascend by key', () => {
    const entries = [2n, 1n].map((key) => ({ key: words(key), value: text(`v${key}`, 8) }));
    expect(mapText(viewMap(map(comm, int64), handle(entries, 8)), context)).toBe('@x[1]: v1\n@x[2]: v2\n');
  });

  test('min ignores CPUs that never set it, and a zero that was set wins', () => {
    const entries = [{ key: words(0n), value: words(0n, 0n, 7n, 1n, 9n, 1n) }];
    const view = viewMap(map({ kind: 'min', size: 16, signed: true }), handle(entries, 16, 3));
    expect(mapText(view, context)).toBe('@x: 7\n');
  });

  test('stats are a record, avg a number', () => {
    const entries = [{ key: words(0n), value: words(6n, 2n, 0n, 1n) }];
    const stats = viewMap(map({ kind: 'stats', size: 16, signed: true }), handle(entries, 16, 2));
    expect(mapText(stats, context)).toBe('@x: { .count = 3, .average = 2, .total = 6 }\n');
    const average = viewMap(map({ kind: 'avg', size: 16, signed: true }), handle(entries, 16, 2));
    expect(mapText(average, context)).toBe('@x: 2\n');
  });

  test('an empty scalar prints a zero only when asked', () => {
    const empty = handle([], 8);
    expect(mapText(viewMap(map(int64), empty, { zeroWhenEmpty: true }), context)).toBe('@x: 0\n');
    expect(mapText(viewMap(map(int64), empty), context)).toBe('');
  });

  test('tuple keys lose their outer parentheses only', () => {
    const inner: Type = {
      kind: 'tuple',
      size: 16,
      elements: [
        { offset: 0, type: int64 },
        { offset: 8, type: int64 },
      ],
    };
    const key: Type = {
      kind: 'tuple',
      size: 24,
      elements: [
        { offset: 0, type: int64 },
        { offset: 8, type: inner },
      ],
    };
    const entries = [{ key: words(1n, 2n, 3n), value: words(9n) }];
    expect(mapText(viewMap(map(int64, key, 24), handle(entries, 8)), context)).toBe('@x[1, (2, 3)]: 9\n');
  });
});

describe('histograms', () => {
  test('drawn as bpftrace draws them', () => {
    const counts = new Map([
      [0, 1n],
      [3, 2n],
      [4, 1n],
    ]);
    expect(drawHistogram(bucketsOf({ kind: 'hist', size: 8, bits: 0 }, counts))).toBe(
      [
        '(..., 0)               1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |',
        '[0]                    0 |                                                    |',
        '[1]                    0 |                                                    |',
        '[2, 4)                 2 |@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@|',
        '[4, 8)                 1 |@@@@@@@@@@@@@@@@@@@@@@@@@@                          |',
        '',
      ].join('\n'),
    );
  });

  test.each([
    [0, 11, '[512, 1K)'],
    [0, 12, '[1K, 2K)'],
    [0, 21, '[512K, 1M)'],
    [0, 2, '[1]'],
    [2, 4, '[3]'],
    [2, 8, '[7]'],
    [2, 9, '[8, 10)'],
  ])('hist with %i bits, bucket %i is %s', (bits, index, label) => {
    const [bucket] = bucketsOf({ kind: 'hist', size: 8, bits }, new Map([[index, 1n]]));
    expect(bucket!.label).toBe(label);
  });

  test.each([
    [0, '(..., 10)'],
    [1, '[10, 20)'],
    [2, '[20, 30)'],
    [3, '[30, ...)'],
  ])('lhist bucket %i is %s', (index, label) => {
    const type = { kind: 'lhist', size: 8, min: 10, max: 30, step: 10 } as const;
    expect(bucketsOf(type, new Map([[index, 1n]]))[0]!.label).toBe(label);
  });

  test('rows of a keyed histogram ascend by total and are spaced', () => {
    const hist: Type = { kind: 'hist', size: 8, bits: 0 };
    const entries = [
      { key: words(7n, 1n), value: words(3n) },
      { key: words(8n, 1n), value: words(1n) },
      { key: words(8n, 2n), value: words(1n) },
    ];
    const lines = mapText(viewMap(map(hist, int64, 16), handle(entries, 8)), context).split('\n');
    expect(lines.filter((line) => line.startsWith('@'))).toEqual(['@x[8]:', '@x[7]:']);
    expect(lines.filter((line) => line === '')).toHaveLength(3);
  });
});
