/** The target decides what is generated: nothing it lacks is emitted, and what cannot be done without is told. */
import { describe, expect, test } from 'vitest';
import { profileFor } from '../../bpf/profiles/index.ts';
import { findLoop } from '../../compiler/codegen/find-loop.ts';
import { type CompileResult, compile } from '../../compiler/compile.ts';
import { createSimKernel } from '../../runtime/sim/sim-kernel.ts';
import { samplesOn, sampleText } from '../sample-tools.ts';
import { foreign } from './foreign.ts';
import { compileText } from './support.ts';

const RELEASES = ['4.18', '5.4', '5.15', '6.1'] as const;
type Release = (typeof RELEASES)[number];
const kernel = createSimKernel({ seed: 1, cpus: 2 }).describe();

/** Those of Linux alone are in releases.test.ts. */
const samples = samplesOn('simulation').map((name) => ({ name, text: sampleText(name) }));

function compileFor(text: string, release: Release): CompileResult {
  return compile({ source: { name: 'stdin', text }, kernel, target: profileFor(release), env: {} });
}

const MIXED = `begin { for $i : 0..10 { @x[$i] = elapsed; } $s = "${'long'.repeat(10)}"; @s = $s; if (@s == $s) { printf("%s", @s); } }
  tracepoint:sched:sched_switch { @c[comm] = count(); @h = hist(args.prev_pid); @l = lhist(nsecs, 0, 100, 10); }`;

describe.each(RELEASES)('Linux %s', (release) => {
  test.each([...samples, { name: 'a bit of all', text: MIXED }])('$name', ({ text }) => {
    const { object, diagnostics } = compileFor(text, release);
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.filter(({ message }) => !message.includes('needs Linux'))).toEqual([]);
    expect(object === undefined).toBe(errors.length > 0);
    if (object !== undefined) expect(foreign(object, profileFor(release))).toEqual([]);
  });
});

const complaints = (text: string, release: Release): string[] =>
  compileText(text, { release }).diagnostics.map(
    ({ code, span }) => `${code} ${span === undefined ? '' : text.slice(span.start, span.end)}`,
  );

test.each([
  ['begin { for $kv : @m { print($kv); } @m[1] = 1; }', '5.4', 'BT0259 @m'],
  ['begin { @m[1] = 1; print(len(@m)); }', '5.4', 'BT0259 @m'],
  ['begin { @m = count(); if (@m > 3) { exit(); } }', '5.15', 'BT0268 @m'],
  ['begin { $n = 0; while ($n < 3) { $n++; } }', '4.18', 'BT0259 while ($n < 3) { $n++; }'],
  ['begin { for $i : 0..200 { @ = $i; } }', '4.18', 'BT0267 0..200'],
  ['begin { for $i : 0..100 { for $j : 0..100 { @ = $j; } } }', '5.4', 'BT0267 0..100'],
  ['begin { $n = nsecs; for $i : 0..$n { @ = $i; } }', '5.15', 'BT0266 0..$n'],
  ['begin { @ = jiffies; }', '5.4', 'BT0268 jiffies'],
  ['begin { @ = nsecs(tai); }', '5.15', 'BT0259 nsecs(tai)'],
] as const)('%s for Linux %s', (text, release, wanted) => {
  expect(complaints(text, release)).toEqual([wanted]);
  expect(complaints(text, '6.1')).toEqual([]);
});

test('range loops of constant ends run on kernels without bpf_loop', () => {
  const text = 'begin { for $i : 0..3 { if ($i == 1) { continue; } @[$i] = 1; } }';
  for (const release of ['4.18', '5.4'] as const) {
    const { object } = compileText(text, { release });
    expect(object?.functions).toEqual([]);
  }
});

test('every program has scratch memory of its own', () => {
  const { object } = compileText(
    'begin { @[str(1)] = 1; } end { @[str(2)] = 1; } interval:s:1 { @ = @; }'.replace(
      'interval:s:1 { @ = @; }',
      '',
    ),
  );
  expect(object?.maps.find(({ name }) => name === 'scratch')).toMatchObject({ maxEntries: 2 });
});

test('a stack too small names the probe and what is large', () => {
  // Values that live across the calls between them, each in a place of its own.
  const names = Array.from({ length: 120 }, (_, index) => `$v${index}`);
  const values = names.map((name) => `${name} = rand();`).join(' ');
  const [problem] = compileText(`begin { ${values} @ = ${names.join(' + ')}; }`).diagnostics;
  expect(problem).toMatchObject({ code: 'BT0260' });
  expect(problem?.message).toMatch(/^begin needs \d+ bytes of stack, the limit is 512$/);
  expect(problem?.hints?.[0]).toMatch(/^largest: \w+ \d+ bytes/);
});

test('a loop is a cycle, not a jump backwards', () => {
  const looping = 'begin { $n = 0; while ($n < 3) { $n++; } @ = $n; }';
  expect(findLoop(compileText(looping).object!.programs[0]!.instructions)?.ref?.kind).toBe('label');
  const straight = 'begin { @[1] = 1; @[2] = 2; }';
  expect(findLoop(compileText(straight).object!.programs[0]!.instructions)).toBeUndefined();
});

test.each([
  ['always', []],
  ['partly', ['warning BT0227']],
  ['never', ['error BT0226']],
] as const)('a filter by process where process ids are %s known', (processIds, wanted) => {
  const { diagnostics } = compileText('tracepoint:sched:sched_switch { @ = count(); }', {
    pid: 1,
    reach: { processIds },
  });
  expect(diagnostics.map(({ severity, code }) => `${severity} ${code}`)).toEqual(wanted);
});
