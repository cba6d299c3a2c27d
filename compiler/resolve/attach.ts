/**
 * Attach points: from the text of a probe's head to the points of a kernel. A word with wildcards in the provider's place
 * stands for several providers, and those it does not fit are passed over.
 */
import { type AttachKind, isOwnKind } from '../../bpf/attach-point.ts';
import { DiagnosticList } from '../../bpf/diagnostic.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { cannotAttach, kindUnavailable, noProvider, unknownProvider } from '../diagnostics/messages.gen.ts';
import type { AttachPointSyntax } from '../syntax/ast.ts';
import { missing } from './missing.ts';
import type { AttachContext, PointRequest, ResolvedPoint } from './point.ts';
import { findProvider, matchingProviders, type Provider, providerNames } from './providers/index.ts';
import { didYouMean } from './suggest.ts';
import { hasWildcard } from './wildcard.ts';

export type { AttachContext, ResolvedPoint } from './point.ts';

export function resolveAttachPoint(
  syntax: AttachPointSyntax,
  context: AttachContext,
): readonly ResolvedPoint[] {
  const [word, ...parts] = syntax.parts;
  if (word === undefined) return [];
  if (hasWildcard(word.text)) return withWildcard(syntax, context);
  const provider = findProvider(word.text);
  if (provider !== undefined)
    return attachable(provider, { syntax, provider: provider.name, parts }, context);
  if (word.text !== '') {
    const hint = didYouMean(word.text, providerNames());
    context.sink.report(unknownProvider(word.span, { name: word.text }, hint));
  }
  return [];
}

/** `*:sys_enter_open`, `k*:vfs_read`. */
function withWildcard(syntax: AttachPointSyntax, context: AttachContext): readonly ResolvedPoint[] {
  const [word, ...parts] = syntax.parts;
  const providers = matchingProviders(word!.text);
  if (providers.length === 0) {
    context.sink.report(noProvider(word!.span, { pattern: word!.text }));
    return [];
  }
  const { attachable: can } = context.kernel;
  const settings = { ...context.settings, missingProbes: 'ignore' } as const;
  const found = providers.flatMap((provider) => {
    if (can !== undefined && !can.kinds.has(provider.name)) return [];
    const sink = new DiagnosticList();
    const request: PointRequest = { syntax, provider: provider.name, parts: fitted(provider, parts) };
    return provider
      .resolve(request, { ...context, settings, sink })
      .filter(({ point }) => can?.problem?.(point) === undefined);
  });
  if (found.length === 0) missing(syntax, context);
  return found;
}

/** A tracepoint's category may be left out where nobody says that a tracepoint is meant. */
function fitted({ name }: Provider, parts: PointRequest['parts']): PointRequest['parts'] {
  const [only] = parts;
  return name === 'tracepoint' && parts.length === 1 && only !== undefined
    ? [{ ...only, text: '*', quoted: false }, only]
    : parts;
}

/** Without what nothing would ever fire in this kernel. */
function attachable(
  provider: Provider,
  request: PointRequest,
  context: AttachContext,
): readonly ResolvedPoint[] {
  const { kernel, sink } = context;
  const { attachable: can } = kernel;
  if (can !== undefined && !can.kinds.has(provider.name)) {
    const values = { kernel: kernel.name, provider: provider.name, advice: adviceFor(provider.name, kernel) };
    sink.report(kindUnavailable(request.syntax.span, values));
    return [];
  }
  const found = provider.resolve(request, context);
  const { problem } = can ?? {};
  if (problem === undefined) return found;
  return found.filter(({ point, name, syntax }) => {
    const reason = problem(point);
    if (reason !== undefined) sink.report(cannotAttach(syntax.span, { name, reason }));
    return reason === undefined;
  });
}

function adviceFor(kind: AttachKind, { attachable: can }: KernelInfo): string {
  const kinds = [...(can?.kinds ?? [])].filter((one) => !isOwnKind(one));
  const there = kinds.length === 0 ? '' : `it has ${kinds.join(', ')}; `;
  return `${there}bpfkit compile --target linux-6.1 makes an object with ${kind} probes for a real kernel`;
}
