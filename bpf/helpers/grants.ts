/**
 * Which programs may call which helpers, as real kernels answered when asked. Between two kernels that were asked the
 * answer is `unknown`, as it is for program types that were not: never a guess. A kernel's configuration may still withhold
 * a helper (`override_return` needs CONFIG_BPF_KPROBE_OVERRIDE).
 */
import { compareKernelReleases, isAtLeast, type KernelRelease } from '../kernel-release.ts';
import type { ProgramTypeName } from '../programs.ts';
import type { Helper, HelperName } from './helper.ts';
import { HELPERS } from './helpers.gen.ts';
import { helper } from './lookup.ts';
import { HELPER_GRANTS, HELPER_REVOCATIONS, PROBED_KERNELS } from './programs.gen.ts';

/** A program as helpers tell them apart: its type, or a finer key such as `tracing:fentry`, `lsm.s`, `kprobe.s`. */
export type HelperProgram = ProgramTypeName | keyof typeof HELPER_GRANTS;

export type HelperGrant = 'yes' | 'no' | 'unknown';

/** By program, the probed kernel that first granted each helper id. */
const FIRST_GRANTED: ReadonlyMap<string, ReadonlyMap<number, KernelRelease>> = new Map(
  Object.entries(HELPER_GRANTS).map(([program, byKernel]) => [program, firstGranted(byKernel)]),
);

/** By program, the first kernel that could be asked: loading a kprobe before 5.0 takes the version of the running kernel. */
const FIRST_ANSWER: ReadonlyMap<string, KernelRelease> = new Map(
  Object.entries(HELPER_GRANTS).map(([program, byKernel]) => [
    program,
    Object.keys(byKernel)[0] as KernelRelease,
  ]),
);

/** May a program call this helper on an upstream kernel of that release? */
export function helperGrant(name: HelperName, program: HelperProgram, release: KernelRelease): HelperGrant {
  const { id, since } = helper(name);
  const granted = FIRST_GRANTED.get(program);
  if (granted === undefined) return 'unknown';
  if (!isAtLeast(release, since)) return 'no';
  if (!isAtLeast(release, FIRST_ANSWER.get(program)!)) return 'unknown';
  const first = granted.get(id);
  if (first === undefined) return isAtLeast(release, NEWEST) && release !== NEWEST ? 'unknown' : 'no';
  if (isAtLeast(release, first)) return stillGranted(program, id, release);
  return isAtLeast(previousProbe(first), release) ? 'no' : 'unknown';
}

/** A helper once granted stays so, save those Linux took back. */
function stillGranted(program: HelperProgram, id: number, release: KernelRelease): HelperGrant {
  const revoked = HELPER_REVOCATIONS.find(([name, helperId]) => name === program && helperId === id);
  if (revoked === undefined) return 'yes';
  const [, , last] = revoked;
  if (isAtLeast(last, release)) return 'yes';
  return isAtLeast(release, nextProbe(last)) ? 'no' : 'unknown';
}

/** Helpers a program may surely call on a kernel of that release. */
export function helpersOf(program: HelperProgram, release: KernelRelease): readonly Helper[] {
  return HELPERS.filter((one) => helperGrant(one.name, program, release) === 'yes');
}

const NEWEST: KernelRelease = PROBED_KERNELS[PROBED_KERNELS.length - 1]!;

/** The last kernel asked before `kernel`; `0.0` when that was the first. */
function previousProbe(kernel: KernelRelease): KernelRelease {
  let previous: KernelRelease = '0.0';
  for (const probed of PROBED_KERNELS) {
    if (compareKernelReleases(probed, kernel) < 0) previous = probed;
  }
  return previous;
}

/** The first kernel asked after `kernel`, which is not the last one. */
function nextProbe(kernel: KernelRelease): KernelRelease {
  return PROBED_KERNELS.find((probed) => compareKernelReleases(probed, kernel) > 0)!;
}

function firstGranted(
  byKernel: Readonly<Record<string, readonly number[]>>,
): ReadonlyMap<number, KernelRelease> {
  const first = new Map<number, KernelRelease>();
  for (const [kernel, ids] of Object.entries(byKernel)) {
    for (const id of ids) first.set(id, kernel as KernelRelease);
  }
  return first;
}
