/** `bpfkit verify`: will Linux load these programs, and if not, what is wrong with them. */
import { caseInput } from '../../verifier/case/to-input.ts';
import type { CaseAnswer } from '../../verifier/case/verify-case.ts';
import type { Explanation } from '../../verifier/explain/explain.ts';
import type { VerifierKernel, VerifierOptions } from '../../verifier/input.ts';
import { type MatrixRow, verifyMatrix } from '../../verifier/matrix.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import { answer, explanation, explanationData, kernelOf, verifierOptions } from '../verify/answer.ts';
import type { VerifyFlags } from '../verify/flags.ts';
import { type VerifyKernels, verifyKernels } from '../verify/kernels.ts';
import { batchSubjects, fileSubjects, type Subject } from '../verify/subjects.ts';
import { answerJson, matrixText, statesText, statisticsText, verdictLine } from '../verify/text.ts';

export async function verifyCommand(
  file: string | undefined,
  params: readonly string[],
  flags: VerifyFlags,
  io: CliIo,
): Promise<number> {
  checkFlags(file, flags);
  const options = verifierOptions(flags, io.signal);
  const kernels = await verifyKernels(flags, io);
  const subjects =
    flags.batch === undefined
      ? await fileSubjects(file, params, kernels.kernels, flags, io)
      : await batchSubjects(flags.batch, io);
  if (subjects === undefined) return EXIT.refused;
  if (flags.linux === true || flags.compare === true) {
    const { askLinux, compareWithLinux } = await import('../verify/linux.ts');
    if (flags.compare === true) return compareWithLinux(subjects, kernels, flags, io);
    return askLinux(subjects, flags, io);
  }
  if (kernels.kernels.length > 1) return verifyForMany(subjects, kernels.kernels, { options, flags, io });
  return verifyForOne(subjects, kernels, { options, flags, io });
}

function checkFlags(file: string | undefined, flags: VerifyFlags): void {
  if (flags.batch !== undefined && (file !== undefined || flags.e !== undefined)) {
    throw new CliError('--batch has the programs: leave the file and -e out');
  }
  if (flags.linux === true && flags.compare === true) {
    throw new CliError('--compare asks the kernel too: leave --linux out');
  }
  if (flags.btf !== undefined && flags.target !== undefined) {
    throw new CliError('--btf and --target both name types of the kernel: leave one out');
  }
  if ((flags.linux === true || flags.compare === true) && flags.kernel?.includes(',') === true) {
    throw new CliError('only one kernel runs here: give one release, or leave --kernel out');
  }
}

interface Work {
  readonly options: Omit<VerifierOptions, 'kernel'>;
  readonly flags: VerifyFlags;
  readonly io: CliIo;
}

function verifyForOne(subjects: readonly Subject[], kernels: VerifyKernels, work: Work): number {
  const { flags, io } = work;
  let ok = true;
  let accepted = 0;
  for (const subject of subjects) {
    const options = { ...work.options, kernel: kernelOf(subject, kernels) };
    const found = answer(subject, options);
    ok &&= found.ok === true;
    if (found.ok === true) accepted++;
    if (flags.json === true) io.stdout(answerJson(found, moreJson(subject, found, options, flags)));
    else if (flags.batch !== undefined) io.stdout(found.ok === true ? '' : verdictLine(subject, found));
    else io.stdout(oneText(subject, found, options, flags));
    if (flags.json !== true && flags.batch !== undefined) io.stdout(extraText(subject, found, flags));
  }
  if (flags.batch !== undefined && flags.json !== true) {
    io.stdout(`${accepted} of ${subjects.length} accepted by Linux ${kernels.kernels[0]!.release}\n`);
  }
  return ok ? EXIT.ok : EXIT.refused;
}

/** What a line of JSON has beyond a batch's: why a program is refused, and the statistics that were asked for. */
function moreJson(
  subject: Subject,
  { ok, report }: CaseAnswer,
  options: VerifierOptions,
  flags: VerifyFlags,
): object {
  const explanation =
    ok === false && flags.batch === undefined ? explanationData(subject, options) : undefined;
  return {
    ...(explanation === undefined ? {} : { explanation: withoutVerdict(explanation) }),
    ...(flags.stats === true && report !== undefined ? { statistics: report.statistics } : {}),
  };
}

/** The line has code and message already. */
function withoutVerdict({ at, why, origins, change, hotspots }: Explanation): object {
  return { at, why, origins, change, ...(hotspots.length === 0 ? {} : { hotspots }) };
}

function oneText(subject: Subject, found: CaseAnswer, options: VerifierOptions, flags: VerifyFlags): string {
  const why = found.ok === false ? explanation(subject, options) : '';
  const head = verdictLine(subject, found);
  return `${head}${extraText(subject, found, flags)}${why}`;
}

function extraText(subject: Subject, { report }: CaseAnswer, flags: VerifyFlags): string {
  if (report === undefined) return '';
  const states = flags.states === true ? statesText(subject, report) : '';
  const statistics = flags.stats === true ? statisticsText(report) : '';
  // At level 0 the log is the message, which the verdict has.
  const log = flags.logLevel === undefined ? '' : report.log;
  return `${states}${log}${statistics}`;
}

/** Succeeds when all of them accept all programs. */
function verifyForMany(
  subjects: readonly Subject[],
  kernels: readonly VerifierKernel[],
  { options, flags, io }: Work,
): number {
  const known = new Map(kernels.map((kernel) => [kernel.release, kernel]));
  const releases = kernels.map(({ release }) => release);
  let ok = true;
  for (const subject of subjects) {
    if (subject.case === undefined) {
      const found = answer(subject, options);
      io.stdout(flags.json === true ? answerJson(found) : verdictLine(subject, found));
      ok = false;
      continue;
    }
    const rows = verifyMatrix(caseInput(subject.case), releases, options, (release) => known.get(release)!);
    ok &&= rows.every(({ report }) => report.accepted === true);
    io.stdout(
      flags.json === true ? rows.map((row) => rowJson(subject, row)).join('') : matrixText(subject, rows),
    );
  }
  return ok ? EXIT.ok : EXIT.refused;
}

function rowJson({ id }: Subject, { release, judged, report }: MatrixRow): string {
  const { accepted = null, refusal, statistics } = report;
  const line = {
    id,
    kernel: release,
    judged,
    ok: accepted,
    reason: refusal?.message,
    insn: accepted === false ? refusal?.slot : undefined,
    code: refusal?.code,
    processed: statistics.processed,
  };
  return `${JSON.stringify(line)}\n`;
}
