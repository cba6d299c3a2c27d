/** What the formatter asks of the text it lays out anew: comments in their order, blank lines, parentheses. */
import type { Source, Span } from '../../bpf/span.ts';
import type { Comment } from '../syntax/ast.ts';
import { type Doc, HARD, ONCE } from './doc.ts';

export class SourceText {
  readonly text: string;
  private readonly comments: readonly Comment[];
  private next = 0;
  private closers: ReadonlyMap<number, number> | undefined;

  constructor({ text }: Source, comments: readonly Comment[]) {
    this.text = text;
    this.comments = comments;
  }

  slice({ start, end }: Span): string {
    return this.text.slice(start, end);
  }

  /** Takes the comments that begin before `offset` and were not taken yet. */
  commentsBefore(offset: number): readonly Comment[] {
    const from = this.next;
    while (this.next < this.comments.length && this.comments[this.next]!.span.start < offset) this.next++;
    return this.comments.slice(from, this.next);
  }

  /** Where the first comment begins. */
  get firstComment(): number | undefined {
    return this.comments[0]?.span.start;
  }

  hasCommentIn({ start, end }: Span): boolean {
    return this.comments.some((comment) => comment.span.start >= start && comment.span.start < end);
  }

  /** The comments before a piece inside a line, and the blank or line end behind them. */
  inline(offset: number): Doc {
    return this.commentsBefore(offset).map((comment) => [
      commentDoc(comment),
      comment.style === 'line' ? ONCE : ' ',
    ]);
  }

  /** The comments before a closing bracket, behind what is before it. */
  inlineBehind(offset: number): Doc {
    return this.commentsBefore(offset).map((comment) => [
      ' ',
      commentDoc(comment),
      comment.style === 'line' ? ONCE : '',
    ]);
  }

  isOnLineOf(offset: number, end: number): boolean {
    return !this.text.slice(end, offset).includes('\n');
  }

  hasBlankLine(from: number, to: number): boolean {
    return /\n[ \t\r]*\n/.test(this.text.slice(from, to));
  }

  /** Did the author put this very piece into parentheses? */
  isParenthesised({ start, end }: Span): boolean {
    this.closers ??= closersOf(this.text);
    for (let open = blankStart(this.text, start) - 1; this.text[open] === '('; ) {
      const close = this.closers.get(open);
      if (close !== undefined && close >= end && /^[\s)]*$/.test(this.text.slice(end, close))) return true;
      open = blankStart(this.text, open) - 1;
    }
    return false;
  }
}

/** A comment's text; the stars of one over several lines go along with it. */
export function commentDoc({ text, style }: Comment): Doc {
  if (style === 'line') return text.trimEnd();
  const lines = text.trimEnd().replaceAll('\r\n', '\n').split('\n');
  if (lines.length === 1) return lines[0]!;
  const starred = lines.slice(1).every((line) => /^\s*\*/.test(line));
  if (!starred) return { kind: 'verbatim', text: lines.map((line) => line.trimEnd()).join('\n') };
  return lines.map((line, index) => (index === 0 ? line.trimEnd() : [HARD, ` ${line.trim()}`]));
}

function blankStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && /\s/.test(text[at - 1]!)) at--;
  return at;
}

/** Where each `(` is closed; comments and strings do not count. */
function closersOf(text: string): ReadonlyMap<number, number> {
  const closers = new Map<number, number>();
  const open: number[] = [];
  for (const { 0: piece, index } of text.matchAll(/\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|[()]/g)) {
    if (piece === '(') open.push(index);
    const start = piece === ')' ? open.pop() : undefined;
    if (start !== undefined) closers.set(start, index);
  }
  return closers;
}
