/** What the generated constructors of `messages.gen.ts` share. */
import type { Diagnostic, RelatedSpan, Severity } from '../../bpf/diagnostic.ts';
import type { Span } from '../../bpf/span.ts';

/** What a `%placeholder%` takes; printed as it is. */
export type MessageValue = string | number | bigint;

/** What a call site may add: `hints` come after those of the message table. */
export interface DiagnosticExtra {
  readonly related?: readonly RelatedSpan[];
  readonly hints?: readonly string[];
}

export function makeDiagnostic(
  code: string,
  severity: Severity,
  message: string,
  span: Span | undefined,
  hints: readonly string[],
  extra: DiagnosticExtra = {},
): Diagnostic {
  const allHints = [...hints, ...(extra.hints ?? [])];
  return {
    code,
    severity,
    message,
    ...(span && { span }),
    ...(extra.related && { related: extra.related }),
    ...(allHints.length > 0 && { hints: allHints }),
  };
}
