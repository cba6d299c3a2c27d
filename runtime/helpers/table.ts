/** All helpers that the runtime adds to the machine's own: those that tell of the world around a program. */
import type { HelperTable } from '../../vm/helper-port.ts';
import type { KfuncTable } from '../../vm/kfunc-port.ts';
import type { Machine } from '../../vm/machine.ts';
import type { ExecutionContext } from './execution-context.ts';
import { printkHelpers } from './printk.ts';
import { stackHelpers } from './stacks.ts';
import { taskHelpers } from './task.ts';
import { taskKfuncs } from './task-kfuncs.ts';
import { timeHelpers } from './time.ts';
import { traceHelpers } from './trace.ts';

export function runtimeHelpers(context: ExecutionContext, machine: Machine): HelperTable {
  return new Map([
    ...timeHelpers(context),
    ...taskHelpers(context, machine),
    ...printkHelpers(context, machine),
    ...stackHelpers(context, machine),
    ...traceHelpers(context, machine),
  ]);
}

/** The same of kernel functions. */
export function runtimeKfuncs(context: ExecutionContext, machine: Machine): KfuncTable {
  return new Map(taskKfuncs(context, machine));
}
