/** The kernel functions a machine has of its own: those that need only its maps and memory. A runtime adds the rest. */
import type { KfuncTable } from '../kfunc-port.ts';
import type { Machine } from '../machine.ts';
import { dynptrKfuncs } from './dynptr.ts';
import { iteratorKfuncs } from './iterators.ts';
import { sectionKfuncs } from './sections.ts';

export function machineKfuncs(machine: Machine): KfuncTable {
  return new Map([...iteratorKfuncs(machine), ...dynptrKfuncs(machine), ...sectionKfuncs(machine)]);
}
