/**
 * Reading a file of recorded cases. The form, in which a case's last heading always stands on one line so that no
 * output can be taken for the next case:
 *
 *     % bpftrace 0.17.0-1, Linux 6.1.0-56-cloud-amd64
 *
 *     # name
 *     $ bpftrace script.bt
 *     BEGIN { ... }
 *     ==> stdout [escaped] [open]        byte for byte, see escape.ts
 *     ==> stderr [escaped] [open]        absent when empty
 *     ==> exit 0                         or `==> unrecorded` instead of all three
 *     ==> newer stdout                   the language since; each absent when as recorded
 *     ==> newer stderr
 *     ==> newer exit 0
 *     ==> rule the reason
 */
import type { CaseFile, NewerOutcome, Outcome, RecordedCase } from './case.ts';
import { readSection } from './escape.ts';

const HEADING = '==> ';

interface Cursor {
  readonly lines: readonly string[];
  readonly file: string;
  index: number;
}

/** Reads the text of a case file; `file` is told in errors. Text with one character a byte. */
export function parseRecordedCases(text: string, file: string): CaseFile {
  const cursor: Cursor = { lines: text.split('\n'), file, index: 0 };
  const recorder = accept(cursor, '% ') ?? '';
  const cases: RecordedCase[] = [];
  for (skipBlank(cursor); cursor.index < cursor.lines.length; skipBlank(cursor)) {
    const golden = parseCase(cursor);
    if (cases.some(({ name }) => name === golden.name)) {
      throw problem(cursor, `second case named "${golden.name}"`);
    }
    cases.push(golden);
  }
  return { recorder, cases };
}

function parseCase(cursor: Cursor): RecordedCase {
  const line = cursor.index + 1;
  const name = required(cursor, '# ');
  const command = required(cursor, '$ ');
  const script = `${takeLines(cursor).join('\n').trim()}\n`;
  const base = { name, line, command, script };
  const recorded = parseOutcome(cursor);
  const newer = parseNewer(cursor);
  return { ...base, ...(recorded && { recorded }), ...(newer && { newer }) };
}

function parseOutcome(cursor: Cursor): Outcome | undefined {
  if (accept(cursor, `${HEADING}unrecorded`) !== undefined) return undefined;
  const stdout = parseStream(cursor, 'stdout');
  if (stdout === undefined) throw problem(cursor, 'expected "==> stdout"');
  const stderr = parseStream(cursor, 'stderr') ?? '';
  return { stdout, stderr, exitCode: exitCode(cursor, required(cursor, `${HEADING}exit `)) };
}

function parseNewer(cursor: Cursor): NewerOutcome | undefined {
  if (cursor.lines[cursor.index]?.startsWith(`${HEADING}newer `) !== true) return undefined;
  const stdout = parseStream(cursor, 'newer stdout');
  const stderr = parseStream(cursor, 'newer stderr')?.trimEnd();
  const code = exitCode(cursor, required(cursor, `${HEADING}newer exit `));
  const rule = required(cursor, `${HEADING}rule `);
  return {
    ...(stdout !== undefined && { stdout }),
    ...(stderr !== undefined && { stderr }),
    exitCode: code,
    rule,
  };
}

function parseStream(cursor: Cursor, stream: string): string | undefined {
  const form = accept(cursor, `${HEADING}${stream}`);
  if (form === undefined) return undefined;
  return readSection({ form: form.trim(), lines: takeLines(cursor) });
}

/** The lines up to the next heading. */
function takeLines(cursor: Cursor): readonly string[] {
  const start = cursor.index;
  while (cursor.lines[cursor.index]?.startsWith(HEADING) !== true) {
    if (cursor.index >= cursor.lines.length) throw problem(cursor, 'the last case has no end');
    cursor.index++;
  }
  return cursor.lines.slice(start, cursor.index);
}

/** What follows `prefix` on the current line, which is consumed; undefined when it begins otherwise. */
function accept(cursor: Cursor, prefix: string): string | undefined {
  const line = cursor.lines[cursor.index];
  if (line?.startsWith(prefix) !== true) return undefined;
  cursor.index++;
  return line.slice(prefix.length);
}

function required(cursor: Cursor, prefix: string): string {
  const rest = accept(cursor, prefix);
  if (rest === undefined) throw problem(cursor, `expected "${prefix.trimEnd()}"`);
  return rest;
}

function exitCode(cursor: Cursor, text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw problem(cursor, `"${text}" is not an exit code`);
  return Number(text);
}

function skipBlank(cursor: Cursor): void {
  while (cursor.lines[cursor.index]?.trim() === '') cursor.index++;
}

function problem(cursor: Cursor, message: string): Error {
  return new Error(`${cursor.file}:${cursor.index + 1}: ${message}`);
}
