/**
 * This machine's kernel as the judge of cases. `judgeProblem()` says why it cannot work here, for `describe.skipIf`.
 *
 *     const [answer] = await judge([one]);                      // verdict, message, instruction, processed
 *     const [traced] = await judge([one], { logLevel: 2 });     // with the whole log
 */
import { join } from 'node:path';
import type { JudgeAnswer } from '../../runtime/linux/judge/answers.ts';
import { type JudgeOptions, judge as judgeWith } from '../../runtime/linux/judge/judge.ts';
import type { Case } from '../../verifier/case/case.ts';

export type { JudgeAnswer } from '../../runtime/linux/judge/answers.ts';
export { judgeProblem } from '../../runtime/linux/judge/program.ts';

/** The C program. */
export const JUDGE_SOURCE: string = join(import.meta.dirname, '../../runtime/linux/judge/bpfjudge.c');

export function judge(
  cases: readonly Case[],
  options: Omit<JudgeOptions, 'source'> = {},
): Promise<readonly JudgeAnswer[]> {
  return judgeWith(cases, { ...options, source: JUDGE_SOURCE });
}
