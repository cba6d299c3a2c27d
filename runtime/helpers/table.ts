/** All helpers that the runtime adds to the machine's own. */
import type { HelperTable } from '../../vm/helper-port.ts';
import type { ExecutionContext } from './execution-context.ts';
import { type HelperMemory, taskHelpers } from './task.ts';
import { timeHelpers } from './time.ts';
import { unsupportedHelpers } from './unsupported.ts';

export function runtimeHelpers(context: ExecutionContext, memory: HelperMemory): HelperTable {
  return new Map([...timeHelpers(context), ...taskHelpers(context, memory), ...unsupportedHelpers(context)]);
}
