/** A kernel that judges cases, with what our verifier must know of it: this machine's, or one of Debian's in a guest. */
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { readBtf } from '../../bpf/btf/read.ts';
import { parseKernelRelease } from '../../bpf/kernel-release.ts';
import { judgeRaw } from '../../runtime/linux/judge/judge.ts';
import { hostSymbols } from '../../runtime/node/host-symbols.ts';
import type { Case } from '../../verifier/case/case.ts';
import type { VerifierKernel } from '../../verifier/input.ts';
import { JUDGE_SOURCE, type JudgeAnswer } from './judge.ts';
import { cachedAnswers } from './judge-cache.ts';

export interface JudgeKernel {
  readonly name: string;
  readonly profile: VerifierKernel;
  judge(cases: readonly Case[]): Promise<readonly JudgeAnswer[]>;
}

/** `host`, or a series that Debian has a cloud kernel of, such as `6.1`. */
export async function judgeKernel(name: string): Promise<JudgeKernel> {
  if (name === 'host') return hostKernel();
  const { guestKernel } = await import('../guest/judge-kernel.ts');
  return guestKernel(name);
}

/** This machine's kernel as `verify` takes it. */
export function hostProfile(): VerifierKernel {
  const btf = readBtf(new Uint8Array(readFileSync('/sys/kernel/btf/vmlinux')));
  return {
    release: parseKernelRelease(release())!,
    btf,
    cpus: possibleCpus(),
    symbols: hostSymbols()!,
    config: {},
  };
}

function hostKernel(): JudgeKernel {
  return {
    name: `Linux ${release()}`,
    profile: hostProfile(),
    judge: (cases) => cachedAnswers(release(), cases, () => judgeRaw(cases, { source: JUDGE_SOURCE })),
  };
}

function possibleCpus(): number {
  const ranges = readFileSync('/sys/devices/system/cpu/possible', 'latin1').trim().split(',');
  return Number(ranges.at(-1)!.split('-').at(-1)) + 1;
}
