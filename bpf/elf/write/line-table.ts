/**
 * The lines of a source text: which one a span begins on, as `.BTF.ext` tells it. An empty span at the start of a line
 * whose file is known by single lines only stands for the line alone, without a column.
 */
import type { Source, Span } from '../../span.ts';

export interface SourceLine {
  readonly file: string;
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** Bytes, from 1; 0 when unknown. */
  readonly column: number;
}

export class LineTable {
  readonly #source: Source;
  /** Where each line begins. */
  readonly #starts: readonly number[];

  constructor(source: Source) {
    this.#source = source;
    const starts = [0];
    for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1))
      starts.push(at + 1);
    this.#starts = starts;
  }

  /** The line a span begins on. */
  at({ start: offset, end: spanEnd }: Span): SourceLine {
    const { name, text, lineNumbers } = this.#source;
    let low = 0;
    for (let high = this.#starts.length; high - low > 1; ) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    const start = this.#starts[low]!;
    const end = this.#starts[low + 1] ?? text.length + 1;
    const isLine = offset === start && spanEnd === start && lineNumbers !== undefined;
    return {
      file: name,
      text: text.slice(start, end - 1),
      line: lineNumbers?.[low] ?? low + 1,
      column: isLine ? 0 : ENCODER.encode(text.slice(start, offset)).length + 1,
    };
  }
}

const ENCODER = new TextEncoder();
