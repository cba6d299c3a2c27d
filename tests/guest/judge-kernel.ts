/**
 * Debian's kernels as judges: all cases in one boot, without a network and without Node.js in the guest. Answers and types
 * are kept (judge-cache.ts).
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readBtf } from '../../bpf/btf/read.ts';
import { parseKernelRelease } from '../../bpf/kernel-release.ts';
import { type RawAnswer, rawAnswers } from '../../runtime/linux/judge/answers.ts';
import { judgeCommands } from '../../runtime/linux/judge/commands.ts';
import { buildJudge } from '../../runtime/linux/judge/program.ts';
import type { Case } from '../../verifier/case/case.ts';
import { JUDGE_SOURCE } from '../linux/judge.ts';
import { cachedAnswers, JUDGE_CACHE, writeCached } from '../linux/judge-cache.ts';
import type { JudgeKernel } from '../linux/judge-kernel.ts';
import { boot } from './boot.ts';
import { buildImage } from './image.ts';
import { fetchKernel, findKernel, type GuestKernel } from './kernel.ts';

const CPUS = 2;
/** Cases in one job: bounds its output. */
const JOB_CASES = 2000;
/** Emulated code is some thirty times slower. */
const LOAD_SECONDS = '120';
const JOB_SECONDS = 1500;
const OUTPUT_BYTES = 512 * 2 ** 20;

/** `series` such as `6.1`. */
export async function guestKernel(series: string): Promise<JudgeKernel> {
  const kernel = await findKernel(`${series}.`).catch(() => fetchKernel(`${series}.`));
  const types = typesPath(kernel);
  if (!existsSync(types)) await askGuest(kernel, []);
  return {
    name: `Linux ${kernel.release} (guest)`,
    profile: {
      release: parseKernelRelease(kernel.release)!,
      btf: readBtf(new Uint8Array(readFileSync(types))),
      cpus: CPUS,
      // Debian builds without CONFIG_FUNCTION_ERROR_INJECTION, which the other options need.
      config: { probeWriteUser: true },
    },
    judge: (cases) => cachedAnswers(kernel.release, cases, () => askGuest(kernel, cases)),
  };
}

function typesPath({ release }: GuestKernel): string {
  return join(JUDGE_CACHE, `${release}.btf`);
}

async function askGuest(kernel: GuestKernel, cases: readonly Case[]): Promise<readonly RawAnswer[]> {
  const program = buildJudge(JUDGE_SOURCE);
  const parts = Array.from({ length: Math.ceil(cases.length / JOB_CASES) }, (_, index) =>
    cases.slice(index * JOB_CASES, (index + 1) * JOB_CASES),
  );
  const judging = parts.map((part, index) => ({
    name: `judge ${index}`,
    command: `bpfjudge ${LOAD_SECONDS} < commands > answers`,
    files: { commands: judgeCommands(part, 'auto') },
    limit: JOB_SECONDS,
  }));
  const result = await boot({
    kernel,
    image: await buildImage({ extra: new Map([['/usr/bin/bpfjudge', { kind: 'file', from: program }]]) }),
    jobs: [{ name: 'types', command: 'cat /sys/kernel/btf/vmlinux > types' }, ...judging],
    cpus: CPUS,
    outputBytes: OUTPUT_BYTES,
  });
  try {
    const [types, ...jobs] = result.jobs;
    writeCached(typesPath(kernel), readFileSync(join(types!.folder, 'types')));
    return jobs.flatMap((job, index) => {
      if (job.exitCode !== 0) throw new Error(`bpfjudge ended with ${job.exitCode}: ${job.stderr}`);
      return rawAnswers(parts[index]!, new Uint8Array(readFileSync(join(job.folder, 'answers'))));
    });
  } finally {
    rmSync(result.folder, { recursive: true, force: true });
  }
}
