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

  test.each([
    ['99', 'No CPU 99', ''],
    ['1-3', 'No CPU 2 and 1 more', '1'],
  ])('warns of the CPUs of --cpu %s that were not recorded', async (cpus, message, printed) => {
    const words = ['report', RECORDING, '--limit', '20', '--cpu', cpus];
    const { code, stdout, stderr } = await cli(words);
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `WARNING: ${message} in the recording ${RECORDING}: it has CPUs 0 to 1\n`,
    });
    const seen = new Set([...stdout.matchAll(/^.{16}-\d+ +\[00(\d)\]/gm)].map(([, cpu]) => cpu));
    expect([...seen].join()).toBe(printed);
    expect((await cli([...words, '--no-warnings'])).stderr).toBe('');
  });

  test('has examples in its help that are right', async () => {
    const { stdout } = await cli(['report', '--help']);
    const examples = [...stdout.matchAll(/^ {2}bpfkit report \S+ (.*)$/gm)].map(([, flags = '']) => flags);
    expect(examples.length).toBeGreaterThan(1);
    const [first = ''] = examples;
    const words = first.replaceAll("'", '').split(' ');
    expect(await cli(['report', RECORDING, ...words])).toMatchObject({ code: 0 });
    expect((await cli(['--help'])).stdout).toMatch(
      /bpfkit compile --target .*\n.*\n {2}bpfkit report trace\.dat /,
    );
  });

  test.each<[string, readonly string[], string]>([
    ['a missing file', ['nowhere.dat'], 'No such file or directory'],
    ['a file that is no recording', ['package.json'], "Cannot read the recording 'package.json'"],
    ['an odd CPU', [RECORDING, '--cpu', 'x'], "Invalid value 'x' for --cpu"],
    [
      'CPUs backwards',
      [RECORDING, '--cpu', '0,3-1'],
      "Invalid range '3-1' for --cpu: its end is below its start, use 1-3",
    ],
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
