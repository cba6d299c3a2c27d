import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../cli/main.ts';
import {
  expectation,
  firstLine,
  matchesComplaint,
  type RecordedCase,
  withoutBanner,
} from '../recorded/case.ts';
import { parseCommand } from '../recorded/command.ts';
import { readCaseFiles } from '../recorded/folder.ts';

/** Every recorded answer of the real bpftrace, asked of our command line in the same words. */

interface Answer {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'golden-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function ask({ command, script }: RecordedCase): Promise<Answer> {
  writeFileSync(join(folder, 'script.bt'), script, 'latin1');
  const { args, stdin } = parseCommand(command, script);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const exitCode = await runCli(args, {
    ...(stdin !== undefined && { stdin }),
    stdout: (chunk) => void stdout.push(Buffer.from(chunk)),
    stderr: (chunk) => void stderr.push(Buffer.from(chunk)),
    env: {},
    cwd: folder,
  });
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('latin1');
  return { stdout: withoutBanner(text(stdout)), stderr: text(stderr), exitCode };
}

describe.each(readCaseFiles())('$file', ({ cases }) => {
  test.each(cases)('$name', async (golden) => {
    const want = expectation(golden);
    const { stdout, stderr, exitCode } = await ask(golden);
    expect({ stdout, exitCode }, stderr).toEqual({ stdout: want.stdout, exitCode: want.exitCode });
    if (want.complaint === undefined) return;
    const line = firstLine(stderr);
    expect(matchesComplaint(want.complaint, line), `${line}\nis not ${want.complaint}`).toBe(true);
  });
});
