/**
 * Where something stands in the user's text. Every AST node, IR value and instruction carries one, so that a
 * verifier complaint, a cost figure and a debugger step all point at the same characters.
 */

/** A half-open range of UTF-16 code units in one source text. */
export interface Span {
  /** Index of the text in its {@link Source} list; 0 is the main script. */
  readonly source: number;
  readonly start: number;
  readonly end: number;
  /**
   * What is here was expanded from a macro: the place in its body. Where that macro was used by another, the place's own
   * `expandedFrom` is that use, and so on outwards; the outermost use is this span.
   */
  readonly expandedFrom?: Span;
}

/** One text that spans point into. */
export interface Source {
  /** The path as the user gave it, or `stdin` for `-` and `-e`, as bpftrace prints it. */
  readonly name: string;
  readonly text: string;
  /**
   * Where only some lines of a file are known (an object's line info): the number in the file, from 1, of each line of
   * `text`, ascending; 0 where a compiler says that an instruction comes from no line. Absent: `text` is the whole file.
   */
  readonly lineNumbers?: readonly number[];
}

/** The smallest span that covers both; they must lie in one source. */
export function joinSpans(first: Span, last: Span): Span {
  return {
    source: first.source,
    start: Math.min(first.start, last.start),
    end: Math.max(first.end, last.end),
  };
}

/** The use of a macro as the place of what stands at `body` in it. */
export function expandSpan(use: Span, body: Span): Span {
  const { source, start, end, expandedFrom } = use;
  return { source, start, end, expandedFrom: expandedFrom ? { ...body, expandedFrom } : body };
}

/** The chain of places behind an expanded span, outermost first. */
export function expansionChain(span: Span): readonly Span[] {
  const chain: Span[] = [];
  for (let at = span.expandedFrom; at !== undefined; at = at.expandedFrom) chain.unshift(at);
  return chain;
}
