import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCli } from '../../cli/main.ts';
import { firstLine, matchesComplaint } from '../recorded/case.ts';
import { parseCommand } from '../recorded/command.ts';
import { type LanguageCase, parseLanguageCases, readLanguageFiles, writeLanguageFile } from './case.ts';

/** Every rule of the language with a case of its own, asked of our command line. `UPDATE_GOLDEN=1` writes the answers. */

const updating = process.env['UPDATE_GOLDEN'] === '1';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'language-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Answer {
  readonly stdout: string;
  /** First line. */
  readonly stderr: string;
  readonly exitCode: number;
}

async function ask({ command, script }: LanguageCase): Promise<Answer> {
  writeFileSync(join(folder, 'script.bt'), script, 'latin1');
  const { args, stdin, env = {} } = parseCommand(command, script);
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const exitCode = await runCli(args, {
    ...(stdin !== undefined && { stdin }),
    stdout: (chunk) => void stdout.push(Buffer.from(chunk)),
    stderr: (chunk) => void stderr.push(Buffer.from(chunk)),
    env,
    cwd: folder,
  });
  const text = (chunks: readonly Buffer[]): string => Buffer.concat(chunks).toString('latin1');
  const said = text(stderr).replace(/^Attached \d+ probes?\n/m, '');
  return { stdout: text(stdout), stderr: firstLine(said), exitCode };
}

describe.each(readLanguageFiles())('$file', ({ file, about, cases }) => {
  const answers: LanguageCase[] = [];

  test.each(cases)('$name', { timeout: 60_000 }, async (golden) => {
    const { stdout, stderr, exitCode } = await ask(golden);
    const fits = golden.stderr === undefined ? stderr === '' : matchesComplaint(golden.stderr, stderr);
    if (updating) {
      const { stderr: wanted, ...rest } = golden;
      const line = fits ? wanted : stderr.replaceAll('*', '\\*');
      answers.push({ ...rest, stdout, ...(line && { stderr: line }), exitCode });
      return;
    }
    expect({ stdout, exitCode }, stderr).toEqual({ stdout: golden.stdout, exitCode: golden.exitCode });
    expect(fits, `${stderr}\nis not ${golden.stderr ?? 'silence'}`).toBe(true);
  });

  afterAll(() => {
    if (updating && answers.length === cases.length) writeLanguageFile({ file, about, cases: answers });
  });
});

describe('a file of cases', () => {
  test('names the sections of each', () => {
    const text = '# anything\nbegin { }\n==> exit 0\n';
    expect(() => parseLanguageCases(text, 'x.txt')).toThrow(
      /x.txt:2: "anything" does not begin with its sections/,
    );
  });

  test('is written back as it was read', () => {
    const text =
      '% about\n\n# 2.6, 7.2 one\n$ bpftrace -e 1\n{ }\n==> stdout open\na\n==> stderr\nb*\n==> exit 3\n';
    const [golden] = parseLanguageCases(text, 'x.txt').cases;
    expect(golden).toEqual({
      name: '2.6, 7.2 one',
      command: 'bpftrace -e 1',
      script: '{ }\n',
      stdout: 'a',
      stderr: 'b*',
      exitCode: 3,
    });
  });
});
