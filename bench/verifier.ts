/**
 * The verifier against the running kernel's: instructions walked a second of the processor, on the same programs in the
 * same run, the least of several rounds. The kernel's time is that of `BPF_PROG_LOAD` less that of an empty program. Needs
 * root; without, ours alone is printed. Arguments choose programs by parts of their names.
 */

import { judge, judgeProblem } from '../tests/linux/judge.ts';
import { hostProfile } from '../tests/linux/judge-kernel.ts';
import type { Case } from '../verifier/case/case.ts';
import { type CaseAnswer, verifyCase } from '../verifier/case/verify-case.ts';
import type { VerifierKernel } from '../verifier/input.ts';
import { oneLiners } from './verifier/one-liners.ts';
import { EMPTY, SUBJECTS } from './verifier/programs.ts';

const ROUNDS = 7;
/** Least: what a busy machine adds is no property of a verifier. */
const least = (values: readonly number[]): number => Math.min(...values);
/** A round of a small program is many verifications, until this many instructions were walked. */
const ROUND_SIZE = 20_000;

interface Row {
  readonly name: string;
  readonly processed: number;
  /** What the kernel says of it; undefined: not asked. */
  readonly linuxProcessed: number | undefined;
  readonly ms: number;
  readonly perSecond: number;
  readonly linuxMs: number | undefined;
  /** Our rate as a part of the kernel's. */
  readonly ratio: number | undefined;
  readonly ok: boolean | null;
}

export async function run(options: {
  readonly json: boolean;
  readonly args: readonly string[];
}): Promise<void> {
  const kernel = hostProfile();
  const chosen = [...SUBJECTS, ...oneLiners(kernel.btf!)].filter(({ name }) =>
    options.args.every((arg) => name.includes(arg)),
  );
  const linux = judgeProblem() === undefined ? await linuxTimes(chosen.map(({ one }) => one)) : undefined;
  const rows = chosen.map(({ name, one }): Row => {
    const { answer, ms } = ourTime(one, kernel);
    const processed = answer.processed ?? 0;
    const peer = linux?.get(one.id);
    const perSecond = Math.round((processed / ms) * 1000);
    return {
      name,
      processed,
      linuxProcessed: peer?.processed,
      ms,
      perSecond,
      linuxMs: peer?.ms,
      ratio: peer === undefined ? undefined : perSecond / ((peer.processed / peer.ms) * 1000),
      ok: answer.ok,
    };
  });
  print(rows, process.resourceUsage().maxRSS / 1024, options.json);
}

/** Least time of one verification, warm. */
function ourTime(one: Case, kernel: VerifierKernel): { answer: CaseAnswer; ms: number } {
  const answer = verifyCase(one, { kernel });
  const repeat = Math.max(1, Math.round(ROUND_SIZE / Math.max(1, answer.processed ?? 1)));
  const times: number[] = [];
  for (let round = -2; round < ROUNDS; round++) {
    const start = processorMs();
    for (let i = 0; i < repeat; i++) verifyCase(one, { kernel });
    if (round >= 0) times.push((processorMs() - start) / repeat);
  }
  return { answer, ms: least(times) };
}

/** Of this thread: other processes do not make it longer. */
function processorMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** The kernel's time for each, less that for an empty program. */
async function linuxTimes(
  cases: readonly Case[],
): Promise<ReadonlyMap<string, { readonly ms: number; readonly processed: number }>> {
  const rounds: Case[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(EMPTY, ...cases);
  const answers = await judge(rounds, { logLevel: 4 });
  const times = new Map<string, number[]>();
  const processed = new Map<string, number>();
  for (const answer of answers) {
    const list = times.get(answer.id) ?? [];
    list.push(answer.microseconds / 1000);
    times.set(answer.id, list);
    processed.set(answer.id, answer.processed ?? 0);
  }
  const empty = least(times.get(EMPTY.id)!);
  return new Map(
    cases.map(({ id }) => {
      const ms = Math.max(least(times.get(id)!) - empty, 1e-3);
      return [id, { ms, processed: processed.get(id)! }];
    }),
  );
}

function print(rows: readonly Row[], peakMiB: number, json: boolean): void {
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ peer: 'BPF_PROG_LOAD', peakMiB: Math.round(peakMiB), rows })}\n`,
    );
    return;
  }
  process.stdout.write('instructions walked a second, against BPF_PROG_LOAD of this kernel\n');
  for (const { name, processed, linuxProcessed, ms, perSecond, linuxMs, ratio, ok } of rows) {
    const peer =
      ratio === undefined ? '' : `  ${ratio.toFixed(3)}x  kernel ${linuxMs!.toFixed(3)} ms ${linuxProcessed}`;
    const verdict = ok === null ? '  no verdict' : '';
    process.stdout.write(
      `  ${name.padEnd(32)} ${String(processed).padStart(8)} in ${ms.toFixed(3).padStart(9)} ms ` +
        `${String(perSecond).padStart(9)}/s${peer}${verdict}\n`,
    );
  }
  process.stdout.write(`  peak memory ${Math.round(peakMiB)} MiB\n`);
}
