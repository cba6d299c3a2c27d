/** Scripts of map commands on machines against models and, where there is root, against this machine's kernel. */
import fc from 'fast-check';
import { LinuxBpf } from '../linux/bpf-syscall.ts';
import { MapKernel } from '../linux/map-kernel.ts';
import { differences, type Runner } from '../vm/maps/differences.ts';
import { MachineRunner } from '../vm/maps/machine-runner.ts';
import { ModelRunner } from '../vm/maps/model/model-runner.ts';
import { scripts } from '../vm/maps/scripts/index.ts';
import { PRELUDE } from '../vm/maps/scripts/typed.ts';

const MEMORY: number = 32 << 20;
/** Kernels may be built without. */
const OPTIONAL = ['inode_storage', 'cgrp_storage', 'xskmap', 'sockmap', 'sockhash'];

type Run = (runs: number, seed: number) => Promise<{ readonly slowest: number }>;

/** `runs` scripts, shared by all types. @throws an Error with the script that is answered otherwise */
function runOn(cpus: number, judge: () => Runner, skip: readonly string[]): Run {
  return async (runs, seed) => {
    const kinds = [...scripts(cpus)].filter(([name]) => !skip.includes(name));
    let slowest = 0;
    for (const [name, arbitrary] of kinds) {
      const start = performance.now();
      const all = fc.sample(arbitrary, { seed, numRuns: Math.ceil(runs / kinds.length) });
      const [first] = differences(PRELUDE, all, new MachineRunner(cpus, MEMORY), judge());
      if (first !== undefined) throw new Error(`maps, ${name}, seed ${seed}:\n${first}`);
      slowest = Math.max(slowest, (performance.now() - start) / all.length);
    }
    return { slowest };
  };
}

export function mapTarget(): Run {
  return runOn(3, () => new ModelRunner(3), []);
}

/** Undefined where this machine's kernel cannot be asked. */
export function linuxMapTarget(): Run | undefined {
  if (LinuxBpf.reason() !== undefined) return undefined;
  const kernel = new MapKernel();
  process.on('exit', () => kernel.close());
  return runOn(kernel.cpus, () => kernel, OPTIONAL);
}
