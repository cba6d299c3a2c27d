/** The lints by name: one row each. */
import { hotOutput, hotStack, stableTracepoint } from './events.ts';
import { narrowConversion } from './formats.ts';
import { absenceTest, missingDelete, printInLoop, racyCounter, unboundedKey, unreadMap } from './maps.ts';
import type { Lint } from './subject.ts';
import { unusedVariable } from './variables.ts';

export const LINT_NAMES = [
  'stable-tracepoint',
  'hot-output',
  'hot-stack',
  'unbounded-key',
  'missing-delete',
  'racy-counter',
  'absence-test',
  'print-in-loop',
  'unread-map',
  'narrow-conversion',
  'unused-variable',
] as const;

export type LintName = (typeof LINT_NAMES)[number];

export const LINTS: Readonly<Record<LintName, Lint>> = {
  'stable-tracepoint': stableTracepoint,
  'hot-output': hotOutput,
  'hot-stack': hotStack,
  'unbounded-key': unboundedKey,
  'missing-delete': missingDelete,
  'racy-counter': racyCounter,
  'absence-test': absenceTest,
  'print-in-loop': printInLoop,
  'unread-map': unreadMap,
  'narrow-conversion': narrowConversion,
  'unused-variable': unusedVariable,
};

export function isLintName(name: string): name is LintName {
  return Object.hasOwn(LINTS, name);
}
