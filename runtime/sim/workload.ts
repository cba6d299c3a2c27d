/** A workload: what the simulated machine's processes do. It boots tasks whose lives are generators of system calls. */
import type { World } from './world.ts';

export interface Workload {
  readonly name: string;
  readonly description: string;
  start(world: World): void;
}
