/** Numbers the verifier of a release holds programs to (privileged loads). */
import { isAtLeast, type KernelRelease } from '../kernel-release.ts';

export interface KernelLimits {
  /** Instructions of one program as loaded. */
  readonly instructions: number;
  /** Instructions the verifier walks before it gives up. */
  readonly processed: number;
  /** Bytes of stack of one frame, and of a whole call chain. */
  readonly stack: number;
  readonly frames: number;
  readonly tailCalls: number;
  /** Bytes of stack a caller may use when there are tail calls. */
  readonly tailCallStack: number;
  /** Branches waiting to be walked. */
  readonly pendingBranches: number;
  readonly functions: number;
  /** Different maps of one program. */
  readonly maps: number;
  /** Rounds of one `bpf_loop`. */
  readonly loopRounds: number;
}

/** Limits of an upstream release. Source: `linux/bpf_verifier.h`, `linux/filter.h` of each. */
export function limitsOf(release: KernelRelease): KernelLimits {
  const million = isAtLeast(release, '5.2');
  return {
    instructions: million ? 1_000_000 : 4096,
    processed: million ? 1_000_000 : 131_072,
    stack: 512,
    frames: 8,
    tailCalls: 33,
    tailCallStack: 256,
    pendingBranches: million ? 8192 : 1024,
    functions: 256,
    maps: 64,
    loopRounds: 8_388_608,
  };
}
