import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSection, writeSection } from './escape.ts';
import { CASES_FOLDER, readCaseFiles } from './folder.ts';
import { parseRecordedCases } from './parse.ts';
import { printRecordedCases } from './print.ts';

const FILE = `% bpftrace 9, Linux 8

# first
$ bpftrace script.bt a
BEGIN { exit(); }
==> stdout

# not a name

==> stderr open
no newline
==> exit 1
==> newer stdout escaped
\\x3d=> x\\x00
==> newer stderr
a * b
==> newer exit 0
==> rule because

# second
$ bpftrace script.bt
END { }
==> unrecorded
`;

describe('files of recorded cases', () => {
  it('are read to the byte', () => {
    const { recorder, cases } = parseRecordedCases(FILE, 'f');
    expect(recorder).toBe('bpftrace 9, Linux 8');
    expect(cases).toEqual([
      {
        name: 'first',
        line: 3,
        command: 'bpftrace script.bt a',
        script: 'BEGIN { exit(); }\n',
        recorded: { stdout: '\n# not a name\n\n', stderr: 'no newline', exitCode: 1 },
        newer: { stdout: '==> x\0\n', stderr: 'a * b', exitCode: 0, rule: 'because' },
      },
      { name: 'second', line: 20, command: 'bpftrace script.bt', script: 'END { }\n' },
    ]);
  });

  it('are written back as they were read', () => {
    expect(printRecordedCases(parseRecordedCases(FILE, 'f'))).toBe(FILE);
    for (const file of readCaseFiles()) {
      expect(printRecordedCases(file)).toBe(readFileSync(join(CASES_FOLDER, file.file), 'latin1'));
    }
  });

  it('keep any output', () => {
    const byte = fc.oneof(
      fc.constantFrom('\n', '=', '>', ' ', '\\', 'x', '0', '#'),
      fc.integer({ min: 0, max: 255 }),
    );
    const output = fc.array(byte).map((parts) => parts.map(character).join(''));
    fc.assert(
      fc.property(output, (text) => {
        const section = writeSection(text);
        expect(section.lines.some((line) => line.startsWith('==>') || line.includes('\n'))).toBe(false);
        expect(readSection(section)).toBe(text);
      }),
    );
  });

  it.each([
    { name: 'no command', text: '# a\nBEGIN\n', message: 'f:2: expected "$"' },
    { name: 'no end', text: '# a\n$ bpftrace\nBEGIN\n', message: 'the last case has no end' },
    { name: 'no stdout', text: '# a\n$ bpftrace\nx\n==> exit 0\n', message: 'f:4: expected "==> stdout"' },
    {
      name: 'bad exit code',
      text: '# a\n$ b\nx\n==> stdout\n==> exit x\n',
      message: '"x" is not an exit code',
    },
    {
      name: 'no rule',
      text: '# a\n$ b\nx\n==> stdout\n==> exit 0\n==> newer exit 1\n',
      message: 'expected "==> rule"',
    },
    {
      name: 'same name twice',
      text: '# a\n$ b\nx\n==> unrecorded\n# a\n$ b\nx\n==> unrecorded\n',
      message: 'second case named "a"',
    },
  ])('are refused: $name', ({ text, message }) => {
    expect(() => parseRecordedCases(text, 'f')).toThrow(message);
  });
});

function character(value: string | number): string {
  return typeof value === 'number' ? String.fromCharCode(value) : value;
}
