/**
 * Layouts and their printer, after Wadler's "A prettier printer": a document says where lines may break, the printer
 * breaks what does not fit. Linear in the document.
 */

export type Doc =
  | string
  | readonly Doc[]
  /**
   * A break: flat it is `flat`, broken a line end. `hard` ones always break, and with them all that is around; a break
   * right behind a `once` makes no second line.
   */
  | { readonly kind: 'line'; readonly flat: string; readonly hard?: boolean; readonly once?: boolean }
  | { readonly kind: 'indent'; readonly levels: number; readonly body: Doc }
  /** All breaks of a group's own break together, or none. */
  | { readonly kind: 'group'; readonly body: Doc; readonly broken: boolean }
  /** Each break only when the next part does not fit. */
  | { readonly kind: 'fill'; readonly parts: readonly Doc[] }
  /** Text over several lines that keeps its own indentation. */
  | { readonly kind: 'verbatim'; readonly text: string };

export const LINE: Doc = { kind: 'line', flat: ' ' };
export const SOFT: Doc = { kind: 'line', flat: '' };
export const HARD: Doc = { kind: 'line', flat: '', hard: true };
/** What must follow a line comment. */
export const ONCE: Doc = { kind: 'line', flat: '', hard: true, once: true };

export function indent(body: Doc, levels = 1): Doc {
  return { kind: 'indent', levels, body };
}

export function group(body: Doc): Doc {
  return { kind: 'group', body, broken: mustBreak(body) };
}

/** Parts with a separator text and a break between them, as many on a line as fit. */
export function fill(parts: readonly Doc[]): Doc {
  return { kind: 'fill', parts };
}

export function join(parts: readonly Doc[], separator: Doc): Doc {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
}

function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}

/** Is there a break in it that always breaks? A group below answers for all in it. */
function mustBreak(doc: Doc): boolean {
  if (typeof doc === 'string') return false;
  if (isList(doc)) return doc.some(mustBreak);
  switch (doc.kind) {
    case 'line':
      return doc.hard === true;
    case 'indent':
      return mustBreak(doc.body);
    case 'group':
      return doc.broken;
    case 'fill':
      return doc.parts.some(mustBreak);
    case 'verbatim':
      return doc.text.includes('\n');
  }
}

interface Command {
  readonly doc: Doc;
  readonly depth: number;
  readonly flat: boolean;
}

const INDENT = '  ';

/** The text of a document; lines have no blanks at their ends. */
export function printDoc(root: Doc, width: number): string {
  const out: string[] = [];
  const pending: Command[] = [{ doc: root, depth: 0, flat: false }];
  let column = 0;
  let once = false;
  const text = (given: string): void => {
    const piece = once ? given.trimStart() : given;
    if (piece === '') return;
    once = false;
    out.push(piece);
    column += columns(piece);
  };
  const newline = (depth: number, ends: boolean): void => {
    trimEnd(out);
    if (!once) out.push('\n');
    out.push(INDENT.repeat(depth));
    column = depth * INDENT.length;
    once = ends;
  };
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { doc, depth, flat } = next;
    if (typeof doc === 'string') text(doc);
    else if (isList(doc)) for (const part of doc.toReversed()) pending.push({ doc: part, depth, flat });
    else
      switch (doc.kind) {
        case 'line':
          if (flat && doc.hard !== true) text(doc.flat);
          else newline(depth, doc.once === true);
          break;
        case 'indent':
          pending.push({ doc: doc.body, depth: depth + doc.levels, flat });
          break;
        case 'group': {
          const fits = !doc.broken && (flat || fitsIn(width - column, doc.body, pending));
          pending.push({ doc: doc.body, depth, flat: fits });
          break;
        }
        case 'fill':
          pushFill(doc.parts, depth, flat, column, width, pending);
          break;
        case 'verbatim': {
          once = false;
          out.push(doc.text);
          column = columns(doc.text.slice(doc.text.lastIndexOf('\n') + 1));
          break;
        }
      }
  }
  trimEnd(out);
  return out.join('');
}

/** One part, and the rest of the fill behind it, with a break before what no longer fits. */
function pushFill(
  [first, ...rest]: readonly Doc[],
  depth: number,
  flat: boolean,
  column: number,
  width: number,
  pending: Command[],
): void {
  if (first === undefined) return;
  if (rest.length > 0) {
    const [part, ...others] = rest;
    // The separator belongs to the part before it: only its break is to be decided.
    pending.push({ doc: { kind: 'fill', parts: [part!, ...others] }, depth, flat });
  }
  const fits = flat || (!mustBreak(first) && fitsIn(width - column, first, pending));
  pending.push({ doc: first, depth, flat: fits });
}

/** Does the document fit in so many columns, with what stands behind it up to the next place for a break? */
function fitsIn(room: number, doc: Doc, behind: readonly Command[]): boolean {
  let left = room;
  const stack: { readonly doc: Doc; readonly flat: boolean }[] = [{ doc, flat: true }];
  let rest = behind.length;
  while (left >= 0) {
    let next = stack.pop();
    if (next === undefined) {
      if (rest === 0) return true;
      next = behind[--rest]!;
    }
    const { doc: at, flat } = next;
    if (typeof at === 'string') left -= columns(at);
    else if (isList(at)) for (const part of at.toReversed()) stack.push({ doc: part, flat });
    else
      switch (at.kind) {
        case 'line':
          if (!flat || at.hard === true) return true;
          left -= at.flat.length;
          break;
        case 'indent':
          stack.push({ doc: at.body, flat });
          break;
        case 'group':
          stack.push({ doc: at.body, flat: flat && !at.broken });
          break;
        case 'fill':
          // Behind the text in question a fill may break before each of its parts.
          if (!flat) return fillFits(at.parts, left);
          for (const part of at.parts.toReversed()) stack.push({ doc: part, flat });
          break;
        case 'verbatim':
          return columns(at.text.split('\n', 1)[0]!) <= left;
      }
  }
  return false;
}

function fillFits(parts: readonly Doc[], left: number): boolean {
  const [first] = parts;
  return first === undefined || left >= 0;
}

function trimEnd(out: string[]): void {
  while (out.length > 0) {
    const last = out.at(-1)!;
    const trimmed = last.replace(/[ \t]+$/, '');
    if (trimmed === last && last !== '') return;
    if (trimmed !== '') {
      out[out.length - 1] = trimmed;
      return;
    }
    out.pop();
  }
}

function columns(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
