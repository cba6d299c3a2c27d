/** The helpers a machine has of its own: those that need only its maps and memory. A runtime adds the rest. */
import type { HelperTable } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import { callbackHelpers } from './callbacks.ts';
import { counterHelpers } from './counters.ts';
import { dynptrHelpers } from './dynptr.ts';
import { kernelMemoryHelpers } from './kernel-memory.ts';
import { mapHelpers } from './maps.ts';
import { miscHelpers } from './misc.ts';
import { numberHelpers } from './numbers.ts';
import { outputHelpers } from './output.ts';
import { printHelpers } from './print.ts';
import { probeHelpers } from './probe-read.ts';
import { queueHelpers } from './queue.ts';
import { storageHelpers } from './storage.ts';
import { timerHelpers } from './timers.ts';
import { userMemoryHelpers } from './user-memory.ts';

export function machineHelpers(machine: Machine): HelperTable {
  return new Map([
    ...mapHelpers(machine),
    ...queueHelpers(machine),
    ...outputHelpers(machine),
    ...callbackHelpers(machine),
    ...probeHelpers(machine),
    ...printHelpers(machine),
    ...miscHelpers(machine),
    ...userMemoryHelpers(machine),
    ...timerHelpers(machine),
    ...storageHelpers(machine),
    ...counterHelpers(machine),
    ...numberHelpers(machine),
    ...dynptrHelpers(machine),
    ...kernelMemoryHelpers(machine),
  ]);
}
