/** What a verifier and a relocation may ask of the machine that packet programs run in. */
import type { KernelInfo } from '../../bpf/kernel-info.ts';

const VERSION = { major: 6, minor: 18, patch: 0 } as const;

export function packetKernelInfo(): KernelInfo {
  return {
    name: 'the packet machine',
    version: VERSION,
    cpus: 1,
    reach: {
      userMemory: false,
      kernelMemory: false,
      stacks: false,
      wallClock: false,
      processIds: 'never',
      credentials: false,
    },
    attachable: { kinds: new Set() },
  };
}
