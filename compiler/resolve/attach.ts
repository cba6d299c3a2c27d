/**
 * Attach points: from the text of a probe's head to the points of a kernel. Wildcards expand against the kernel's
 * catalogues; what matches nothing follows `missing_probes`.
 */
import type { AttachPoint } from '../../bpf/attach-point.ts';
import type { DiagnosticSink } from '../../bpf/diagnostic.ts';
import type { EventFormat } from '../../bpf/event-format.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import {
  attachForm,
  attachValue,
  missingProbe,
  noMatch,
  noRawTracepoints,
  noTracepoint,
  notSupportedYet,
  unknownProvider,
} from '../diagnostics/messages.gen.ts';
import type { AttachPointSyntax } from '../syntax/ast.ts';
import type { Settings } from './config.ts';
import { rawFormat } from './raw-arguments.ts';
import { didYouMean } from './suggest.ts';
import { hasWildcard, wildcardMatcher } from './wildcard.ts';

/** One point, with what `probe` prints and, for tracepoints, the record's layout. */
export interface ResolvedPoint {
  readonly point: AttachPoint;
  readonly name: string;
  readonly format?: EventFormat;
  readonly syntax: AttachPointSyntax;
  /** Taken as being there: what it asks of its event has no known type, and nothing of it is generated. */
  readonly unknown?: true;
}

export interface AttachContext {
  readonly kernel: KernelInfo;
  readonly settings: Settings;
  readonly sink: DiagnosticSink;
}

const PROVIDERS: Readonly<Record<string, string>> = {
  begin: 'begin',
  end: 'end',
  self: 'self',
  test: 'test',
  bench: 'bench',
  tracepoint: 'tracepoint',
  t: 'tracepoint',
  rawtracepoint: 'rawtracepoint',
  rt: 'rawtracepoint',
  interval: 'interval',
  i: 'interval',
  profile: 'profile',
  p: 'profile',
  kprobe: 'kprobe',
  k: 'kprobe',
  kretprobe: 'kretprobe',
  kr: 'kretprobe',
  fentry: 'fentry',
  f: 'fentry',
  kfunc: 'fentry',
  fexit: 'fexit',
  fr: 'fexit',
  kretfunc: 'fexit',
  uprobe: 'uprobe',
  u: 'uprobe',
  uretprobe: 'uretprobe',
  ur: 'uretprobe',
  usdt: 'usdt',
  U: 'usdt',
  software: 'software',
  s: 'software',
  hardware: 'hardware',
  h: 'hardware',
  watchpoint: 'watchpoint',
  w: 'watchpoint',
  iter: 'iter',
  it: 'iter',
};

export function resolveAttachPoint(
  syntax: AttachPointSyntax,
  context: AttachContext,
): readonly ResolvedPoint[] {
  const [provider, ...rest] = syntax.parts.map(({ text }) => text);
  const name = provider === undefined ? undefined : findProvider(provider);
  if (provider === undefined || name === undefined) {
    if (provider !== undefined && hasWildcard(provider)) {
      context.sink.report(notSupportedYet(syntax.span, { what: 'wildcard providers' }));
    } else if (provider !== undefined && provider !== '') {
      const names = Object.keys(PROVIDERS).filter((one) => one.length > 2);
      context.sink.report(
        unknownProvider(syntax.parts[0]!.span, { name: provider }, didYouMean(provider, names)),
      );
    }
    return [];
  }
  switch (name) {
    case 'begin':
    case 'end':
      return special(name, syntax, rest, context);
    case 'tracepoint':
      return tracepoints(syntax, rest, context);
    case 'rawtracepoint':
      return rawTracepoints(syntax, rest, context);
    case 'kprobe':
      if (context.kernel.functions !== undefined) return functions(syntax, rest, context);
      break;
    case 'interval':
    case 'profile':
      return timed(name, syntax, rest, context);
    default:
      break;
  }
  context.sink.report(notSupportedYet(syntax.span, { what: `${name} probes` }));
  return [];
}

export function findProvider(text: string): string | undefined {
  if (Object.hasOwn(PROVIDERS, text)) return PROVIDERS[text];
  const lower = text.toLowerCase();
  return lower.length > 2 && Object.hasOwn(PROVIDERS, lower) ? PROVIDERS[lower] : undefined;
}

function special(
  kind: 'begin' | 'end',
  syntax: AttachPointSyntax,
  rest: readonly string[],
  { sink }: AttachContext,
): readonly ResolvedPoint[] {
  if (rest.length > 1 || (rest.length === 1 && rest[0] !== '*')) {
    sink.report(attachForm(syntax.span, { provider: kind, form: kind }));
    return [];
  }
  // `probe` prints it as it was written: begin or BEGIN.
  return [{ point: { kind }, name: syntax.parts[0]!.text, syntax }];
}

function tracepoints(
  syntax: AttachPointSyntax,
  rest: readonly string[],
  context: AttachContext,
): readonly ResolvedPoint[] {
  const { kernel, sink } = context;
  const [system, event] = rest;
  if (rest.length !== 2 || system === undefined || event === undefined || system === '' || event === '') {
    sink.report(attachForm(syntax.span, { provider: 'tracepoint', form: 'tracepoint:category:event' }));
    return [];
  }
  const catalog = kernel.tracepoints;
  if (catalog === undefined) {
    missing(syntax, context);
    return [];
  }
  const [bySystem, byEvent] = [wildcardMatcher(system), wildcardMatcher(event)];
  const wild = hasWildcard(system) || hasWildcard(event);
  const exact = wild ? undefined : catalog.find(system, event);
  const found = wild
    ? catalog.list().filter((format) => bySystem(format.system) && byEvent(format.name))
    : exact === undefined
      ? []
      : [exact];
  if (found.length === 0) missing(syntax, context);
  return found.map((format) => ({
    point: { kind: 'tracepoint', system: format.system, event: format.name },
    name: `tracepoint:${format.system}:${format.name}`,
    format,
    syntax,
  }));
}

/** `kprobe:vfs_*`: the functions a kernel tells of. */
function functions(
  syntax: AttachPointSyntax,
  rest: readonly string[],
  context: AttachContext,
): readonly ResolvedPoint[] {
  const { kernel, sink } = context;
  const [pattern] = rest;
  if (rest.length !== 1 || pattern === undefined || pattern === '') {
    sink.report(attachForm(syntax.span, { provider: 'kprobe', form: 'kprobe:function' }));
    return [];
  }
  if (/\+\w+$/.test(pattern)) {
    sink.report(notSupportedYet(syntax.span, { what: 'kprobes inside functions' }));
    return [];
  }
  const all = kernel.functions!;
  const found = hasWildcard(pattern)
    ? all.list().filter(wildcardMatcher(pattern))
    : all.has(pattern)
      ? [pattern]
      : [];
  if (found.length === 0) missing(syntax, context);
  return found.map((name) => ({ point: { kind: 'kprobe', function: name }, name: `kprobe:${name}`, syntax }));
}

function missing(syntax: AttachPointSyntax, context: AttachContext): void {
  const { kernel, settings, sink } = context;
  const pattern = syntax.parts.map(({ text }) => text).join(':');
  if (settings.missingProbes === 'ignore') return;
  if (settings.missingProbes === 'warn') {
    sink.report(missingProbe(syntax.span, { pattern, kernel: kernel.name }));
    return;
  }
  if (hasWildcard(pattern) || findProvider(syntax.parts[0]!.text) === 'kprobe') {
    sink.report(noMatch(syntax.span, { pattern, kernel: kernel.name }));
    return;
  }
  const names = (kernel.tracepoints?.list() ?? []).map((format) => `${format.system}:${format.name}`);
  const name = pattern.slice(pattern.indexOf(':') + 1);
  sink.report(noTracepoint(syntax.span, { name }, didYouMean(name, names)));
}

function rawTracepoints(
  syntax: AttachPointSyntax,
  rest: readonly string[],
  context: AttachContext,
): readonly ResolvedPoint[] {
  const { kernel, sink } = context;
  const event = rest.at(-1);
  if (event === undefined || event === '' || rest.length > 2) {
    sink.report(attachForm(syntax.span, { provider: 'rawtracepoint', form: 'rawtracepoint:[module:]event' }));
    return [];
  }
  const module = rest.length === 2 ? rest[0] : undefined;
  const fits = wildcardMatcher(event);
  const found = (kernel.rawTracepoints?.list() ?? []).filter(fits);
  if (found.length === 0) missingRaw(syntax, event, context);
  return found.map((one) => ({
    point: { kind: 'rawtracepoint', event: one, ...(module !== undefined && { module }) },
    name: `rawtracepoint:${module === undefined ? '' : `${module}:`}${one}`,
    ...formatOf(kernel, one),
    syntax,
  }));
}

/** A recording has the fields of events, not what the kernel passed to the tracepoint. */
function missingRaw(syntax: AttachPointSyntax, event: string, context: AttachContext): void {
  const { kernel, settings, sink } = context;
  if (kernel.rawTracepoints !== undefined || settings.missingProbes !== 'error') {
    missing(syntax, context);
    return;
  }
  const alike = (kernel.tracepoints?.list() ?? []).filter(({ name }) => name === event);
  const hints = alike.map(({ system, name }) => `use tracepoint:${system}:${name}`);
  sink.report(noRawTracepoints(syntax.span, { kernel: kernel.name }, { hints }));
}

function formatOf(kernel: KernelInfo, event: string): { readonly format?: EventFormat } {
  const args = kernel.rawTracepoints?.find(event);
  return args === undefined ? {} : { format: rawFormat(event, args) };
}

const UNITS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
  d: 86_400_000_000_000n,
};

/** Shortest period Linux's timers are asked for, nanoseconds. */
const SHORTEST_NS = 1000;

function timed(
  kind: 'interval' | 'profile',
  syntax: AttachPointSyntax,
  rest: readonly string[],
  { sink }: AttachContext,
): readonly ResolvedPoint[] {
  const form = kind === 'profile' ? 'profile:hz:99 or profile:10ms' : 'interval:s:1 or interval:1s';
  if (rest.length < 1 || rest.length > 2) {
    sink.report(attachForm(syntax.span, { provider: kind, form }));
    return [];
  }
  const text = rest.at(-1)!;
  const unit = rest.length === 2 ? rest[0]! : undefined;
  const name = `${kind}:${rest.join(':')}`;
  if (unit === 'hz') {
    const frequencyHz = /^\d{1,7}$/.test(text) ? Number(text) : 0;
    if (frequencyHz > 0) {
      const point: AttachPoint =
        kind === 'profile'
          ? { kind, frequencyHz }
          : { kind, periodNs: Math.max(SHORTEST_NS, Math.round(1e9 / frequencyHz)) };
      return [{ point, name, syntax }];
    }
  }
  const periodNs = periodOf(text, unit);
  if (periodNs === undefined || periodNs < SHORTEST_NS) {
    const what =
      unit !== undefined && unit !== 'hz' && !Object.hasOwn(UNITS, unit) ? 'unit' : `rate of ${kind} probe`;
    sink.report(attachValue(syntax.span, { what, value: what === 'unit' ? unit! : text }));
    return [];
  }
  const point: AttachPoint = kind === 'profile' ? { kind, periodNs } : { kind, periodNs };
  return [{ point, name, syntax }];
}

function periodOf(text: string, unit: string | undefined): number | undefined {
  const match = /^(\d{1,18})(ns|us|ms|s|m|h|d)?$/.exec(text.replaceAll('_', ''));
  if (match === null || (unit !== undefined && match[2] !== undefined)) return undefined;
  const scale = unit ?? match[2] ?? 'ns';
  if (!Object.hasOwn(UNITS, scale)) return undefined;
  const period = BigInt(match[1]!) * UNITS[scale]!;
  return period > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(period);
}
