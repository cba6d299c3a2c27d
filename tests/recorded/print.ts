/** Writing a file of recorded cases in the form parse.ts reads; what was read is written back the same. */
import type { CaseFile, NewerOutcome, Outcome, RecordedCase } from './case.ts';
import { writeSection } from './escape.ts';

export function printRecordedCases({ recorder, cases }: CaseFile): string {
  const preamble = recorder === '' ? [] : [`% ${recorder}\n`];
  return [...preamble, ...cases.map(printCase)].join('\n');
}

function printCase({ name, command, script, recorded, newer }: RecordedCase): string {
  const lines = [
    `# ${name}`,
    `$ ${command}`,
    script.trimEnd(),
    ...outcomeLines(recorded),
    ...newerLines(newer),
  ];
  return `${lines.join('\n')}\n`;
}

function outcomeLines(recorded: Outcome | undefined): readonly string[] {
  if (recorded === undefined) return ['==> unrecorded'];
  const { stdout, stderr, exitCode } = recorded;
  const complaints = stderr === '' ? [] : sectionLines('stderr', stderr);
  return [...sectionLines('stdout', stdout), ...complaints, `==> exit ${exitCode}`];
}

function newerLines(newer: NewerOutcome | undefined): readonly string[] {
  if (newer === undefined) return [];
  const { stdout, stderr, exitCode, rule } = newer;
  return [
    ...(stdout === undefined ? [] : sectionLines('newer stdout', stdout)),
    ...(stderr === undefined ? [] : sectionLines('newer stderr', `${stderr}\n`)),
    `==> newer exit ${exitCode}`,
    `==> rule ${rule}`,
  ];
}

function sectionLines(title: string, output: string): readonly string[] {
  const { form, lines } = writeSection(output);
  return [`==> ${title}${form === '' ? '' : ` ${form}`}`, ...lines];
}
