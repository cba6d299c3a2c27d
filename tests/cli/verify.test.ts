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
  writeFileSync(join(folder, 'other.json'), '{"format":"other"}');
});
afterAll(() => rmSync(folder, { recursive: true }));

const verify = (...argv: string[]): ReturnType<typeof cli> => cli(['verify', ...argv], { cwd: folder });
describe('what cannot be done is told', () => {
  test.each([
    [['nothing.o'], "Failed to open file 'nothing.o': No such file or directory"],
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
