/**
 * Every sample compiles and runs: on the recording, with the output kept in tests/cases/samples (regenerate with
 * UPDATE_GOLDEN=1), or on the simulated kernel when it needs user memory.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, root } from './cli/support.ts';

const NEEDS_USER_MEMORY = new Set(['opens.bt']);
const samples = readdirSync(join(root, 'samples'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.bt'),
);

function kept(name: string, output: string): string {
  const path = join(root, 'tests/cases/samples', name.replace(/\.bt$/, '.txt'));
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, output);
  }
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

describe('samples', () => {
  test('there are at least ten one-liners and three tools', () => {
    expect(samples.filter((name) => name.startsWith('one-liners')).length).toBeGreaterThanOrEqual(10);
    expect(samples.filter((name) => !name.startsWith('one-liners')).length).toBeGreaterThanOrEqual(3);
  });

  test.each(samples.filter((name) => !NEEDS_USER_MEMORY.has(name)))('%s on the recording', async (name) => {
    const result = await cli(['--on', 'tests/data/trace.dat', '-q', join('samples', name)]);
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    expect(result.stdout).toBe(kept(name, result.stdout));
    expect(result.stdout.trim()).not.toBe('');
  });

  test.each(samples)('%s on the simulated kernel', async (name) => {
    const argv = ['-q', '--duration', '100ms', join('samples', name)];
    const first = await cli(argv);
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    expect(first.stdout.trim()).not.toBe('');
    expect((await cli(argv)).stdout).toBe(first.stdout);
  });
});
