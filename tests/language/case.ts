/**
 * Cases of the language: a script, its command line, and what it answers by the rules of the language inventory. The
 * name of each begins with the sections or traps it is derived from (`2.6, 7.2 …`). The form:
 *
 *     % what the file is about
 *
 *     # 2.5 compound assignment of shifts
 *     $ bpftrace script.bt             optional: this is the default; `NAME=value` may stand before it
 *     begin { ... }
 *     ==> stdout [escaped] [open]      byte for byte (tests/recorded/escape.ts); absent when empty
 *     ==> stderr                       its first line, the banner left out; `*` is any text. Absent when it says nothing
 *     ==> exit 0
 *
 * Warnings of a script that compiles stand on stdout, as bpftrace prints them (2.12).
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  accept,
  type Cursor,
  exitCode,
  HEADING,
  parseCases,
  problem,
  required,
  takeLines,
} from '../recorded/cursor.ts';
import { readSection, writeSection } from '../recorded/escape.ts';

export interface LanguageCase {
  /** Begins with its sections. */
  readonly name: string;
  readonly command: string;
  /** Ends with a newline. */
  readonly script: string;
  /** One character a byte. */
  readonly stdout: string;
  /** Pattern of the first line. */
  readonly stderr?: string;
  readonly exitCode: number;
}

export interface LanguageFile {
  /** File name without folder. */
  readonly file: string;
  readonly about: string;
  readonly cases: readonly LanguageCase[];
}

const FOLDER = join(import.meta.dirname, '../cases/language');
const USUAL_COMMAND = 'bpftrace script.bt';
const SECTIONS = /^(?:[278](?:\.\d+)?)(?:, [278](?:\.\d+)?)* \S/;

/** All files, by name. */
export function readLanguageFiles(): readonly LanguageFile[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
  return names.sort().map((file) => {
    const path = join(FOLDER, file);
    return { file, ...parseLanguageCases(readFileSync(path, 'latin1'), path) };
  });
}

export function writeLanguageFile({ file, about, cases }: LanguageFile): void {
  const head = about === '' ? [] : [`% ${about}\n`];
  writeFileSync(join(FOLDER, file), [...head, ...cases.map(printCase)].join('\n'), 'latin1');
}

/** Whether the script, or the command line, is refused: nothing has run. */
export function isRefused({ exitCode: code, stderr = '', stdout }: LanguageCase): boolean {
  return code === 1 && stdout === '' && /\bERROR: /.test(stderr);
}

export function parseLanguageCases(text: string, file: string): Omit<LanguageFile, 'file'> {
  const cursor: Cursor = { lines: text.split('\n'), file, index: 0 };
  return { about: accept(cursor, '% ') ?? '', cases: parseCases(cursor, parseCase) };
}

function parseCase(cursor: Cursor): LanguageCase {
  const name = required(cursor, '# ');
  if (!SECTIONS.test(name))
    throw problem(cursor, `"${name}" does not begin with its sections, as in "2.6, 7.2 …"`);
  const command = accept(cursor, '$ ') ?? USUAL_COMMAND;
  const script = `${takeLines(cursor).join('\n').trim()}\n`;
  const out = accept(cursor, `${HEADING}stdout`);
  const stdout = out === undefined ? '' : readSection({ form: out.trim(), lines: takeLines(cursor) });
  const said = accept(cursor, `${HEADING}stderr`) === undefined ? [] : takeLines(cursor);
  const stderr = said.join('\n').trim();
  if (stderr.includes('\n')) throw problem(cursor, 'more than the first line of stderr');
  const code = exitCode(cursor, required(cursor, `${HEADING}exit `));
  return { name, command, script, stdout, ...(stderr !== '' && { stderr }), exitCode: code };
}

function printCase({ name, command, script, stdout, stderr, exitCode: code }: LanguageCase): string {
  const { form, lines } = writeSection(stdout);
  return [
    `# ${name}`,
    ...(command === USUAL_COMMAND ? [] : [`$ ${command}`]),
    script.trimEnd(),
    ...(stdout === '' ? [] : [`${HEADING}stdout${form === '' ? '' : ` ${form}`}`, ...lines]),
    ...(stderr === undefined ? [] : [`${HEADING}stderr`, stderr]),
    `${HEADING}exit ${code}`,
    '',
  ].join('\n');
}
