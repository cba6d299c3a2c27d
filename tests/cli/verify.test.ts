import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli } from './support.ts';

const GOOD = '.program good socket\nr0 = 0\nexit\n';
const BAD = '.program bad xdp\nr0 = r5\nexit\n';
const CASES = {
  format: 'bpfcase-1',
  cases: [
    { id: 'good', prog_type: 'socket_filter', insns: 'b700000000000000 9500000000000000' },
    { id: 'bad', prog_type: 'socket_filter', insns: 'bf50000000000000 9500000000000000' },
    { id: 'unknown', prog_type: 'nothing', insns: '' },
  ],
};

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'));
  writeFileSync(join(folder, 'good.s'), GOOD);
  writeFileSync(join(folder, 'both.s'), GOOD + BAD);
  writeFileSync(join(folder, 'cases.json'), JSON.stringify(CASES));
  writeFileSync(join(folder, 'garbage.o'), 'no object');
  writeFileSync(join(folder, 'other.json'), '{"format":"other"}');
});
afterAll(() => rmSync(folder, { recursive: true }));

const verify = (...argv: string[]): ReturnType<typeof cli> => cli(['verify', ...argv], { cwd: folder });
const lines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

describe('bpfkit verify', () => {
  // The first one loads what commands need.
  test('accepts', { timeout: 30_000 }, async () => {
    const { code, stdout } = await verify('good.s', '--kernel', '6.12');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'good (socket): accepted, 2 instructions walked\n' });
  });

  test('refuses, with the message, its reason and a change', async () => {
    const { code, stdout } = await verify('both.s', '--kernel', '6.12', '--program', 'bad');
    expect(code).toBe(1);
    expect(stdout).toContain('bad (xdp): refused at 0: R5 !read_ok\n');
    expect(stdout).toContain('both.s');
    expect(stdout).toMatch(/^why: /m);
    expect(stdout).toMatch(/^change: /m);
  });

  test('prints one JSON object a program', async () => {
    const { code, stdout } = await verify('both.s', '--json', '--kernel', '6.12');
    expect(code).toBe(1);
    expect(lines(stdout)).toEqual([
      { id: 'good', ok: true, processed: 2, us: expect.any(Number) },
      {
        id: 'bad',
        ok: false,
        reason: 'R5 !read_ok',
        insn: 0,
        code: 'VE0202',
        processed: 1,
        us: expect.any(Number),
        explanation: {
          at: { slot: 0, text: '(bf) r0 = r5', source: { file: 'both.s', line: 5, text: 'r0 = r5' } },
          why: expect.stringContaining('r5 is read'),
          origins: [],
          change: expect.stringContaining('write r5 before'),
        },
      },
    ]);
    const { stdout: more } = await verify(
      'both.s',
      '--program',
      'good',
      '--json',
      '--stats',
      '--kernel',
      '6.12',
    );
    expect(lines(more)[0]).toMatchObject({ statistics: { processed: 2, stackDepths: [0] } });
  });

  test('answers each case of a batch', async () => {
    const { code, stdout } = await verify('--batch', 'cases.json', '--json', '--kernel', '6.12');
    expect(code).toBe(1);
    expect(lines(stdout)).toMatchObject([
      { id: 'good', ok: true },
      { id: 'bad', ok: false, reason: 'R5 !read_ok', insn: 0 },
      { id: 'unknown', ok: null, reason: 'cases[2].prog_type: there is no program type "nothing"' },
    ]);
    const text = await verify('--batch', 'cases.json', '--kernel', '6.12');
    expect(text.stdout).toBe(
      [
        'bad: refused at 0: R5 !read_ok',
        'unknown: no verdict: cases[2].prog_type: there is no program type "nothing"',
        '1 of 3 accepted by Linux 6.12',
        '',
      ].join('\n'),
    );
  });

  test('reads a batch from standard input', async () => {
    const { stdout } = await cli(['verify', '--batch', '-', '--json'], { stdin: JSON.stringify(CASES) });
    expect(lines(stdout)).toHaveLength(3);
  });

  test('judges by several releases', async () => {
    const { code, stdout } = await verify('good.s', '--kernel', '6.1,5.4');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^good \(socket\):\n {2}5\.4 +\* accepts .*\n {2}6\.1 +accepts /);
    expect(stdout).toContain('All of them accept it.');
    const all = await verify('good.s', '--kernel', 'all');
    expect(all.stdout).toMatch(/^ {2}4\.15–5\.15 *\* accepts/m);
    const json = await verify('good.s', '--kernel', '6.1,5.4', '--json');
    expect(lines(json.stdout)).toMatchObject([
      { id: 'good', kernel: '5.4', judged: false, ok: true },
      { id: 'good', kernel: '6.1', judged: true, ok: true },
    ]);
  });

  test('prints the log, what it took and the states', async () => {
    const { stdout } = await verify('good.s', '--kernel', '6.12', '--log-level', '2', '--stats', '--states');
    expect(stdout).toMatch(/^0: \(b7\) r0 = 0 +; R0=0$/m);
    expect(stdout).toMatch(/^processed 2 insns/m);
    expect(stdout).toMatch(/2 instructions walked, at most 0 states kept at one/);
    expect(stdout).toMatch(/^ {4}1: \(95\) exit\n {7}; R0=0 /m);
  });

  test('verifies scripts', async () => {
    const { code, stdout } = await verify('-e', 'BEGIN { }', '--kernel', '6.1');
    expect(stdout).toMatch(/accepted/);
    expect(code).toBe(0);
    const wrong = await verify('-e', 'BEGIN { foo(); }');
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toContain('foo');
  });
});

describe('what cannot be done is told', () => {
  test.each([
    [['nothing.o'], "Failed to open file 'nothing.o': No such file or directory"],
    [['garbage.o'], "Cannot read the object 'garbage.o': ELF"],
    [['--batch', 'nothing.json'], "Failed to open file 'nothing.json': No such file or directory"],
    [['--batch', 'good.s'], "Cannot read the cases of 'good.s': it is not JSON"],
    [
      ['--batch', 'other.json'],
      'Cannot read the cases of \'other.json\': format: want "bpfcase-1", found "other"',
    ],
    [['--batch', 'cases.json', 'good.s'], '--batch has the programs: leave the file and -e out'],
    [['good.s', '--kernel', '2.6'], 'Kernel release 2.6 is not known: use 4.15 to 7.3'],
    [
      ['good.s', '--kernel', 'new'],
      "Invalid kernel release 'new': use major.minor, several with commas, or all",
    ],
    [['good.s', '--program', 'x'], "There is no program 'x'; there are: good"],
    [['good.s', '--log-level', '9'], "Invalid value '9' for --log-level: use 1 (path), 2 (everything)"],
    [['good.s', '--cpus', '0'], "Invalid value '0' for --cpus: use a whole number from 1 to 8192"],
    [['good.s', '--linux', '--compare'], '--compare asks the kernel too: leave --linux out'],
    [['good.s', '--btf', 'x', '--target', 'y'], '--btf and --target both name types of the kernel'],
  ])('verify %j', async (argv, message) => {
    const { code, stderr } = await verify(...argv);
    expect(stderr).toContain(`ERROR: ${message}`);
    expect(code).toBe(1);
  });
});
