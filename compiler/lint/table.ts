/** The lints by name: one row each. */
import { hotOutput, hotStack, stableTracepoint } from './events.ts';
import { narrowConversion } from './formats.ts';
import { absenceTest, missingDelete, printInLoop, racyCounter, unboundedKey, unreadMap } from './maps.ts';
import type { LintName } from './names.ts';
import type { Lint } from './subject.ts';
import { unusedVariable } from './variables.ts';

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
