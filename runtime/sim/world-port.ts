/** What the simulated machine tells helpers beyond the moment. */
import type { KernelInfo } from '../../bpf/kernel-info.ts';
import type { WorldPort } from '../helpers/world-port.ts';
import { simCgroupPath } from './identities.ts';
import type { World } from './world.ts';

export function worldPort(world: World, info: () => KernelInfo): WorldPort {
  return {
    info,
    task: (tid) => world.tasks.get(tid),
    tasks: () => [...world.tasks.values()].sort((a, b) => a.tid - b.tid),
    cgroupPath: simCgroupPath,
  };
}
