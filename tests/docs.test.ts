/** Runs what README and docs show: every `console` block's commands must print what stands below them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cli, root } from './cli/support.ts';

interface Example {
  readonly command: string;
  /** `…` at the end of the block means that more follows. */
  readonly output: string;
}

function examplesOf(file: string): Example[] {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/```console\n([\s\S]*?)```/g)].flatMap((block) =>
    block[1]!
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const end = /(?<!\\)\n/.exec(part)!.index;
        return { command: part.slice(0, end).replaceAll('\\\n', ' '), output: part.slice(end + 1) };
      }),
  );
}

/** Splits as a shell does, as far as the examples need it: single quotes and blanks. */
function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);
}

const FILES = [
  { file: 'README.md', least: 5 },
  { file: 'docs/packets.md', least: 2 },
  { file: 'docs/verifier.md', least: 3 },
  { file: 'docs/vm.md', least: 1 },
];

describe.each(FILES)('$file', ({ file, least }) => {
  const examples = examplesOf(file).filter((example) => example.command.startsWith('npx bpfkit'));

  test(`has at least ${least} examples`, () => {
    expect(examples.length).toBeGreaterThanOrEqual(least);
  });

  test.each(examples.map((example) => [example.command, example] as const))(
    '%s',
    { timeout: 20_000 },
    async (_command, example) => {
      const result = await cli(words(example.command).slice(2));
      const printed = (result.stderr + result.stdout).trimEnd();
      const wanted = example.output.trimEnd();
      if (wanted.endsWith('…')) expect(printed.startsWith(wanted.slice(0, -1))).toBe(true);
      else expect(printed).toBe(wanted);
    },
  );
});
