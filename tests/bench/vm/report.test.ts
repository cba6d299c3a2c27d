import { describe, expect, test } from 'vitest';
import { geometricMean, reportOf, tables } from '../../../bench/vm/report.ts';

const ROWS = [
  { name: 'a', insns: 10, ns: { jit: 10, kernel: 40, c: 100 } },
  { name: 'b', insns: 4, ns: { jit: 20, kernel: 20 } },
  { name: 'c', insns: 1, ns: { jit: 5 } },
];

describe('report', () => {
  test('the geometric mean', () => {
    expect(geometricMean([2, 8])).toBeCloseTo(4);
    expect(geometricMean([0.5])).toBeCloseTo(0.5);
  });

  test('ratios are of the engines that are there; means of the programs that have them', () => {
    const { programs, geomean } = reportOf(ROWS);
    expect(programs.map(({ ratios }) => ratios)).toEqual([
      { 'jit/kernel': 0.25, 'c/kernel': 2.5 },
      { 'jit/kernel': 1 },
      {},
    ]);
    expect(geomean['jit/kernel']).toBeCloseTo(0.5);
    expect(Object.keys(geomean)).toEqual(['jit/kernel', 'c/kernel']);
  });

  test('the tables', () => {
    expect(tables(reportOf(ROWS))).toBe(
      [
        'ns a run  insns   jit  kernel    c',
        'a            10  10.0    40.0  100',
        'b             4  20.0    20.0',
        'c             1   5.0',
        '',
        'ns an insn   jit  kernel      c',
        'a           1.00    4.00  10.00',
        'b           5.00    5.00',
        'c           5.00',
        '',
        'ratio           jit/kernel  c/kernel',
        'a                     0.25      2.50',
        'b                     1.00',
        'c',
        'geometric mean        0.50      2.50',
        '',
      ].join('\n'),
    );
  });
});
