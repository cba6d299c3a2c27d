/**
 * Answers of kernels, kept by kernel and cases: the same cases are asked again and again while a verifier is mended, and a
 * guest takes minutes. The folder is the user's, so that all checkouts share it; it may be deleted at any time.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type JudgeAnswer, judgeAnswer, type RawAnswer } from '../../runtime/linux/judge/answers.ts';
import { judgeCommands } from '../../runtime/linux/judge/commands.ts';
import type { Case } from '../../verifier/case/case.ts';
import { JUDGE_SOURCE } from './judge.ts';

export const JUDGE_CACHE: string = join(
  process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? tmpdir(), '.cache'),
  'bpfkit/judge',
);

/** `kernel` is its whole release. */
export async function cachedAnswers(
  kernel: string,
  cases: readonly Case[],
  ask: () => Promise<readonly RawAnswer[]>,
): Promise<readonly JudgeAnswer[]> {
  const answers = await rawAnswersOf(kernel, cases, ask);
  return answers.map((one) => judgeAnswer(one, 'auto'));
}

/** As the kernel said it, so that what is kept outlives how it is read. */
async function rawAnswersOf(
  kernel: string,
  cases: readonly Case[],
  ask: () => Promise<readonly RawAnswer[]>,
): Promise<readonly RawAnswer[]> {
  const hash = createHash('sha256')
    .update(readFileSync(JUDGE_SOURCE))
    .update(judgeCommands(cases, 'auto'))
    .update(cases.map(({ id }) => id).join('\n'))
    .digest('hex');
  const path = join(JUDGE_CACHE, `${kernel}-${hash.slice(0, 24)}.raw.json`);
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as readonly RawAnswer[];
  const answers = await ask();
  writeCached(path, JSON.stringify(answers));
  return answers;
}

/** Whole or not at all: another process may read it. */
export function writeCached(path: string, content: string | Uint8Array): void {
  mkdirSync(JUDGE_CACHE, { recursive: true });
  const scratch = `${path}.${process.pid}`;
  writeFileSync(scratch, content);
  renameSync(scratch, path);
}
