/** A bug of the compiler, found while compiling: becomes a diagnostic at the top, with the place when it is known. */
import type { Span } from '../bpf/span.ts';

export class InternalCompilerError extends Error {
  override readonly name = 'InternalCompilerError';
  readonly span: Span | undefined;

  constructor(message: string, span?: Span, options?: ErrorOptions) {
    super(message, options);
    this.span = span;
  }
}

/** The author asks for more code than we are willing to make: becomes a diagnostic at the place where it was too much. */
export class CodeLimitError extends Error {
  override readonly name = 'CodeLimitError';
  readonly span: Span | undefined;
  readonly limit: number;

  constructor(limit: number, span?: Span) {
    super(`more than ${limit} instructions`);
    this.limit = limit;
    this.span = span;
  }
}
