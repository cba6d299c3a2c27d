/** Ctrl-C: sessions end with their results, everything else ends at once. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { root } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'signals-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
}

/** Runs the command line as a process and interrupts it: once it has printed something, or after `ms`. */
function interrupted(argv: readonly string[], ms?: number): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'cli/bin.ts'), ...argv], { cwd: root });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    if (ms === undefined && stdout === '') child.kill('SIGINT');
    stdout += chunk.toString();
  });
  if (ms !== undefined) setTimeout(() => child.kill('SIGINT'), ms);
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout })));
}

describe('SIGINT', () => {
  test('ends a session, which prints its maps', async () => {
    const ended = await interrupted([
      '-e',
      'BEGIN { @a = 1; printf("begun\\n"); } interval:s:1 { @b = count(); }',
    ]);
    expect(ended).toMatchObject({ code: 0, signal: null });
    expect(ended.stdout).toContain('@a: 1');
  });

  test('ends what waits for a pipe that nobody writes to', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(await interrupted(['report', pipe], 1500)).toEqual({ code: null, signal: 'SIGINT', stdout: '' });
  });
});
