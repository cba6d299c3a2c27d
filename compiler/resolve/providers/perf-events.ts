/** `software` and `hardware`: counters of the perf subsystem, firing once every so many events. */
import { attachForm, attachValue, noWildcard, unknownEvent } from '../../diagnostics/messages.gen.ts';
import { type AttachContext, type PointRequest, partText, type ResolvedPoint } from '../point.ts';
import { didYouMean } from '../suggest.ts';
import { hasWildcard, wildcardMatcher } from '../wildcard.ts';
import type { Provider } from './provider.ts';

interface PerfEvent {
  readonly name: string;
  readonly aliases: readonly string[];
  /** Events from one firing to the next, unless the script says how many. */
  readonly count: number;
}

// biome-ignore format: a table
const SOFTWARE_EVENTS: readonly PerfEvent[] = [
  { name: 'alignment-faults', aliases: [], count: 1 },
  { name: 'bpf-output', aliases: [], count: 1 },
  { name: 'context-switches', aliases: ['cs'], count: 1000 },
  { name: 'cpu-clock', aliases: ['cpu'], count: 1_000_000 },
  { name: 'cpu-migrations', aliases: [], count: 1 },
  { name: 'dummy', aliases: [], count: 1 },
  { name: 'emulation-faults', aliases: [], count: 1 },
  { name: 'major-faults', aliases: [], count: 1 },
  { name: 'minor-faults', aliases: [], count: 100 },
  { name: 'page-faults', aliases: ['faults'], count: 100 },
  { name: 'task-clock', aliases: [], count: 1 },
];

// biome-ignore format: a table
const HARDWARE_EVENTS: readonly PerfEvent[] = [
  { name: 'backend-stalls', aliases: [], count: 1_000_000 },
  { name: 'branch-instructions', aliases: ['branches'], count: 100_000 },
  { name: 'branch-misses', aliases: [], count: 100_000 },
  { name: 'bus-cycles', aliases: [], count: 100_000 },
  { name: 'cache-misses', aliases: [], count: 1_000_000 },
  { name: 'cache-references', aliases: [], count: 1_000_000 },
  { name: 'cpu-cycles', aliases: ['cycles'], count: 1_000_000 },
  { name: 'frontend-stalls', aliases: [], count: 1_000_000 },
  { name: 'instructions', aliases: [], count: 1_000_000 },
  { name: 'ref-cycles', aliases: [], count: 1_000_000 },
];

export const SOFTWARE: Provider = {
  name: 'software',
  aliases: ['s'],
  forms: ['software:event', 'software:event:count'],
  doc: 'Fires once every `count` software events: page faults, context switches, clock ticks.',
  data: ['usermode'],
  resolve: (request, context) => resolve('software', SOFTWARE_EVENTS, request, context),
  list: () => SOFTWARE_EVENTS.map(({ name }) => ({ name: `software:${name}:` })),
};

export const HARDWARE: Provider = {
  name: 'hardware',
  aliases: ['h'],
  forms: ['hardware:event', 'hardware:event:count'],
  doc: 'Fires once every `count` events of the processor: cycles, cache misses.',
  data: ['usermode'],
  resolve: (request, context) => resolve('hardware', HARDWARE_EVENTS, request, context),
  list: () => HARDWARE_EVENTS.map(({ name }) => ({ name: `hardware:${name}:` })),
};

function resolve(
  kind: 'software' | 'hardware',
  events: readonly PerfEvent[],
  request: PointRequest,
  { sink }: AttachContext,
): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const [event, wanted] = parts;
  if (event === undefined || event.text === '' || parts.length > 2) {
    sink.report(attachForm(syntax.span, { provider: kind, form: `${kind}:event[:count]` }));
    return [];
  }
  if (hasWildcard(event.text) && kind === 'hardware') {
    sink.report(noWildcard(event.span, { provider: kind }));
    return [];
  }
  const found = findEvents(events, event.text);
  if (found.length === 0) {
    const names = events.flatMap(({ name, aliases }) => [name, ...aliases]);
    const values = { provider: kind, event: event.text };
    sink.report(unknownEvent(event.span, values, didYouMean(event.text, names)));
    return [];
  }
  const count = wanted === undefined || wanted.text === '' ? undefined : countOf(wanted.text);
  if (count === 0) {
    sink.report(attachValue(wanted!.span, { what: `count of ${kind} probe`, value: wanted!.text }));
    return [];
  }
  const suffix = count === undefined ? '' : `:${partText(request, 1)}`;
  return found.map(({ name, count: usual }) => ({
    point: { kind, event: name, count: count ?? usual },
    name: `${kind}:${hasWildcard(event.text) ? name : event.text}${suffix}`,
    syntax,
  }));
}

function findEvents(events: readonly PerfEvent[], text: string): readonly PerfEvent[] {
  const fits = wildcardMatcher(text);
  return events.filter(({ name, aliases }) => fits(name) || aliases.includes(text));
}

/** As integers are written, `1e6` and `100_000` too; 0 when it is no count. */
function countOf(text: string): number {
  const plain = text.replaceAll('_', '');
  const count = /^(\d{1,15}|[1-9]e[1-9]\d?)$/.test(plain) ? Number(plain) : 0;
  return Number.isSafeInteger(count) ? count : 0;
}
