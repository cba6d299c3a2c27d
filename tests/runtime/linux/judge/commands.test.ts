import { describe, expect, test } from 'vitest';
import { type JudgeAnswer, judgeAnswer, rawAnswers } from '../../../../runtime/linux/judge/answers.ts';
import { judgeCommands } from '../../../../runtime/linux/judge/commands.ts';
import type { Case } from '../../../../verifier/case/case.ts';

const CASE: Case = {
  id: 'one',
  programType: 'socket_filter',
  flags: 0,
  license: 'GPL',
  insns: new Uint8Array(8),
  maps: [{ type: 'hash', keySize: 4, valueSize: 8, maxEntries: 1, flags: 0 }],
  mapUses: [{ slot: 0, map: 0 }],
  kfuncs: [],
  ksyms: [],
  runs: [],
};
const MAP = 'M 1 4 8 1 0 0 0 - 0 0 - - - 0 1 -';

describe('commands', () => {
  test('tell equal maps and types once', () => {
    const btf = Uint8Array.of(1, 2);
    const lines = judgeCommands([CASE, { ...CASE, btf }, { ...CASE, btf: btf.slice() }], 'auto').split('\n');
    expect(lines).toEqual([
      MAP,
      'C 1 0 0 47504c00 a - - - - 0:0 - - 0000000000000000',
      'B 0102',
      'C 1 0 0 47504c00 a 0 - - - 0:0 - - 0000000000000000',
      'C 1 0 0 47504c00 a 0 - - - 0:0 - - 0000000000000000',
      '',
    ]);
  });

  test.each([
    ['prog_array', 3],
    ['devmap', 14],
  ] as const)('make a %s, which its first program binds, anew each time', (type, id) => {
    const [map] = judgeCommands([{ ...CASE, maps: [{ ...CASE.maps[0]!, type }] }], 4).split('\n');
    expect(map).toBe(`M ${id} 4 8 1 0 0 0 - 0 0 - - - 0 0 -`);
  });

  test('name what is in the kernel, and let no name part a command', () => {
    const text = judgeCommands(
      [
        {
          ...CASE,
          mapUses: [],
          attachBtf: { name: 'vfs_read', kind: 'func', module: 'a b\nC' },
          kfuncs: [{ slot: 3, name: 'x,y:z' }],
          ksyms: [{ slot: 1, name: 'runqueues', kind: 'btf' }],
        },
      ],
      1,
    );
    expect(text).toBe(
      'C 1 0 0 47504c00 1 - - - 12:vfs_read:a?b?C - 3:x?y?z 1:b:runqueues 0000000000000000\n',
    );
  });
});

describe('answers', () => {
  const answersTo = (text: string): readonly JudgeAnswer[] =>
    rawAnswers([CASE], new TextEncoder().encode(text)).map((one) => judgeAnswer(one, 'auto'));

  test.each([
    ['A ok 0 1500 0 0\n\n', { ok: true, errno: 0, microseconds: 1.5 }],
    ['A load 22 1 8 13\nR0 leak\n7: (95) exit\n\n', { ok: false, errno: 22, messages: ['R0 leak'], insn: 7 }],
    ['A load 22 1 0 0\n\n', { ok: false, errno: 22, messages: [] }],
    ['A load 1 1 0 0\n\n', { ok: null, unjudged: 'a policy of the machine refuses the load (errno 1)' }],
    ['A map 524 0 0 0\n\n', { ok: null, unjudged: 'the kernel refuses a map of the case (errno 524)' }],
    ['A time 11 9 0 0\n\n', { ok: null, unjudged: 'the load took longer than the limit (errno 11)' }],
  ])('%j', (text, want) => {
    expect(answersTo(text)[0]).toMatchObject(want);
  });

  test('that are missing are told', () => {
    expect(() => answersTo('')).toThrow('bpfjudge stopped before case one');
  });
});
