/** The points of a kernel that a pattern names, as `-l` lists them: attach points with wildcards that may span the parts. */
import { DiagnosticList } from '../../bpf/diagnostic.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import { profileFor } from '../../bpf/profiles/index.ts';
import { attachPoint } from '../syntax/attach-text.ts';
import { resolveAttachPoint } from './attach.ts';
import { resolveConfig } from './config.ts';
import type { ListedPoint, Provider } from './providers/index.ts';
import { findProvider, PROVIDERS } from './providers/index.ts';
import { wildcardMatcher } from './wildcard.ts';

export type { ListedPoint } from './providers/index.ts';

/** A bare pattern stands for `*:pattern`; without one everything is listed that the kernel has. */
export function* listPoints(pattern: string | undefined, kernel: KernelInfo): Generator<ListedPoint> {
  const text = pattern ?? '*';
  const colon = text.indexOf(':');
  const word = colon < 0 ? '*' : text.slice(0, colon);
  const rest = colon < 0 ? text : text.slice(colon + 1);
  const named = findProvider(colon < 0 ? text : word);
  if (named !== undefined && named.list === undefined) {
    yield* resolved(text, kernel);
    return;
  }
  let count = 0;
  for (const provider of providersOf(word, colon < 0 ? undefined : named, kernel)) {
    const fits = nameMatcher(provider.name, rest);
    for (const point of provider.list?.(kernel) ?? []) {
      if (!fits(point.name)) continue;
      count++;
      yield point;
    }
  }
  // Points with numbers of their own, such as interval:s:1, stand in no list.
  if (count === 0 && named !== undefined) yield* resolved(text, kernel);
}

/** By name, since the list is long. */
function providersOf(
  word: string,
  named: Provider | undefined,
  { attachable }: KernelInfo,
): readonly Provider[] {
  if (named !== undefined) return [named];
  const fits = wildcardMatcher(word.toLowerCase());
  return PROVIDERS.filter(
    ({ name, list }) =>
      list !== undefined && LISTED.has(name) && fits(name) && attachable?.kinds.has(name) !== false,
  ).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** What a kernel tells of, each once: where something returns is where it is called. */
const LISTED: ReadonlySet<string> = new Set(['fentry', 'iter', 'kprobe', 'rawtracepoint', 'tracepoint']);

/** A wildcard may stand for several parts, and a module or category may be left out; case does not count. */
function nameMatcher(provider: string, rest: string): (name: string) => boolean {
  const whole = wildcardMatcher(`${provider}:${rest}`.toLowerCase());
  const last = wildcardMatcher(`${provider}:*:${rest}`.toLowerCase());
  return (name) => {
    const text = name.toLowerCase();
    return whole(text) || last(text);
  };
}

/** What an attach point of a script would stand for. */
function resolved(text: string, kernel: KernelInfo): readonly ListedPoint[] {
  const sink = new DiagnosticList();
  const syntax = attachPoint(text, { source: 0, start: 0, end: text.length }, [], sink);
  const settings = { ...resolveConfig(undefined, {}, sink), missingProbes: 'ignore' } as const;
  const target = profileFor(kernel.version);
  const points = resolveAttachPoint(syntax, { kernel, target, settings, unsafe: true, sink });
  const listed = new Map(points.map(({ name, args }) => [name, { name, args: () => args }]));
  return [...listed.values()];
}
