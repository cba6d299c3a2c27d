/** `rawtracepoint`: what the kernel hands to a tracepoint's handlers, before a record is made of it. */
import type { KernelInfo, RawTracepointArgument } from '../../../bpf/kernel-info.ts';
import { attachForm, noMatch, noRawTracepoints } from '../../diagnostics/messages.gen.ts';
import { UINT64 } from '../../types/make.ts';
import { argument } from '../function-arguments.ts';
import { missing } from '../missing.ts';
import { type AttachContext, type PointRequest, partText, type ResolvedPoint } from '../point.ts';
import type { ProbeArguments } from '../probe-arguments.ts';
import { rawFormat } from '../raw-arguments.ts';
import { recordArguments } from '../record-arguments.ts';
import { didYouMean } from '../suggest.ts';
import { hasWildcard, wildcardMatcher } from '../wildcard.ts';
import type { Provider } from './provider.ts';

export const RAWTRACEPOINT: Provider = {
  name: 'rawtracepoint',
  aliases: ['rt'],
  forms: ['rawtracepoint:event', 'rawtracepoint:module:event'],
  doc: "Fires at an event of the kernel with the arguments of its handlers: the kernel's own objects.",
  data: ['args', 'argN'],
  resolve,
  list: (kernel) =>
    (kernel.rawTracepoints?.list() ?? []).map((event) => ({
      name: `rawtracepoint:${event}`,
      args: () => rawData(kernel, event).args,
    })),
};

const WORD = 8;

function resolve(request: PointRequest, context: AttachContext): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const { kernel, sink } = context;
  const event = parts.at(-1);
  if (event === undefined || event.text === '' || parts.length > 2) {
    sink.report(attachForm(syntax.span, { provider: 'rawtracepoint', form: 'rawtracepoint:[module:]event' }));
    return [];
  }
  const module = parts.length === 2 ? partText(request, 0) : undefined;
  const found = find(kernel, event.text);
  if (found.length === 0) reportMissing(request, event.text, context);
  return found.map((one) => ({
    point: { kind: 'rawtracepoint', event: one, ...(module !== undefined && { module }) },
    name: `rawtracepoint:${module === undefined ? '' : `${module}:`}${one}`,
    ...rawData(kernel, one),
    syntax,
  }));
}

function find({ rawTracepoints }: KernelInfo, event: string): readonly string[] {
  if (hasWildcard(event)) return (rawTracepoints?.list() ?? []).filter(wildcardMatcher(event));
  return rawTracepoints?.find(event) === undefined ? [] : [event];
}

/** A recording has the fields of events, not what the kernel passed to the tracepoint. */
function reportMissing({ syntax, parts }: PointRequest, event: string, context: AttachContext): void {
  const { kernel } = context;
  const alike = (kernel.tracepoints?.list() ?? []).filter(({ name }) => name === event);
  const hints = alike.map(({ system, name }) => `use tracepoint:${system}:${name}`);
  missing(syntax, context, () => {
    if (kernel.rawTracepoints === undefined)
      return noRawTracepoints(syntax.span, { kernel: kernel.name }, { hints });
    const pattern = syntax.parts.map(({ text }) => text).join(':');
    const similar = hasWildcard(event) ? {} : didYouMean(event, kernel.rawTracepoints.list());
    return noMatch(parts.at(-1)!.span, { pattern, kernel: kernel.name }, similar);
  });
}

function rawData(kernel: KernelInfo, event: string): Pick<ResolvedPoint, 'format' | 'args'> {
  const given = kernel.rawTracepoints?.find(event);
  if (given === undefined) return {};
  const format = rawFormat(event, given);
  return { format, args: rawArguments(given, recordArguments(format, kernel, 0)) };
}

/** Typed by the kernel's types where they tell; `argN` is the plain word. */
function rawArguments(given: readonly RawTracepointArgument[], plain: ProbeArguments): ProbeArguments {
  return {
    named: () =>
      plain.named()?.map((one, index) => {
        const { btf, name } = given[index]!;
        if (btf === undefined) return one;
        const typed = argument(btf.table, name, btf.id, one.place);
        return { ...typed, type: typed.type ?? one.type };
      }),
    numbered: (index) => ({
      name: `arg${index}`,
      type: UINT64,
      place:
        index < given.length
          ? { kind: 'word', offset: index * WORD }
          : { kind: 'nowhere', reason: `the tracepoint has ${given.length} arguments` },
      cType: 'u64',
      declaration: `u64 arg${index}`,
    }),
  };
}
