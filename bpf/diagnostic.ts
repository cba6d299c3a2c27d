/**
 * Diagnostics: what we tell the author of a script or program. They are data put into a sink, never thrown;
 * faults (I/O, our own bugs) are Error subclasses instead.
 */
import type { Span } from './span.ts';

/** A note says what was done, where nothing is wrong. */
export type Severity = 'error' | 'warning' | 'note';

/** A second place that explains the first, such as "first assigned here". */
export interface RelatedSpan {
  readonly message: string;
  readonly span: Span;
}

export interface Diagnostic {
  /** Stable code, e.g. `BT0102`; `bpfkit explain CODE` prints its long text. */
  readonly code: string;
  readonly severity: Severity;
  /** One line, without the `ERROR: ` prefix and without a final full stop, as bpftrace words it where it has the message. */
  readonly message: string;
  /** Absent when the message concerns no place in the text. */
  readonly span?: Span;
  readonly related?: readonly RelatedSpan[];
  /** Lines printed after `HINT: `: what to do. */
  readonly hints?: readonly string[];
}

/** Takes diagnostics as they are found. */
export interface DiagnosticSink {
  report(diagnostic: Diagnostic): void;
}

/** A sink that keeps what it is given, in order. */
export class DiagnosticList implements DiagnosticSink {
  readonly items: Diagnostic[] = [];

  report(diagnostic: Diagnostic): void {
    this.items.push(diagnostic);
  }

  get hasErrors(): boolean {
    return this.items.some((item) => item.severity === 'error');
  }
}
