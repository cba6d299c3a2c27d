/** Which programs and maps a script becomes. */
import { describe, expect, test } from 'vitest';
import { validate } from '../../../compiler/ir/validate.ts';
import { compileText } from '../support.ts';

describe('programs', () => {
  test('one program serves every match of a wildcard', () => {
    const { object } = compileText('tracepoint:*:* { @ = count(); }');
    expect(object?.programs.map(({ attach }) => attach.length)).toEqual([2]);
  });

  test('the probe builtin makes one program for each point', () => {
    const { object } = compileText('tracepoint:*:* { @[probe] = count(); }');
    expect(object?.programs.map(({ section }) => section)).toEqual([
      'tracepoint/sched/sched_switch',
      'tracepoint/syscalls/sys_enter_openat',
    ]);
  });

  test('a timer runs as a perf event program', () => {
    const { object } = compileText('interval:s:1 { exit(); } profile:hz:99 { @ = count(); }');
    expect(object?.programs.map(({ type, attach }) => [type, attach[0]])).toEqual([
      ['perf_event', { kind: 'interval', periodNs: 1e9 }],
      ['perf_event', { kind: 'profile', frequencyHz: 99 }],
    ]);
  });
});

describe('maps', () => {
  test('aggregations are per CPU, declared types are kept', () => {
    const { object } = compileText(
      'let @l = lruhash(7); begin { @a = count(); @l[1] = 2; @s = "x"; @h[1] = hist(2); }',
    );
    const maps = object?.maps.filter(({ name }) => name.startsWith('@')) ?? [];
    expect(
      maps.map(({ name, type, keySize, valueSize, maxEntries }) => [
        name,
        type,
        keySize,
        valueSize,
        maxEntries,
      ]),
    ).toEqual([
      ['@a', 'percpu_hash', 8, 8, 1],
      ['@h', 'percpu_hash', 9, 8, 4096],
      ['@l', 'lru_hash', 1, 1, 7],
      ['@s', 'hash', 8, 2, 1],
    ]);
  });

  test('kernels before 5.8 write to a perf event array', () => {
    const { object, info } = compileText('begin { printf("x"); }', { release: '5.4' });
    expect(info?.output.kind).toBe('perf_event_array');
    expect(object?.maps[0]).toMatchObject({ type: 'perf_event_array', maxEntries: 0 });
  });
});

test('lowered IR is valid', () => {
  const { stages } = compileText(
    'begin { $s = "abc"; for $i : 0..3 { if ($i == 2) { return; } @[$i, $s] = max(-$i); } for $kv : @ { print($kv); } }',
  );
  expect(stages.ir === undefined ? ['no IR'] : stages.ir.functions.flatMap(validate)).toEqual([]);
});

test('a loop whose end is not constant reports that it was too long', () => {
  const errors = (text: string): unknown[] =>
    (compileText(text).info?.actions ?? []).flatMap((one) =>
      one.kind === 'helper-error' ? [[one.helper, one.message]] : [],
    );
  expect(errors('begin { for $i : 0..nsecs { $x = $i; } }')).toEqual([
    ['loop', 'The loop was not run: it has more than 8388608 rounds.'],
  ]);
  expect(errors('begin { for $i : 0..5 { $x = $i; } }')).toEqual([]);
});
