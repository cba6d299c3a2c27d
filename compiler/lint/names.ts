/** Names of the lints, apart from what they do: the command line's help needs no more. */
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

export function isLintName(name: string): name is LintName {
  return (LINT_NAMES as readonly string[]).includes(name);
}
