/** The kernel functions a machine has of its own: those that need only its maps and memory. A runtime adds the rest. */
import type { KfuncTable } from '../kfunc-port.ts';
import type { Machine } from '../machine.ts';
import { cpumaskKfuncs } from './cpumask.ts';
import { dynptrKfuncs } from './dynptr.ts';
import { iteratorKfuncs } from './iterators.ts';
import { listKfuncs, treeKfuncs } from './lists.ts';
import { mapKfuncs } from './maps.ts';
import { Objects, objectKfuncs } from './objects.ts';
import { sectionKfuncs } from './sections.ts';
import { stringKfuncs } from './strings.ts';
import { userStringKfuncs } from './user-strings.ts';

export function machineKfuncs(machine: Machine): KfuncTable {
  const objects = new Objects(machine);
  return new Map([
    ...iteratorKfuncs(machine),
    ...dynptrKfuncs(machine),
    ...sectionKfuncs(machine),
    ...stringKfuncs(machine),
    ...mapKfuncs(machine),
    ...objectKfuncs(machine, objects),
    ...listKfuncs(machine, objects),
    ...treeKfuncs(machine, objects),
    ...cpumaskKfuncs(machine),
    ...userStringKfuncs(machine),
  ]);
}
