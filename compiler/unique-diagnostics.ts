/** A list in which nothing is said twice: one body serves many points, and what is said of each is said once. */
import { type Diagnostic, DiagnosticList, type DiagnosticSink } from '../bpf/diagnostic.ts';
import { expansionChain } from '../bpf/span.ts';
import { plainNames } from './expand/locals.ts';

export class UniqueDiagnostics extends DiagnosticList implements DiagnosticSink {
  private readonly seen: Set<string> = new Set();

  override report(given: Diagnostic): void {
    const diagnostic = withPlainNames(given);
    const { code, span, message } = diagnostic;
    const places = span === undefined ? [] : [span, ...expansionChain(span)];
    const at = places.map(({ source, start, end }) => `${source}:${start}:${end}`).join(' ');
    const key = `${code}:${at}:${message}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    super.report(diagnostic);
  }
}

/** Macros' own variables are called what their macro calls them. */
function withPlainNames(diagnostic: Diagnostic): Diagnostic {
  const { message, related, hints } = diagnostic;
  return {
    ...diagnostic,
    message: plainNames(message),
    ...(related && { related: related.map((one) => ({ ...one, message: plainNames(one.message) })) }),
    ...(hints && { hints: hints.map(plainNames) }),
  };
}
