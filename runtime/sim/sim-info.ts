/** What a compiler may ask of the simulated kernel; it takes no machine to answer. */
import { type AttachKind, type AttachPoint, OWN_KINDS } from '../../bpf/attach-point.ts';
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { SimCatalog } from './catalog.ts';
import { simCgroupId } from './identities.ts';

/** Software events that happen in the simulated machine. */
const SIM_SOFTWARE_EVENTS = [
  'cpu-clock',
  'task-clock',
  'context-switches',
  'cpu-migrations',
  'dummy',
] as const;

const KINDS: ReadonlySet<AttachKind> = new Set([
  ...OWN_KINDS,
  'tracepoint',
  'rawtracepoint',
  'interval',
  'profile',
  'software',
]);

function problem(point: AttachPoint): string | undefined {
  if (point.kind !== 'software' || SIM_SOFTWARE_EVENTS.some((one) => one === point.event)) return undefined;
  return `no ${point.event} happen in the simulated kernel: only ${SIM_SOFTWARE_EVENTS.join(', ')}`;
}

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
    attachable: { kinds: KINDS, problem },
    tracepoints: catalog.tracepoints,
    rawTracepoints: catalog.rawTracepoints,
  };
}
