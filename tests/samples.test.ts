/**
 * Every sample runs where its header says it does: on the recording, with the output kept in tests/cases/samples (regenerate
 * with UPDATE_GOLDEN=1), on the simulated kernel, the same for the same seed; and all compile for Linux. Elsewhere they lack
 * something, and say what.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, root } from './cli/support.ts';
import { oldestKernel, sampleFiles, samplesOn, sampleTools } from './sample-tools.ts';

const tools = sampleTools();
const files = sampleFiles();

/** Silent while nothing of the kind happens: they compile and run, and print at most their heading. */
const QUIET: ReadonlySet<string> = new Set(['futexes.bt']);

function kept(name: string, output: string): string {
  const path = join(root, 'tests/cases/samples', name.replace(/\.bt$/, '.txt'));
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, output);
  }
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

describe('samples', () => {
  test('there are at least ten one-liners and thirty tools', () => {
    expect(files.length - tools.length).toBeGreaterThanOrEqual(10);
    expect(tools.length).toBeGreaterThanOrEqual(30);
  });

  test.each(tools)('$file says what it shows, costs, needs and prints', (tool) => {
    expect(tool.header).toMatch(new RegExp(`^${tool.file.replace('.bt', '')}: \\S`));
    expect(tool.overhead).toMatch(/^(none|low|moderate|high)\b/);
    expect(oldestKernel(tool.text)).toMatch(/^\d/);
    expect(tool.runsOn).toContain('Linux');
    expect(tool.example).toBeDefined();
  });

  test.each(samplesOn('Linux'))('%s compiles for Linux', { timeout: 30_000 }, async (name) => {
    const argv = ['compile', '--unsafe', '--target', 'linux-6.1', '--emit', 'asm', join('samples', name)];
    const result = await cli(argv);
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
  });

  test.each(samplesOn('recordings'))('%s on the recording', async (name) => {
    const result = await cli(['--on', 'tests/data/trace.dat', '-q', join('samples', name)]);
    expect(result.stderr).toBe('');
    expect(result.code).toBe(0);
    expect(result.stdout).toBe(kept(name, result.stdout));
    if (!QUIET.has(name)) expect(result.stdout.trim()).not.toBe('');
  });

  test.each(samplesOn('simulation'))('%s on the simulated kernel', async (name) => {
    const argv = ['-q', '--duration', '100ms', join('samples', name)];
    const first = await cli(argv);
    expect(first.stderr).toBe('');
    expect(first.code).toBe(0);
    if (!QUIET.has(name)) expect(first.stdout.trim()).not.toBe('');
    expect((await cli(argv)).stdout).toBe(first.stdout);
  });

  test.each(samplesOn('recordings', false))('%s says what it misses in the recording', async (name) => {
    const result = await cli(['--on', 'tests/data/trace.dat', '-q', join('samples', name)]);
    expect(result.stdout + result.stderr).toMatch(/ERROR: |WARNING: /);
  });

  test.each(samplesOn('simulation', false))('%s is refused on the simulated kernel', async (name) => {
    const result = await cli(['-q', '--duration', '1ms', join('samples', name)]);
    expect(result.stderr).toContain('ERROR: ');
    expect(result.code).toBe(1);
  });
});
