/** `bpfkit report` as a user meets it. */
import { describe, expect, test } from 'vitest';
import { cli } from './support.ts';

const RECORDING = 'tests/data/trace-v6.dat.gz';

describe('report', () => {
  test('prints the events asked for, with their system or without', async () => {
    const byName = await cli(['report', RECORDING, '--limit', '2', '-e', 'sched_switch', '-e', 'nosuch:*']);
    expect(byName).toMatchObject({
      code: 0,
      stderr: `WARNING: No events match 'nosuch:*' in the recording ${RECORDING}\n`,
    });
    const lines = byName.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toBe('cpus=2');
    expect(lines[1]).toMatch(/^ +\S+-\d+ +\[00[01]\] +\d+\.\d{6}: sched_switch: {9}\S+:\d+ \[\d+\] \w ==> /);
    const bySystem = await cli(['report', RECORDING, '--limit', '2', '-e', 'sched:sched_sw*']);
    expect(bySystem).toEqual({ ...byName, stderr: '' });
    const before = await cli(['report', '-e', 'sched_switch,nosuch:*', RECORDING, '--limit', '2']);
    expect(before).toEqual(byName);
  });

  test('prints only some CPUs, raw', async () => {
    const { stdout } = await cli(['report', RECORDING, '-R', '-t', '-l', '--cpu', '1', '--limit', '20']);
    expect(
      stdout
        .split('\n')
        .slice(1, -1)
        .every((line) => /^.{8}-\d+ +1[.dX]/.test(line)),
    ).toBe(true);
  });

  test.each<[string, readonly string[], string]>([
    ['a missing file', ['nowhere.dat'], 'No such file or directory'],
    ['a file that is no recording', ['package.json'], "Cannot read the recording 'package.json'"],
    ['an odd CPU', [RECORDING, '--cpu', 'x'], "Invalid value 'x' for --cpu"],
    ['a file without anything', ['/dev/null'], 'file header at byte 0: the file is empty'],
    [
      'to write over the recording',
      [RECORDING, '-o', RECORDING],
      `'${RECORDING}' is the recording itself: write the report to another file`,
    ],
    [
      'a folder to write to that is not there',
      [RECORDING, '-o', 'no/out'],
      "'no/out': No such file or directory",
    ],
    [
      'a full disk',
      [RECORDING, '-o', '/dev/full'],
      "Failed to write to '/dev/full': No space left on device",
    ],
    ['an odd limit', [RECORDING, '--limit', '-1'], "Invalid value '-1' for --limit"],
  ])('refuses %s', async (_, argv, message) => {
    const result = await cli(['report', ...argv]);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(message);
    expect(result.stdout).toBe('');
  });
});
