/**
 * Our verifier beside Linux's, over files of cases (bpfcase-1):
 *
 *     node scripts/compare-verifier.ts CASES.json… [--kernel host|6.1|6.12] [--only PATTERN] [--all] [--groups N] [--out FILE]
 *
 * Prints a row for each part of the ids before `/#` in which something differs (`insn`, `first`, `text`: of what both
 * refuse; `processed`: within a fifth, of what both accept), and the differences grouped by what was said. FILE gets
 * each difference in full with the kernel's path. Answers of kernels are kept (tests/linux/judge-cache.ts). `--only` is a
 * regular expression of ids; `--exit` ends with 1 when verdicts differ.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { inflateSync } from 'node:zlib';
import {
  type Comparison,
  compareAnswers,
  differenceGroups,
  isDifference,
  tallies,
} from '../runtime/linux/judge/compare.ts';
import { differenceText, groupList, tallyTable } from '../runtime/linux/judge/table.ts';
import { judgeKernel } from '../tests/linux/judge-kernel.ts';
import { type CaseEntry, readCases } from '../verifier/case/read.ts';
import { type CaseAnswer, verifyCase } from '../verifier/case/verify-case.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kernel: { type: 'string', default: 'host' },
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    exit: { type: 'boolean', default: false },
    groups: { type: 'string', default: '25' },
    out: { type: 'string', default: join(import.meta.dirname, '../.cache/judge/differences.txt') },
  },
});
if (positionals.length === 0) {
  console.error(
    'usage: node scripts/compare-verifier.ts CASES.json… [--kernel host|6.1|6.12] [--only PATTERN]',
  );
  process.exit(2);
}

const inflate = (bytes: Uint8Array, limit: number): Uint8Array =>
  new Uint8Array(inflateSync(bytes, { maxOutputLength: limit }));
const only = values.only === undefined ? undefined : new RegExp(values.only);
const entries: CaseEntry[] = [];
for (const file of positionals) {
  for (const entry of readCases(readFileSync(file, 'utf8'), { inflate })) {
    entries.push(entry);
  }
}
for (const entry of entries) {
  if (entry.kind === 'problem') console.log(`unreadable: ${entry.id}: ${entry.path}: ${entry.problem}`);
}
const all = entries.flatMap((entry) => (entry.kind === 'case' ? [entry.case] : []));
const kernel = await judgeKernel(values.kernel);
const started = performance.now();
// The kernel is asked about all, for its answers are kept by file.
const answers = await kernel.judge(all);
const isWanted = (_: unknown, index: number): boolean => only === undefined || only.test(all[index]!.id);
const [cases, linux] = [all.filter(isWanted), answers.filter(isWanted)];
const judged = performance.now();
const thrown = new Map<string, number>();
const ours = cases.map((one): CaseAnswer => {
  try {
    const { report: _, ...answer } = verifyCase(one, { kernel: kernel.profile });
    return answer;
  } catch (error) {
    const text = (error as Error).stack?.split('\n').slice(0, 3).join(' ') ?? String(error);
    thrown.set(text, (thrown.get(text) ?? 0) + 1);
    return { id: one.id, ok: null, messages: [`exception: ${(error as Error).message}`], microseconds: 0 };
  }
});
const verified = performance.now();
const rows: readonly Comparison[] = ours.map((answer, index) => compareAnswers(answer, linux[index]!));
const groups = differenceGroups(rows);
const different = rows.filter(isDifference);
mkdirSync(dirname(values.out), { recursive: true });
writeFileSync(values.out, groups.flatMap((group) => group.rows.map(differenceText)).join('\n'));

console.log(groupList(groups, Number(values.groups)));
for (const [text, count] of [...thrown].slice(0, 10)) console.log(`exception ×${count}: ${text}`);
const unjudged = Map.groupBy(
  rows.filter(({ agreement }) => agreement === 'unjudged'),
  ({ linux: answer }) => answer.unjudged ?? '',
);
for (const [why, own] of unjudged) console.log(`unjudged ×${own.length}: ${why} (${own[0]!.id}, …)`);
console.log(tallyTable(tallies(rows), values.all ? Number.POSITIVE_INFINITY : 30));
const accepted = linux.filter(({ ok }) => ok === true).length;
const refused = linux.filter(({ ok }) => ok === false).length;
console.log(
  `${kernel.name}: ${accepted} accepted, ${refused} refused in ${seconds(judged - started)}; ours in ${seconds(verified - judged)}; ${different.length} differences in ${values.out}`,
);
if (values.exit && rows.some(({ agreement }) => agreement !== 'agree' && agreement !== 'unjudged'))
  process.exit(1);

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
