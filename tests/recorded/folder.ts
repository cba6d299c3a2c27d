/** The folder of recorded cases on disk. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseFile } from './case.ts';
import type { NamedCase } from './exceptions.ts';
import { parseRecordedCases } from './parse.ts';
import { printRecordedCases } from './print.ts';

export interface NamedCaseFile extends CaseFile {
  /** File name without folder. */
  readonly file: string;
}

export const CASES_FOLDER: string = join(import.meta.dirname, '../cases/bpftrace');
export const EXCEPTIONS_FILE: string = join(CASES_FOLDER, 'EXCEPTIONS.md');

/** All case files, by name. */
export function readCaseFiles(): readonly NamedCaseFile[] {
  const names = readdirSync(CASES_FOLDER).filter((name) => name.endsWith('.txt'));
  return names.sort().map((file) => {
    const path = join(CASES_FOLDER, file);
    return { file, ...parseRecordedCases(readFileSync(path, 'latin1'), path) };
  });
}

export function writeCaseFile(file: NamedCaseFile): void {
  writeFileSync(join(CASES_FOLDER, file.file), printRecordedCases(file), 'latin1');
}

export function namedCases(files: readonly NamedCaseFile[]): readonly NamedCase[] {
  return files.flatMap(({ file, cases }) => cases.map((golden) => ({ file, golden })));
}
