import { describe, expect, test } from 'vitest';
import type { JudgeAnswer } from '../../../../runtime/linux/judge/answers.ts';
import {
  compareAnswers,
  differenceGroups,
  isDifference,
  tallies,
} from '../../../../runtime/linux/judge/compare.ts';
import { differenceText, groupList, tallyTable } from '../../../../runtime/linux/judge/table.ts';
import type { CaseAnswer } from '../../../../verifier/case/verify-case.ts';

const linux = (more: Partial<JudgeAnswer>): JudgeAnswer => ({
  id: 'file/#0 one',
  ok: true,
  errno: 0,
  messages: [],
  microseconds: 1,
  log: '',
  ...more,
});
const ours = (more: Partial<CaseAnswer>): CaseAnswer => ({
  id: 'file/#0 one',
  ok: true,
  messages: [],
  microseconds: 1,
  ...more,
});
const REFUSED = { ok: false, messages: ['R0 !read_ok', 'more'], insn: 3 } as const;

describe('one case', () => {
  test.each([
    [true, true, 'agree'],
    [false, false, 'agree'],
    [true, false, 'false accept'],
    [false, true, 'false reject'],
    [null, true, 'no verdict'],
    [null, false, 'no verdict'],
    [true, null, 'unjudged'],
    [null, null, 'unjudged'],
  ])('we say %s, Linux %s: %s', (we, they, agreement) => {
    expect(compareAnswers(ours({ ok: we }), linux({ ok: they })).agreement).toBe(agreement);
  });

  test('refusals have a place and words', () => {
    expect(compareAnswers(ours(REFUSED), linux(REFUSED))).toMatchObject({
      sameInsn: true,
      sameFirst: true,
      sameText: true,
    });
    const other = compareAnswers(ours({ ...REFUSED, insn: 4, messages: ['R0 !read_ok'] }), linux(REFUSED));
    expect(other).toMatchObject({ sameInsn: false, sameFirst: true, sameText: false });
    const { insn: _, ...placeless } = REFUSED;
    expect(compareAnswers(ours(REFUSED), linux(placeless)).sameInsn).toBeUndefined();
  });

  test('accepted programs have a number of steps', () => {
    const row = compareAnswers(ours({ processed: 130 }), linux({ processed: 100 }));
    expect(row.processedRatio).toBeCloseTo(1.3);
    expect(isDifference(row)).toBe(true);
    expect(isDifference(compareAnswers(ours({ processed: 110 }), linux({ processed: 100 })))).toBe(false);
  });
});

const ROWS = [
  compareAnswers(ours({ id: 'a/#0 x', processed: 10 }), linux({ id: 'a/#0 x', processed: 10 })),
  compareAnswers(ours({ id: 'b/#0 x' }), linux({ id: 'b/#0 x', ...REFUSED })),
  compareAnswers(
    ours({ id: 'b/#1 y', ...REFUSED, messages: ['R7 other'] }),
    linux({ id: 'b/#1 y', ...REFUSED }),
  ),
  compareAnswers(
    ours({ id: 'b/#2 z', ok: null, messages: ['cannot judge: x'] }),
    linux({ id: 'b/#2 z', ok: null }),
  ),
];

describe('many cases', () => {
  test('are counted by file and in all', () => {
    const [a, b, all] = tallies(ROWS);
    expect(a).toMatchObject({ file: 'a', cases: 1, agree: 1, accepted: 1, processedAlike: 1 });
    expect(b).toMatchObject({
      file: 'b',
      cases: 3,
      judged: 2,
      agree: 1,
      falseAccepts: 1,
      refused: 1,
      sameFirst: 0,
    });
    expect(all).toMatchObject({ file: 'all', cases: 4, judged: 3, agree: 2 });
  });

  test('are grouped by what was said, the worst first', () => {
    const groups = differenceGroups(ROWS);
    expect(groups.map(({ title, rows }) => [title, rows.length])).toEqual([
      ['FALSE ACCEPT  linux: R# !read_ok | more', 1],
      ['OTHER TEXT  ours: R# other  linux: R# !read_ok | more', 1],
    ]);
    expect(groupList(groups, 1)).toBe(
      '    1  FALSE ACCEPT  linux: R# !read_ok | more\n         b/#0 x\n(1 more kinds of difference)\n',
    );
  });

  test('make a table without the files that agree', () => {
    const text = tallyTable(tallies(ROWS), 30);
    expect(text.split('\n').map((line) => line.split(/ +/).slice(0, 4).join(' '))).toEqual([
      'file cases agree f.acc',
      'b 2/3 50.0% 1',
      'all 3/4 66.7% 1',
      '(1 files without any)',
      '',
    ]);
    expect(tallyTable(tallies(ROWS), Number.POSITIVE_INFINITY)).toContain('\na ');
  });

  test('are told in full', () => {
    expect(differenceText(ROWS[1]!)).toMatch(
      /^=== b\/#0 x {2}\[false accept\]\nours : accepted, .*\nlinux: refused at 3, /,
    );
  });
});
