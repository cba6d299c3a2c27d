/**
 * Line info and source texts: an object knows single lines of its files, each with its number. A span stands for file,
 * line and column; an empty span at the start of a line stands for column 0, which means that only the line is known.
 */
import type { LineRecord } from '../../btf/ext.ts';
import type { Source, Span } from '../../span.ts';

/** Sources made of the lines that are known. */
export class LineTexts {
  readonly sources: readonly Source[];
  readonly #files: ReadonlyMap<string, FileLines>;

  constructor(records: Iterable<LineRecord>) {
    const files = new Map<string, Map<number, string>>();
    let blanks = MAX_BLANKS;
    for (const record of records) {
      const lines = files.get(record.file) ?? new Map<number, string>();
      files.set(record.file, lines);
      const line = longer(lines.get(record.line) ?? '', record);
      const missing = Math.min(blanks, missingBytes(line, record.column));
      lines.set(record.line, line + ' '.repeat(missing));
      blanks -= missing;
    }
    const made = [...files].map(([name, lines], index) => fileLines(name, index, lines));
    this.sources = made.map(({ source }) => source);
    this.#files = new Map(made.map((one) => [one.source.name, one]));
  }

  /** Of a record that the constructor has seen. */
  spanOf({ file, line, column }: LineRecord): Span {
    const { index, starts, source } = this.#files.get(file)!;
    const start = starts.get(line)!;
    if (column === 0) return { source: index, start, end: start };
    const end = source.text.indexOf('\n', start);
    const text = source.text.slice(start, end < 0 ? source.text.length : end);
    const at = start + unitsOf(text, column - 1);
    return { source: index, start: at, end: at + wordLength(source.text, at) };
  }
}

interface FileLines {
  readonly index: number;
  readonly source: Source;
  /** Of each line's first character, by its number. */
  readonly starts: ReadonlyMap<number, number>;
}

function fileLines(name: string, index: number, lines: ReadonlyMap<number, string>): FileLines {
  const ordered = [...lines].toSorted((a, b) => a[0] - b[0]);
  const starts = new Map<number, number>();
  let at = 0;
  for (const [line, text] of ordered) {
    starts.set(line, at);
    at += text.length + 1;
  }
  const lineNumbers = ordered.map(([line]) => line);
  return { index, source: { name, text: ordered.map(([, text]) => text).join('\n'), lineNumbers }, starts };
}

function longer(known: string, { text }: LineRecord): string {
  const [first = ''] = text.split('\n', 1);
  return first.length > known.length ? first : known;
}

/** How far a line ends before a column. The compiler may not have seen the line: blanks keep the column told. */
function missingBytes(line: string, column: number): number {
  if (line.length >= column) return 0;
  return Math.max(0, column - 1 - ENCODER.encode(line).length);
}

/** UTF-16 units that the first `bytes` bytes of a text take. */
function unitsOf(text: string, bytes: number): number {
  let left = bytes;
  let units = 0;
  for (const character of text) {
    if (left <= 0) break;
    left -= ENCODER.encode(character).length;
    units += character.length;
  }
  return units;
}

/** Of the name or number at a position; 1 of anything else, also at the end of a line. */
function wordLength(text: string, at: number): number {
  WORD.lastIndex = at;
  return WORD.exec(text)?.[0].length ?? 1;
}

/** So many blanks are never asked for in good faith. */
const MAX_BLANKS = 1 << 20;
const WORD = /[A-Za-z0-9_]+/y;
const ENCODER = new TextEncoder();
