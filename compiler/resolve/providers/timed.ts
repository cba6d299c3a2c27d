/** `profile` on every CPU and `interval` on one, by time. */
import type { AttachPoint } from '../../../bpf/attach-point.ts';
import { attachForm, attachValue } from '../../diagnostics/messages.gen.ts';
import { type AttachContext, type PointRequest, partText, type ResolvedPoint } from '../point.ts';
import { didYouMean } from '../suggest.ts';
import type { Provider } from './provider.ts';

export const PROFILE: Provider = {
  name: 'profile',
  aliases: ['p'],
  forms: ['profile:hz:99', 'profile:s:1', 'profile:ms:10', 'profile:us:100', 'profile:10ms'],
  doc: 'Fires on every CPU, so many times a second or every period.',
  data: ['usermode'],
  resolve: (request, context) => timed('profile', request, context),
  list: () => ['hz', 's', 'ms', 'us'].map((unit) => ({ name: `profile:${unit}:` })),
};

export const INTERVAL: Provider = {
  name: 'interval',
  aliases: ['i'],
  forms: ['interval:s:1', 'interval:ms:100', 'interval:1s', 'interval:1000000000'],
  doc: 'Fires on one CPU every period; a plain number counts nanoseconds.',
  data: ['usermode'],
  resolve: (request, context) => timed('interval', request, context),
  list: () => ['hz', 's', 'ms', 'us'].map((unit) => ({ name: `interval:${unit}:` })),
};

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
  request: PointRequest,
  { sink }: AttachContext,
): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const form = kind === 'profile' ? 'profile:hz:99 or profile:10ms' : 'interval:s:1 or interval:1s';
  if (parts.length < 1 || parts.length > 2) {
    sink.report(attachForm(syntax.span, { provider: kind, form }));
    return [];
  }
  const value = parts.at(-1)!;
  const unit = parts.length === 2 ? partText(request, 0) : undefined;
  const name = `${kind}:${parts.map(({ text }) => text).join(':')}`;
  const point = unit === 'hz' ? byFrequency(kind, value.text) : byPeriod(kind, value.text, unit);
  if (point !== undefined) return [{ point, name, syntax }];
  if (unit !== undefined && unit !== 'hz' && !Object.hasOwn(UNITS, unit)) {
    const hint = didYouMean(unit, ['hz', ...Object.keys(UNITS)]);
    sink.report(attachValue(parts[0]!.span, { what: 'unit', value: unit }, hint));
  } else {
    sink.report(attachValue(value.span, { what: `rate of ${kind} probe`, value: value.text }));
  }
  return [];
}

function byFrequency(kind: 'interval' | 'profile', text: string): AttachPoint | undefined {
  const frequencyHz = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (frequencyHz === 0) return undefined;
  if (kind === 'profile') return { kind, frequencyHz };
  return { kind, periodNs: Math.max(SHORTEST_NS, Math.round(1e9 / frequencyHz)) };
}

function byPeriod(
  kind: 'interval' | 'profile',
  text: string,
  unit: string | undefined,
): AttachPoint | undefined {
  const periodNs = periodOf(text, unit);
  if (periodNs === undefined || periodNs < SHORTEST_NS) return undefined;
  return kind === 'profile' ? { kind, periodNs } : { kind, periodNs };
}

function periodOf(text: string, unit: string | undefined): number | undefined {
  const match = /^(\d{1,18})(ns|us|ms|s|m|h|d)?$/.exec(text.replaceAll('_', ''));
  if (match === null || (unit !== undefined && match[2] !== undefined)) return undefined;
  const scale = unit ?? match[2] ?? 'ns';
  if (!Object.hasOwn(UNITS, scale)) return undefined;
  const period = BigInt(match[1]!) * UNITS[scale]!;
  return period > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(period);
}
