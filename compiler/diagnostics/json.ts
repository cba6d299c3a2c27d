/** Diagnostics as plain data for programs: editors, continuous integration. */
import type { Diagnostic, Severity } from '../../bpf/diagnostic.ts';
import { expansionChain, type Source, type Span } from '../../bpf/span.ts';
import { LineIndex } from './line-index.ts';

/** Lines and columns are 1-based and count characters; `endColumn` is behind the last one. */
export interface PlaceJson {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Without a place when it concerns none in the text. */
export interface DiagnosticJson extends Partial<PlaceJson> {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hints?: readonly string[];
  readonly related?: readonly (Partial<PlaceJson> & { readonly message: string })[];
  /** Places in macros' bodies that the text was expanded from, outermost first. */
  readonly expandedFrom?: readonly PlaceJson[];
}

export function diagnosticsToJson(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
): DiagnosticJson[] {
  const indexes = sources.map((source) => new LineIndex(source));
  const place = (span: Span | undefined): Partial<PlaceJson> => {
    const index = span && indexes[span.source];
    return span && index ? placeOf(span, index) : {};
  };
  return diagnostics.map(({ code, severity, message, hints, span, related }) => ({
    ...{ code, severity, message },
    ...(hints && { hints }),
    ...place(span),
    ...(related && { related: related.map((one) => ({ message: one.message, ...place(one.span) })) }),
    ...expansion(span, indexes),
  }));
}

function placeOf(span: Span, index: LineIndex): PlaceJson {
  const start = index.position(span.start);
  const end = index.position(span.end);
  const { line, column } = start;
  return { file: index.source.name, line, column, endLine: end.line, endColumn: end.column };
}

function expansion(
  span: Span | undefined,
  indexes: readonly LineIndex[],
): Pick<DiagnosticJson, 'expandedFrom'> {
  const chain = span === undefined ? [] : expansionChain(span);
  const places = chain.flatMap((one) => {
    const index = indexes[one.source];
    return index === undefined ? [] : [placeOf(one, index)];
  });
  return places.length > 0 ? { expandedFrom: places } : {};
}
