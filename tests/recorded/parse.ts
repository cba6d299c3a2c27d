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
import {
  accept,
  type Cursor,
  exitCode,
  HEADING,
  parseCases,
  problem,
  required,
  takeLines,
} from './cursor.ts';
import { readSection } from './escape.ts';

/** Reads the text of a case file; `file` is told in errors. Text with one character a byte. */
export function parseRecordedCases(text: string, file: string): CaseFile {
  const cursor: Cursor = { lines: text.split('\n'), file, index: 0 };
  const recorder = accept(cursor, '% ') ?? '';
  return { recorder, cases: parseCases(cursor, parseCase) };
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
