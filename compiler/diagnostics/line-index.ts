/** Offsets of a text ↔ lines and columns. Columns count characters (code points), the first is 1, as bpftrace prints them for ASCII text. */
import type { Source } from '../../bpf/span.ts';

/** Both 1-based. */
export interface LinePosition {
  readonly line: number;
  readonly column: number;
}

export class LineIndex {
  readonly source: Source;
  /** Offset of the first character of each line. */
  private readonly starts: readonly number[];

  constructor(source: Source) {
    this.source = source;
    const starts = [0];
    for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1))
      starts.push(at + 1);
    this.starts = starts;
  }

  get lineCount(): number {
    return this.starts.length;
  }

  /** Offsets outside the text are taken as its ends. */
  position(offset: number): LinePosition {
    const at = Math.min(Math.max(offset, 0), this.source.text.length);
    const line = this.lineAt(at);
    return { line, column: characters(this.source.text.slice(this.starts[line - 1], at)) + 1 };
  }

  /** The text of a 1-based line, without its end. */
  lineText(line: number): string {
    const start = this.starts[line - 1] ?? this.source.text.length;
    return this.source.text
      .slice(start, (this.starts[line] ?? this.source.text.length + 1) - 1)
      .replace(/\r$/, '');
  }

  private lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
