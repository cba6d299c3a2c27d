/** `--linux` and `--compare`: the running kernel's answers. It only loads, and lets go at once. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { JudgeAnswer } from '../../runtime/linux/judge/answers.ts';
import {
  type Comparison,
  compareAnswers,
  differenceGroups,
  isDifference,
  tallies,
} from '../../runtime/linux/judge/compare.ts';
import { judge } from '../../runtime/linux/judge/judge.ts';
import { JudgeUnavailable, judgeProblem } from '../../runtime/linux/judge/program.ts';
import { differenceText, groupList, tallyTable } from '../../runtime/linux/judge/table.ts';
import type { CaseAnswer } from '../../verifier/case/verify-case.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { answer, kernelOf, verifierOptions } from './answer.ts';
import type { VerifyFlags } from './flags.ts';
import type { VerifyKernels } from './kernels.ts';
import type { Subject } from './subjects.ts';
import { answerJson, verdictLine } from './text.ts';

export async function askLinux(subjects: readonly Subject[], flags: VerifyFlags, io: CliIo): Promise<number> {
  const answers = await linuxAnswers(subjects, io);
  for (const [index, one] of answers.entries()) {
    const line = ofLinux(one);
    io.stdout(
      flags.json === true ? answerJson(line, { errno: one.errno }) : verdictLine(subjects[index]!, line),
    );
    if (flags.json !== true && one.ok === false) {
      for (const text of one.messages.slice(1)) io.stdout(`  ${text}\n`);
    }
  }
  return answers.every(({ ok }) => ok === true) ? EXIT.ok : EXIT.refused;
}

export async function compareWithLinux(
  subjects: readonly Subject[],
  kernels: VerifyKernels,
  flags: VerifyFlags,
  io: CliIo,
): Promise<number> {
  const linux = await linuxAnswers(subjects, io);
  const options = verifierOptions(flags, io.signal);
  const rows = subjects.map((subject, index): Comparison => {
    const ours = answer(subject, { ...options, kernel: kernelOf(subject, kernels) });
    return compareAnswers(ours, linux[index]!);
  });
  if (flags.json === true) {
    for (const { ours, linux: theirs, agreement, sameInsn, sameFirst } of rows) {
      const more = {
        linux: {
          ok: theirs.ok,
          reason: theirs.messages.join('\n'),
          insn: theirs.insn,
          processed: theirs.processed,
        },
        agreement,
        sameInsn,
        sameFirst,
      };
      io.stdout(answerJson(ours, more));
    }
  } else {
    const different = rows.filter(isDifference);
    for (const row of different.slice(0, MOST_DIFFERENCES)) io.stdout(differenceText(row));
    if (different.length > 0) io.stdout(`${groupList(differenceGroups(rows), MOST_GROUPS)}\n`);
    io.stdout(tallyTable(tallies(rows), MOST_ROWS));
  }
  const agrees = ({ agreement }: Comparison): boolean => agreement === 'agree' || agreement === 'unjudged';
  return rows.every(agrees) ? EXIT.ok : EXIT.refused;
}

const MOST_DIFFERENCES = 20;
const MOST_GROUPS = 25;
const MOST_ROWS = 40;

async function linuxAnswers(subjects: readonly Subject[], io: CliIo): Promise<readonly JudgeAnswer[]> {
  const problem = judgeProblem();
  if (problem !== undefined) throw unavailable(problem);
  const source = judgeSource();
  if (source === undefined)
    throw unavailable('bpfjudge.c, the program that asks, is missing from this installation');
  const cases = subjects.flatMap((subject) => subject.case ?? []);
  try {
    const answers = (await judge(cases, { source }))[Symbol.iterator]();
    return subjects.map((subject) => (subject.case === undefined ? unread(subject) : answers.next().value!));
  } catch (error) {
    if (error instanceof JudgeUnavailable) throw unavailable(error.message);
    io.stderr(`NOTE: ${source} stopped early\n`);
    throw error;
  }
}

function unavailable(why: string): CliError {
  return new CliError(
    `The running kernel cannot be asked: ${why}. Without --linux and --compare bpfkit judges itself`,
  );
}

function unread({ id, problem = '' }: Subject): JudgeAnswer {
  return { id, ok: null, unjudged: problem, errno: 0, messages: [problem], microseconds: 0, log: '' };
}

function ofLinux({ log: _, errno: __, unjudged, ...one }: JudgeAnswer): CaseAnswer {
  return { ...one, messages: unjudged === undefined ? one.messages : [unjudged, ...one.messages] };
}

/** Between this module, bundled or not, and the package's own folder. */
const MAX_DEPTH = 4;

function judgeSource(): string | undefined {
  let folder = new URL('.', import.meta.url);
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    folder = new URL('..', folder);
    const path = fileURLToPath(new URL('runtime/linux/judge/bpfjudge.c', folder));
    if (existsSync(path)) return path;
  }
  return undefined;
}
