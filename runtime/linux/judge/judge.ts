/**
 * Asks the running kernel's verifier: each case is loaded and let go, nothing is attached and nothing is run.
 *
 *     const answers = await judge(cases, { source: '…/bpfjudge.c' });
 *     answers[0].ok; answers[0].messages; answers[0].insn;
 */
import { spawn } from 'node:child_process';
import type { Case } from '../../../verifier/case/case.ts';
import { type JudgeAnswer, judgeAnswer, type RawAnswer, rawAnswers } from './answers.ts';
import { judgeCommands, type LogLevel } from './commands.ts';
import { buildJudge, JudgeUnavailable, judgeProblem } from './program.ts';

export interface JudgeOptions {
  /** Path of `bpfjudge.c`. */
  readonly source: string;
  /** Default `auto`. */
  readonly logLevel?: LogLevel;
  /** Seconds until a load is given up; default 20. */
  readonly seconds?: number;
}

/** Cases in one process: bounds what their logs take. */
const BATCH = 1000;

/** One answer a case, in order. Throws {@link JudgeUnavailable} where there is no kernel to ask. */
export async function judge(cases: readonly Case[], options: JudgeOptions): Promise<readonly JudgeAnswer[]> {
  const answers = await judgeRaw(cases, options);
  return answers.map((one) => judgeAnswer(one, options.logLevel ?? 'auto'));
}

/** The same as the kernel said it. */
export async function judgeRaw(
  cases: readonly Case[],
  { source, logLevel = 'auto', seconds = 20 }: JudgeOptions,
): Promise<readonly RawAnswer[]> {
  const problem = judgeProblem();
  if (problem !== undefined) throw new JudgeUnavailable(problem);
  const program = buildJudge(source);
  const answers: RawAnswer[] = [];
  for (let at = 0; at < cases.length; at += BATCH) {
    const batch = cases.slice(at, at + BATCH);
    const output = await runProgram(program, [String(seconds)], judgeCommands(batch, logLevel));
    for (const one of rawAnswers(batch, output)) answers.push(one);
  }
  return answers;
}

function runProgram(program: string, args: readonly string[], input: string): Promise<Uint8Array> {
  return new Promise((done, fail) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const chunks: Uint8Array[] = [];
    child.stdout.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    child.on('error', fail);
    // A child that ended early closes its input; what it answered is judged by whoever reads the output.
    child.stdin.on('error', () => undefined);
    child.on('close', () => done(Buffer.concat(chunks)));
    child.stdin.end(input);
  });
}
