/**
 * Differences between 0.17 and today that touch every case of a kind and say nothing about it. They are applied to
 * recordings by rule, so that the cases themselves stay as recorded.
 */

interface Renewal {
  readonly rule: string;
  readonly json: boolean;
  readonly apply: (stdout: string) => string;
}

/** Exported for the list in EXCEPTIONS.md. */
export const RENEWALS: readonly Renewal[] = [
  {
    rule: 'output (2.12): a space no longer follows the colon above a histogram',
    json: false,
    // A bucket's row or, for an empty histogram, the blank line after it must follow: `@x: ` may be an empty string.
    apply: (stdout) => stdout.replace(/^(@.*): \n(?=[[(\n])/gm, '$1:\n'),
  },
  {
    rule: 'JSON (2.14): no empty lines between the events and the maps',
    json: true,
    apply: (stdout) => stdout.replace(/^\n/gm, ''),
  },
  {
    rule: 'JSON (2.14): no spaces between the elements of an array, buckets included',
    json: true,
    apply: (stdout) => stdout.replace(/^\{"type": "hist".*$/gm, (line) => line.replaceAll('}, {', '},{')),
  },
];

/** What today's language prints where 0.17 printed `stdout`, as far as that is a matter of form only. */
export function renew(stdout: string, json: boolean): string {
  return RENEWALS.filter((renewal) => renewal.json === json).reduce(
    (text, renewal) => renewal.apply(text),
    stdout,
  );
}

/** Whether the command asks for JSON. */
export function asksForJson(command: string): boolean {
  return / -f json\b/.test(command);
}
