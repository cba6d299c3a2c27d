/**
 * Random programs before our verifier and before this machine's kernel: the verdicts must be the same. A difference is made
 * smaller and printed as a golden case.
 */
import { readFileSync } from 'node:fs';
import { type Comparison, compareAnswers } from '../../runtime/linux/judge/compare.ts';
import type { Case } from '../../verifier/case/case.ts';
import { type CaseAnswer, verifyCase } from '../../verifier/case/verify-case.ts';
import type { VerifierKernel } from '../../verifier/input.ts';
import { goldenCase } from '../generators/programs/golden.ts';
import { kernelOffsets } from '../generators/programs/offsets.ts';
import { ProgramGenerator } from '../generators/programs/program.ts';
import { type JudgeAnswer, judge } from '../linux/judge.ts';
import { hostProfile } from '../linux/judge-kernel.ts';
import { shrink } from './shrink-program.ts';

/** Seconds the kernel may take for one program. */
const SECONDS = 5;

export class LinuxFuzzer {
  readonly #profile: VerifierKernel = hostProfile();
  readonly #generator: ProgramGenerator = new ProgramGenerator(kernelOffsets(this.#profile.btf!));

  /** Programs of `count` seeds, judged by both. */
  async run(count: number, seed: number): Promise<readonly Comparison[]> {
    const cases = Array.from({ length: count }, (_, i) => this.#generator.generate(seed + i).case);
    return this.compare(cases);
  }

  async compare(cases: readonly Case[]): Promise<readonly Comparison[]> {
    const ours = cases.map((one) => this.ours(one));
    const harmless = cases.filter((_, i) => !isHarmful(ours[i]!));
    const answers = new Map(
      (await judge(harmless, { seconds: SECONDS })).map((one, i) => [harmless[i], one]),
    );
    return cases.map((one, i) => compareAnswers(ours[i]!, answers.get(one) ?? NOT_ASKED));
  }

  generate(seed: number): Case {
    return this.#generator.generate(seed).case;
  }

  ours(one: Case): CaseAnswer {
    return verifyCase(one, { kernel: this.#profile });
  }

  /** The same difference in fewer instructions. */
  async shrink(one: Case, same: (row: Comparison) => boolean): Promise<Case> {
    return shrink(one, async (cases) => (await this.compare(cases)).map(same));
  }
}

/** Where the notes of a walk contradict one another, kernels have been seen to write to wild memory: they are not asked. */
function isHarmful({ messages }: CaseAnswer): boolean {
  return messages.some((line) => /^verifier bug: (?!No program to jit)/.test(line));
}

const NOT_ASKED: JudgeAnswer = {
  id: '',
  ok: null,
  unjudged: 'it may harm the kernel',
  errno: 0,
  microseconds: 0,
  messages: [],
  log: '',
};

/** Whether verdicts differ. */
export function differs({ agreement }: Comparison): boolean {
  return agreement !== 'agree' && agreement !== 'unjudged';
}

/** @throws an Error with the golden case of the first difference, made small */
export async function fuzzAgainstLinux(
  fuzzer: LinuxFuzzer,
  runs: number,
  seed: number,
): Promise<{ readonly slowest: number }> {
  const rows = await fuzzer.run(runs, seed * 1_000_000);
  const found = rows.find(differs);
  if (found === undefined) return { slowest: Math.max(...rows.map(({ ours }) => ours.microseconds)) / 1000 };
  const whole = fuzzer.generate(Number(found.id.split('/')[1]));
  const small = await fuzzer.shrink(whole, ({ agreement }) => agreement === found.agreement);
  const [row] = await fuzzer.compare([small]);
  throw new Error(
    `${found.id}: ${found.agreement}: ours ${row!.ours.messages.join(' | ') || 'accepts'}, Linux ${row!.linux.messages.join(' | ') || 'accepts'}\n\n${goldenCase(small, row!.linux)}`,
  );
}

/** The types of {@link ProgramGenerator} are those of the kernel that is there. */
export function hasKernelTypes(): boolean {
  try {
    return readFileSync('/sys/kernel/btf/vmlinux').length > 0;
  } catch {
    return false;
  }
}
