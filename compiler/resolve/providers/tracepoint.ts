/** `tracepoint`: events that the kernel's authors marked, with a record of named fields. */
import type { EventFormat } from '../../../bpf/event-format.ts';
import type { KernelInfo } from '../../../bpf/kernel-info.ts';
import { attachForm, noTracepoint } from '../../diagnostics/messages.gen.ts';
import { missing } from '../missing.ts';
import { type AttachContext, type PointRequest, partText, type ResolvedPoint } from '../point.ts';
import { recordArguments } from '../record-arguments.ts';
import { didYouMean } from '../suggest.ts';
import { hasWildcard, wildcardMatcher } from '../wildcard.ts';
import type { Provider } from './provider.ts';

export const TRACEPOINT: Provider = {
  name: 'tracepoint',
  aliases: ['t'],
  forms: ['tracepoint:category:event'],
  doc: 'Fires at an event of the kernel; its fields have names and stay the same over kernels.',
  data: ['args'],
  resolve,
  list: (kernel) =>
    formatsOf(kernel).map((format) => ({ name: nameOf(format), args: () => dataOf(format, kernel) })),
};

/** Strings of a listing are not read: any bound does. */
const LISTED_STRLEN = 64;

function resolve(request: PointRequest, context: AttachContext): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const { kernel, settings, sink } = context;
  const [system, event] = [partText(request, 0), partText(request, 1)];
  if (parts.length !== 2 || system === '' || event === '') {
    sink.report(attachForm(syntax.span, { provider: 'tracepoint', form: 'tracepoint:category:event' }));
    return [];
  }
  const found = find(kernel, system, event);
  if (found.length === 0) {
    const wild = hasWildcard(system) || hasWildcard(event);
    missing(syntax, context, wild ? undefined : () => unknown(request, `${system}:${event}`, kernel));
  }
  return found.map((format) => ({
    point: { kind: 'tracepoint', system: format.system, event: format.name },
    name: nameOf(format),
    format,
    args: recordArguments(format, kernel, settings.maxStrlen),
    syntax,
  }));
}

function find({ tracepoints }: KernelInfo, system: string, event: string): readonly EventFormat[] {
  if (tracepoints === undefined) return [];
  if (!hasWildcard(system) && !hasWildcard(event)) {
    const exact = tracepoints.find(system, event);
    return exact === undefined ? [] : [exact];
  }
  const [bySystem, byEvent] = [wildcardMatcher(system), wildcardMatcher(event)];
  return tracepoints.list().filter((format) => bySystem(format.system) && byEvent(format.name));
}

function unknown(
  { syntax }: PointRequest,
  name: string,
  kernel: KernelInfo,
): ReturnType<typeof noTracepoint> {
  const names = formatsOf(kernel).map((format) => `${format.system}:${format.name}`);
  return noTracepoint(syntax.span, { name }, didYouMean(name, names));
}

function formatsOf({ tracepoints }: KernelInfo): readonly EventFormat[] {
  return tracepoints?.list() ?? [];
}

function nameOf({ system, name }: EventFormat): string {
  return `tracepoint:${system}:${name}`;
}

function dataOf(format: EventFormat, kernel: KernelInfo): ReturnType<typeof recordArguments> {
  return recordArguments(format, kernel, LISTED_STRLEN);
}
