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
