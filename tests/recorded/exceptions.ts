/** The table of cases in which today's language answers otherwise than the recorded version, derived from the cases. */
import { expectation, firstLine, isException, isRenewed, type RecordedCase } from './case.ts';
import { writeSection } from './escape.ts';
import { asksForJson, RENEWALS, renew } from './renewal.ts';

export interface NamedCase {
  /** File name without folder, e.g. `printf.txt`. */
  readonly file: string;
  readonly golden: RecordedCase;
}

const INTRODUCTION = `# Where the language has changed since bpftrace 0.17

The cases beside this file were answered by the real bpftrace 0.17 (each file's first line names version and kernel).
Where today's language (bpftrace 0.26) answers otherwise, on stdout or by its exit code, the case file holds both
answers and the rule. Numbers in rules are those of the language inventory this implementation was designed from.

Written by \`node scripts/golden-bpftrace.ts --exceptions\` from the cases; edit those instead.

## Form

Applied to every recording before it is compared:

- output (2.12): the line that tells the number of probes attached is not compared: it is on stdout in 0.17, on stderr
  today, and has another field in JSON
`;

/** The text of EXCEPTIONS.md. */
export function printExceptions(cases: readonly NamedCase[]): string {
  const exceptions = cases.filter(({ golden }) => isException(golden));
  const renewed = cases.filter(({ golden }) => isRenewed(golden));
  const same = cases.length - exceptions.length - renewed.length;
  return [
    INTRODUCTION + RENEWALS.map(({ rule }) => `- ${rule}\n`).join(''),
    '## Cases\n',
    `Of ${cases.length} cases ${same} are answered as recorded to the byte, ${renewed.length} but for their form, and`,
    `${exceptions.length} otherwise: these. Shown is the first line that differs, or what stands beside another exit code.\n`,
    '| case | 0.17 | now | rule |',
    '|---|---|---|---|',
    ...exceptions.map(row),
    '',
  ].join('\n');
}

function row({ file, golden }: NamedCase): string {
  const { stdout, exitCode } = expectation(golden);
  const { recorded, newer } = golden;
  const before = renew(recorded!.stdout, asksForJson(golden.command));
  const cells = [...difference(before, stdout), newer!.rule];
  if (recorded!.exitCode !== exitCode) {
    cells[0] = `exit ${recorded!.exitCode}: ${code(said(recorded!.stdout, recorded!.stderr, recorded!.exitCode))}`;
    cells[1] = `exit ${exitCode}: ${code(said(stdout, newer!.stderr ?? '', exitCode))}`;
  }
  return `| ${[`${file}: ${golden.name}`, ...cells].join(' | ')} |`;
}

/** What there is to show of an answer: its complaint when it failed, else the first line that is not blank. */
function said(stdout: string, stderr: string, exitCode: number): string {
  if (exitCode !== 0 && stderr !== '') return firstLine(stderr);
  return firstLine(stdout.trimStart());
}

function difference(before: string, after: string): string[] {
  const left = before.split('\n');
  const right = after.split('\n');
  const index = left.findIndex((line, at) => line !== right[at]);
  const at = index < 0 ? left.length : index;
  return [code(left[at]), code(right[at])];
}

function code(line: string | undefined): string {
  if (line === undefined) return '(no more lines)';
  if (line === '') return '(an empty line)';
  const shown = writeSection(`${line}\n`).lines.join('');
  return `\`${shown.replaceAll('|', '\\|')}\``;
}
