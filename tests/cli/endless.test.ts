/** Programs that do not end: the script's mistake, told at its place, and the session still ends in order. */
import { describe, expect, test } from 'vitest';
import { cli } from './support.ts';

const SCRIPT = 'BEGIN { printf("on\\n"); while (1) { @++; } } END { printf("end\\n"); }';

describe('an endless loop', () => {
  test('is refused as Linux would refuse it, before anything runs', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await cli(['-q', '-e', SCRIPT]);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toContain('ERROR: Linux would refuse the program BEGIN_0 (raw_tracepoint)\nrefused: ');
    expect(stderr).toContain('HINT: --no-verify runs it all the same\n');
  });

  test('is told at its place, then END runs and maps are printed', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await cli(['-q', '--no-verify', '-e', SCRIPT]);
    expect(code).toBe(255);
    expect(stdout).toMatch(/^on\nend\n\n\n@: \d+\n$/);
    expect(stderr).toMatch(
      /^stdin:1:37-40: ERROR: endless loop\? BEGIN_0 ran \d+ instructions without an end/,
    );
    expect(stderr).toContain('\nHINT: ');
    expect(stderr).not.toContain('internal error');
  });

  test('is a runtime_error among JSON lines', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await cli(['-q', '--no-verify', '-f', 'json', '-e', SCRIPT]);
    expect(code).toBe(255);
    expect(stderr).toBe('');
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual(['printf', 'runtime_error', 'printf', 'map']);
    expect(lines[1]).toMatchObject({ filename: 'stdin', line: 1, col: 37 });
  });
});
