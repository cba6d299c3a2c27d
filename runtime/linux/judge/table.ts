/** The table of a comparison, its groups of differences, and each difference in full, as text. */
import type { Comparison, DifferenceGroup, Tally } from './compare.ts';

const HEAD = ['file', 'cases', 'agree', 'f.acc', 'f.rej', 'none', 'insn', 'first', 'text', 'processed'];

/** The rows with most differences, at most `most`, and the last one, which is of all; every row when `most` is infinite. */
export function tallyTable(rows: readonly Tally[], most: number): string {
  const parts = rows.slice(0, -1);
  const worst = parts.filter((row) => !isPerfect(row)).sort((a, b) => faults(b) - faults(a));
  const shown = most === Number.POSITIVE_INFINITY ? parts : worst.slice(0, most);
  const cells = [HEAD, ...[...shown, ...rows.slice(-1)].map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  '),
  );
  const notes = [
    ...(worst.length > shown.length ? [`${worst.length - shown.length} more files with differences`] : []),
    ...(shown.length === parts.length ? [] : [`${parts.length - worst.length} files without any`]),
  ];
  return `${lines.join('\n')}\n${notes.length === 0 ? '' : `(${notes.join(', ')})\n`}`;
}

/** Verdicts weigh more than words. */
function faults(row: Tally): number {
  const words = row.refused - row.sameText + row.placed - row.sameInsn + row.accepted - row.processedAlike;
  return (row.judged - row.agree) * 1000 + words;
}

function isPerfect(row: Tally): boolean {
  return (
    row.agree === row.judged &&
    row.sameText === row.refused &&
    row.sameInsn === row.placed &&
    row.processedAlike === row.accepted
  );
}

function cellsOf(row: Tally): readonly string[] {
  return [
    row.file,
    row.judged === row.cases ? String(row.cases) : `${row.judged}/${row.cases}`,
    percent(row.agree, row.judged),
    zero(row.falseAccepts),
    zero(row.falseRejects),
    zero(row.noVerdicts),
    percent(row.sameInsn, row.placed),
    percent(row.sameFirst, row.refused),
    percent(row.sameText, row.refused),
    percent(row.processedAlike, row.accepted),
  ];
}

function zero(count: number): string {
  return count === 0 ? '·' : String(count);
}

function percent(part: number, whole: number): string {
  if (whole === 0) return '-';
  return part === whole ? '100%' : `${Math.min((100 * part) / whole, 99.99).toFixed(1)}%`;
}

/** At most `most` groups, each with some of its cases. */
export function groupList(groups: readonly DifferenceGroup[], most: number): string {
  const lines = groups.slice(0, most).map(({ title, rows }) => {
    const names = rows.slice(0, 2).map(({ id }) => id);
    const more = rows.length > 2 ? ', …' : '';
    return `${String(rows.length).padStart(5)}  ${title}\n         ${names.join(', ')}${more}`;
  });
  const rest = groups.length - most;
  return `${lines.join('\n')}\n${rest > 0 ? `(${rest} more kinds of difference)\n` : ''}`;
}

/** What a person needs to look into one difference. */
export function differenceText({ id, agreement, ours, linux }: Comparison): string {
  const line = (who: string, ok: boolean | null, insn: number | undefined, rest: string): string =>
    `${who}: ${ok === null ? 'no verdict' : ok ? 'accepted' : 'refused'}${insn === undefined ? '' : ` at ${insn}`}${rest}`;
  return [
    `=== ${id}  [${agreement}]`,
    line('ours ', ours.ok, ours.insn, `, processed ${ours.processed ?? '?'}, ${ours.code ?? ''}`),
    ...ours.messages.map((text) => `    ${text}`),
    line('linux', linux.ok, linux.insn, `, processed ${linux.processed ?? '?'}, errno ${linux.errno}`),
    ...linux.messages.map((text) => `    ${text}`),
    ...(linux.ok === false
      ? linux.log
          .trimEnd()
          .split('\n')
          .slice(-40)
          .map((text) => `  | ${text}`)
      : []),
    '',
  ].join('\n');
}
