/**
 * Golden cases: text files a person reads and writes. A file holds cases of the form
 *
 *     # name {"option": 1}        (the JSON object is optional)
 *     input lines
 *     ==>
 *     expected lines
 *
 * Blank lines around input and expected text do not count. `UPDATE_GOLDEN=1 npx vitest run …` rewrites what is
 * expected from what was got; read the difference before you commit it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

export interface GoldenCase {
  readonly name: string;
  /** The JSON object after the name; empty when there is none. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly input: string;
  readonly expected: string;
  /** 1-based line of the `# name` header. */
  readonly line: number;
}

const HEADER = /^# +(.*?)\s*(\{.*\})?\s*$/;
const ARROW = '==>';

/** Relative paths start at `tests/cases/`. */
export function casePath(path: string): string {
  return resolve(import.meta.dirname, 'cases', path);
}

/** Reads one case file; a file that does not have the form is an error that names the line. */
export function readCases(path: string): GoldenCase[] {
  const file = casePath(path);
  return parseCases(readFileSync(file, 'utf8'), file);
}

export function parseCases(text: string, file: string): GoldenCase[] {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => (HEADER.test(line) ? [index] : []));
  if (lines.slice(0, starts[0]).some((line) => line.trim() !== '')) {
    throw new Error(`${file}:1: text before the first "# name"`);
  }
  const cases = starts.map((start, index) =>
    parseCase(lines, start, starts[index + 1] ?? lines.length, file),
  );
  rejectDuplicates(cases, file);
  return cases;
}

function parseCase(lines: readonly string[], start: number, end: number, file: string): GoldenCase {
  const [, name = '', options = '{}'] = HEADER.exec(lines[start]!)!;
  const arrow = lines.indexOf(ARROW, start);
  if (arrow < 0 || arrow >= end)
    throw new Error(`${file}:${start + 1}: case "${name}" has no "${ARROW}" line`);
  return {
    name,
    options: JSON.parse(options) as Record<string, unknown>,
    input: trimBlankLines(lines.slice(start + 1, arrow)),
    expected: trimBlankLines(lines.slice(arrow + 1, end)),
    line: start + 1,
  };
}

function rejectDuplicates(cases: readonly GoldenCase[], file: string): void {
  const seen = new Set<string>();
  for (const { name, line } of cases) {
    if (seen.has(name)) throw new Error(`${file}:${line}: second case named "${name}"`);
    seen.add(name);
  }
}

function trimBlankLines(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd();
}

/** The file text of cases; `readCases` of it gives them back. */
export function printCases(cases: readonly GoldenCase[]): string {
  return cases
    .map(({ name, options, input, expected }) => {
      const suffix = Object.keys(options).length === 0 ? '' : ` ${JSON.stringify(options)}`;
      return `# ${name}${suffix}\n\n${input}\n\n${ARROW}\n\n${expected}\n`;
    })
    .join('\n');
}

/** Registers one test for each case of a file: `run` must give the expected text. */
export function goldenTests(path: string, run: (golden: GoldenCase) => string | Promise<string>): void {
  const cases = readCases(path);
  const update = process.env.UPDATE_GOLDEN === '1';
  const got = new Map<string, string>();
  describe(basename(path), () => {
    test.each(cases)('$name', async (golden) => {
      const output = trimBlankLines((await run(golden)).split('\n'));
      got.set(golden.name, output);
      if (!update) expect(output).toBe(golden.expected);
    });
    if (update) afterAll(() => writeUpdated(path, cases, got));
  });
}

function writeUpdated(path: string, cases: readonly GoldenCase[], got: ReadonlyMap<string, string>): void {
  const updated = cases.map((golden) => ({ ...golden, expected: got.get(golden.name) ?? golden.expected }));
  const text = printCases(updated);
  if (text !== readFileSync(casePath(path), 'utf8')) writeFileSync(casePath(path), text);
}
