/** Diagnostics as text, in bpftrace's layout, and as data for programs. */
import type { Diagnostic, Severity } from '../../bpf/diagnostic.ts';
import { expansionChain, type Source, type Span } from '../../bpf/span.ts';
import { cellWidth } from './cell-width.ts';
import { LineIndex } from './line-index.ts';

/** Characters of a line that are shown at most. */
const LONGEST_LINE = 300;
/** Characters on either side of the marked part of a longer line. */
const CONTEXT = 80;

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];
const COLORS: Readonly<Record<Severity, number>> = { error: 31, warning: 33, note: 36 };

export interface RenderOptions {
  /** Errors red, warnings yellow, notes blue. */
  readonly color?: boolean;
}

/** All errors, then all warnings, then all notes, each in the order given; every entry ends with a line end. */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  options: RenderOptions = {},
): string {
  const indexes = new Map<number, LineIndex>();
  const indexOf = (source: number): LineIndex | undefined => {
    const text = sources[source];
    if (!indexes.has(source) && text) indexes.set(source, new LineIndex(text));
    return indexes.get(source);
  };
  const render = (item: Diagnostic): string => renderOne(item, indexOf, options);
  const ordered = SEVERITIES.flatMap((severity) => diagnostics.filter((item) => item.severity === severity));
  return ordered.map(render).join('');
}

type Indexes = (source: number) => LineIndex | undefined;

function renderOne(item: Diagnostic, indexOf: Indexes, options: RenderOptions): string {
  const places = [{ message: item.message, span: item.span }, ...(item.related ?? [])];
  const hints = (item.hints ?? []).map((hint) => `HINT: ${hint}\n`);
  const located = places.map(({ message, span }) => {
    const index = span && indexOf(span.source);
    const text = paint(`${item.severity.toUpperCase()}: ${message}`, item.severity, options);
    if (span === undefined || index === undefined) return `${text}\n`;
    return renderPlace(text, span, index) + renderExpansion(span, indexOf);
  });
  return [...located, ...hints].join('');
}

/** The places in macros' bodies that the text at `span` was expanded from. */
function renderExpansion(span: Span, indexOf: Indexes): string {
  return expansionChain(span)
    .map((place) => {
      const index = indexOf(place.source);
      return index === undefined ? '' : renderPlace('expanded from', place, index);
    })
    .join('');
}

/** `file:line:col1-col2: …` with one line and its underline, or `file:line1-line2: …` with all lines. */
function renderPlace(text: string, span: Span, index: LineIndex): string {
  const { name } = index.source;
  const start = index.position(span.start);
  const end = index.position(span.end);
  if (end.line > start.line) {
    const lines = Array.from({ length: end.line - start.line + 1 }, (_, at) =>
      clip([...index.lineText(start.line + at)], at === 0 ? start.column - 1 : 0, 0).characters.join(''),
    );
    return `${name}:${start.line}-${end.line}: ${text}\n${lines.map((line) => `${line}\n`).join('')}`;
  }
  const line = index.lineText(start.line);
  const excerpt = clip([...line], start.column - 1, end.column - 1);
  const before = cells(excerpt.characters.slice(0, excerpt.from));
  const marked = cells(excerpt.characters.slice(excerpt.from, excerpt.to));
  const underline = ' '.repeat(before) + '~'.repeat(marked);
  const shown = expandTabs(excerpt.characters.join(''));
  return `${name}:${start.line}:${start.column}-${end.column}: ${text}\n${shown}\n${underline}\n`;
}

interface Excerpt {
  readonly characters: readonly string[];
  /** The marked part of `characters`. */
  readonly from: number;
  readonly to: number;
}

/** Lines up to {@link LONGEST_LINE} whole; of longer ones what stands around the marked part, `…` where more was. */
function clip(characters: readonly string[], from: number, to: number): Excerpt {
  if (characters.length <= LONGEST_LINE) return { characters, from, to };
  const start = Math.max(0, from - CONTEXT);
  const end = Math.min(characters.length, start + LONGEST_LINE - 2, Math.max(to, from) + CONTEXT);
  const head = start > 0 ? ['…'] : [];
  const tail = end < characters.length ? ['…'] : [];
  const shift = start - head.length;
  return {
    characters: [...head, ...characters.slice(start, end), ...tail],
    from: from - shift,
    to: Math.min(to, end) - shift,
  };
}

function expandTabs(line: string): string {
  return line.replaceAll('\t', '    ');
}

/** Cells that characters take as they are shown. */
function cells(characters: readonly string[]): number {
  return characters.reduce((sum, one) => sum + cellWidth(one), 0);
}

function paint(text: string, severity: Severity, options: RenderOptions): string {
  if (!options.color) return text;
  return `\u001b[${COLORS[severity]}m${text}\u001b[0m`;
}
