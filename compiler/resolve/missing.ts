/** What is not there to attach to, by the `missing_probes` setting. */
import type { Diagnostic } from '../../bpf/diagnostic.ts';
import { missingProbe, noMatch } from '../diagnostics/messages.gen.ts';
import type { AttachPointSyntax } from '../syntax/ast.ts';
import type { AttachContext } from './point.ts';

/** `exact`: what to say, when it is an error, of a point that was named in full. */
export function missing(
  syntax: AttachPointSyntax,
  { kernel, settings, sink }: AttachContext,
  exact?: () => Diagnostic,
): void {
  const pattern = syntax.parts.map(({ text }) => text).join(':');
  switch (settings.missingProbes) {
    case 'ignore':
      return;
    case 'warn':
      sink.report(missingProbe(syntax.span, { pattern, kernel: kernel.name }));
      return;
    case 'error':
      sink.report(exact?.() ?? noMatch(syntax.span, { pattern, kernel: kernel.name }));
      return;
    default:
      settings.missingProbes satisfies never;
  }
}
