import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { type CliResult, cli } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'fmt-'));
afterAll(() => rmSync(folder, { recursive: true }));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const run = (...args: string[]): Promise<CliResult> => cli(args, { cwd: folder, stdin: 'END{f()}' });

const UGLY = 'BEGIN{$x=1;$y=2}\n';
const TIDY = 'BEGIN {\n  $x = 1;\n  $y = 2;\n}\n';

beforeEach(() => {
  writeFileSync(join(folder, 'ugly.bt'), UGLY);
  writeFileSync(join(folder, 'tidy.bt'), TIDY);
  writeFileSync(join(folder, 'broken.bt'), 'BEGIN { $x = ; }\n');
});

test('prints files, standard input and -e', async () => {
  expect(await run('fmt', 'ugly.bt', '-')).toEqual({ code: 0, stdout: `${TIDY}END { f() }\n`, stderr: '' });
  expect((await run('fmt', '-e', UGLY)).stdout).toBe(TIDY);
  expect((await run('--fmt', 'ugly.bt')).stdout).toBe(TIDY);
  expect((await run('--fmt', '-e', UGLY)).stdout).toBe(TIDY);
  expect(read('ugly.bt')).toBe(UGLY);
});

test('-w changes files, and only those that need it', async () => {
  expect(await run('fmt', '-w', 'ugly.bt', 'tidy.bt')).toEqual({ code: 0, stdout: '', stderr: '' });
  expect([read('ugly.bt'), read('tidy.bt')]).toEqual([TIDY, TIDY]);
});

test('--check names the files that are not formatted', async () => {
  expect(await run('fmt', '--check', 'ugly.bt', 'tidy.bt')).toEqual({
    code: 1,
    stdout: 'ugly.bt\n',
    stderr: '',
  });
  expect((await run('fmt', '--check', 'tidy.bt')).code).toBe(0);
});

test('a script with syntax errors is told of and left alone; the others are formatted', async () => {
  const { code, stderr } = await run('fmt', '-w', 'broken.bt', 'ugly.bt');
  expect({ code, first: stderr.split('\n')[0] }).toEqual({
    code: 1,
    first: 'broken.bt:1:14-15: ERROR: syntax: expected expression',
  });
  expect([read('broken.bt'), read('ugly.bt')]).toEqual(['BEGIN { $x = ; }\n', TIDY]);
});

test('a file that is no text is never written', async () => {
  const bytes = Buffer.from([...Buffer.from('BEGIN{f("'), 0xff, ...Buffer.from('")}')]);
  writeFileSync(join(folder, 'latin.bt'), bytes);
  const { code, stderr } = await run('fmt', '-w', 'latin.bt');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: "ERROR: 'latin.bt' is not UTF-8 text: it was left as it is\n",
  });
  expect(readFileSync(join(folder, 'latin.bt'))).toEqual(bytes);
});

test('wrong usage has a way out', async () => {
  expect((await run('fmt')).stderr).toMatch(/Filenames, - or -e 'program' required/);
  expect((await run('fmt', '-w', '-')).stderr).toMatch(/leave it out/);
  expect((await run('fmt', '-w', '--check', 'tidy.bt')).stderr).toMatch(/both -w and --check/);
});
