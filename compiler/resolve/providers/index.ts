/** The table of providers, and how a script's words find their row. */
import { hasWildcard, wildcardMatcher } from '../wildcard.ts';
import { FENTRY, FEXIT } from './fentry.ts';
import { ITER } from './iter.ts';
import { KPROBE, KRETPROBE } from './kprobe.ts';
import { BEGIN, BENCH, END, SELF, TEST } from './own.ts';
import { HARDWARE, SOFTWARE } from './perf-events.ts';
import type { Provider } from './provider.ts';
import { RAWTRACEPOINT } from './rawtracepoint.ts';
import { INTERVAL, PROFILE } from './timed.ts';
import { TRACEPOINT } from './tracepoint.ts';
import { UPROBE, URETPROBE } from './uprobe.ts';
import { USDT } from './usdt.ts';
import { WATCHPOINT } from './watchpoint.ts';

export type { ListedPoint, Provider } from './provider.ts';

export const PROVIDERS: readonly Provider[] = [
  BEGIN,
  END,
  SELF,
  TEST,
  BENCH,
  KPROBE,
  KRETPROBE,
  FENTRY,
  FEXIT,
  UPROBE,
  URETPROBE,
  USDT,
  TRACEPOINT,
  RAWTRACEPOINT,
  PROFILE,
  INTERVAL,
  SOFTWARE,
  HARDWARE,
  WATCHPOINT,
  ITER,
];

const BY_WORD: ReadonlyMap<string, Provider> = new Map(
  PROVIDERS.flatMap((provider) => [provider.name, ...provider.aliases].map((word) => [word, provider])),
);

/** By name or short name, in any case; `U` alone is not `u`. */
export function findProvider(word: string): Provider | undefined {
  return BY_WORD.get(word) ?? BY_WORD.get(word.toLowerCase());
}

/** They name nothing of the kernel that a pattern could find. */
const OWN: readonly Provider[] = [BEGIN, END, SELF, TEST, BENCH];

/** Those a word with a wildcard stands for: `k*`, `*`. */
export function matchingProviders(word: string): readonly Provider[] {
  if (!hasWildcard(word)) return [];
  const fits = wildcardMatcher(word.toLowerCase());
  return PROVIDERS.filter((provider) => fits(provider.name) && !OWN.includes(provider));
}

/** For suggestions. */
export function providerNames(): readonly string[] {
  return PROVIDERS.map(({ name }) => name);
}
