/** Line by line through a file of cases, whose parts stand under headings `==> …`. */

export const HEADING = '==> ';

export interface Cursor {
  readonly lines: readonly string[];
  readonly file: string;
  index: number;
}

/** The lines up to the next heading. */
export function takeLines(cursor: Cursor): readonly string[] {
  const start = cursor.index;
  while (cursor.lines[cursor.index]?.startsWith(HEADING) !== true) {
    if (cursor.index >= cursor.lines.length) throw problem(cursor, 'the last case has no end');
    cursor.index++;
  }
  return cursor.lines.slice(start, cursor.index);
}

/** What follows `prefix` on the current line, which is consumed; undefined when it begins otherwise. */
export function accept(cursor: Cursor, prefix: string): string | undefined {
  const line = cursor.lines[cursor.index];
  if (line?.startsWith(prefix) !== true) return undefined;
  cursor.index++;
  return line.slice(prefix.length);
}

export function required(cursor: Cursor, prefix: string): string {
  const rest = accept(cursor, prefix);
  if (rest === undefined) throw problem(cursor, `expected "${prefix.trimEnd()}"`);
  return rest;
}

export function exitCode(cursor: Cursor, text: string): number {
  if (!/^\d{1,3}$/.test(text)) throw problem(cursor, `"${text}" is not an exit code`);
  return Number(text);
}

export function skipBlank(cursor: Cursor): void {
  while (cursor.lines[cursor.index]?.trim() === '') cursor.index++;
}

/** Cases up to the end of the text. Two of one name are an error. */
export function parseCases<T extends { readonly name: string }>(
  cursor: Cursor,
  parseCase: (cursor: Cursor) => T,
): T[] {
  const cases: T[] = [];
  for (skipBlank(cursor); cursor.index < cursor.lines.length; skipBlank(cursor)) {
    const golden = parseCase(cursor);
    if (cases.some(({ name }) => name === golden.name)) {
      throw problem(cursor, `second case named "${golden.name}"`);
    }
    cases.push(golden);
  }
  return cases;
}

export function problem(cursor: Cursor, message: string): Error {
  return new Error(`${cursor.file}:${cursor.index + 1}: ${message}`);
}
