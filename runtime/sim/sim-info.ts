/** What a compiler may ask of the simulated kernel; it takes no machine to answer. */
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { SimCatalog } from './catalog.ts';
import { simCgroupId } from './identities.ts';

export function simKernelInfo(catalog: SimCatalog, cpus: number): KernelInfo {
  return {
    name: 'the simulated kernel',
    version: { major: 6, minor: 1, patch: 0 },
    cpus,
    reach: {
      userMemory: true,
      // Tasks have addresses, but no fields behind them yet.
      kernelMemory: false,
      stacks: false,
      wallClock: true,
      processIds: 'always',
      credentials: true,
    },
    cgroupId: simCgroupId,
    tracepoints: catalog.tracepoints,
    rawTracepoints: catalog.rawTracepoints,
  };
}
