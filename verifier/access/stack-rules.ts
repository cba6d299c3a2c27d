/** What a release keeps of the stack, and how it speaks of it: asked once, since every store asks. */
import type { KernelRelease } from '../../bpf/kernel-release.ts';

export interface StackRules {
  /** A spilled 0 is a number like others; before, its bytes are zeros. */
  readonly spillsZero: boolean;
  /** Numbers of which nothing is known are spilled too. */
  readonly spillsUnknown: boolean;
  /** What is spilled learns from branches on the register it came from. */
  readonly linksSpills: boolean;
  /** The low bytes of a wider spill are known. */
  readonly fillsParts: boolean;
  /** Zeros beside a narrow spill stay zeros. */
  readonly keepsZeros: boolean;
  /** Places on the stack are noted for the walk back; before, only those named by r10 are found. */
  readonly notesPlaces: boolean;
  /** What is left of a spill that a store to an unknown place may hit can be read. */
  readonly scrubsHits: boolean;
  /** Calls that read a buffer are told from those that write it. */
  readonly tellsCallsApart: boolean;
}

/** `atLeast`: is the kernel that judges of this release or newer? */
export function stackRulesOf(atLeast: (release: KernelRelease) => boolean): StackRules {
  const imprecise = atLeast('6.8');
  const spills = atLeast('6.9');
  return {
    spillsZero: imprecise,
    spillsUnknown: spills,
    linksSpills: spills,
    fillsParts: spills,
    keepsZeros: imprecise,
    notesPlaces: imprecise,
    scrubsHits: atLeast('6.12'),
    tellsCallsApart: atLeast('6.14'),
  };
}
