/** A list in which nothing is said twice: one body serves many points, and what is said of each is said once. */
import { type Diagnostic, DiagnosticList, type DiagnosticSink } from '../bpf/diagnostic.ts';

export class UniqueDiagnostics extends DiagnosticList implements DiagnosticSink {
  private readonly seen: Set<string> = new Set();

  override report(diagnostic: Diagnostic): void {
    const { code, span, message } = diagnostic;
    const key = `${code}:${span?.source}:${span?.start}:${span?.end}:${message}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    super.report(diagnostic);
  }
}
