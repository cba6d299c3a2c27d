/** One program against many kernels: which accept it, since when, and why the older ones do not. */
import { compareKernelReleases, type KernelRelease } from '../bpf/kernel-release.ts';
import type { VerifierInput, VerifierKernel, VerifierOptions } from './input.ts';
import type { Report } from './report.ts';
import { verify } from './verify.ts';

/** Releases whose verifier a profile exists for, oldest first. */
export const RELEASES: readonly KernelRelease[] = [
  '4.15',
  '4.18',
  '5.0',
  '5.3',
  '5.4',
  '5.8',
  '5.10',
  '5.11',
  '5.13',
  '5.15',
  '6.1',
  '6.2',
  '6.5',
  '6.8',
  '6.11',
  '6.12',
  '6.14',
  '6.16',
  '6.17',
  '6.18',
  '6.19',
  '7.0',
  '7.1',
  '7.2',
  '7.3',
];

/** Releases whose profile was compared with a booted kernel, program by program; the others are *unjudged*. */
export const JUDGED_RELEASES: ReadonlySet<KernelRelease> = new Set<KernelRelease>(['6.1', '6.12', '6.18']);

export interface MatrixRow {
  readonly release: KernelRelease;
  readonly judged: boolean;
  readonly report: Report;
}

/** `kernelOf` gives what is known of a release: its types above all. */
export function verifyMatrix(
  input: VerifierInput,
  releases: readonly KernelRelease[],
  options: Omit<VerifierOptions, 'kernel'> = {},
  kernelOf: (release: KernelRelease) => VerifierKernel = (release) => ({ release }),
): readonly MatrixRow[] {
  return [...releases].sort(compareKernelReleases).map((release) => ({
    release,
    judged: JUDGED_RELEASES.has(release),
    report: verify(input, { ...options, kernel: kernelOf(release) }),
  }));
}

/** The oldest release from which on every row accepts; undefined when the newest does not. */
export function oldestAccepting(rows: readonly MatrixRow[]): KernelRelease | undefined {
  let oldest: KernelRelease | undefined;
  for (const { release, report } of rows) {
    if (report.accepted === true) oldest ??= release;
    else oldest = undefined;
  }
  return oldest;
}
