/** `bpf_trace_printk` and `bpf_trace_vprintk` (kernel/trace/bpf_trace.c): text for the trace pipe. */
import { EINVAL } from '../../vm/errno.ts';
import { setResult } from '../../vm/helper-port.ts';
import { entry, type HelperEntry, memoryArgument, sizeArgument } from '../../vm/helpers/arguments.ts';
import { bprintf, type PrintValues } from '../../vm/helpers/bprintf.ts';
import { endedString, valuesArgument } from '../../vm/helpers/print.ts';
import type { Machine } from '../../vm/machine.ts';
import type { ExecutionContext } from './execution-context.ts';

/** BPF_TRACE_PRINTK_SIZE, without the end mark. */
const LONGEST_TEXT = 1023;
/** MAX_TRACE_PRINTK_VARARGS: r3, r4 and r5. */
const REGISTER_VALUES = 3;

export function printkHelpers(context: ExecutionContext, machine: Machine): readonly HelperEntry[] {
  return [
    entry('trace_printk', (r) => setResult(r, printk(context, machine, r, registerValues(r)))),
    entry('trace_vprintk', (r) => setResult(r, printk(context, machine, r, valuesArgument(machine, r, 3)))),
  ];
}

function registerValues(r: Int32Array): PrintValues {
  return {
    count: REGISTER_VALUES,
    low: (index) => r[(3 + index) * 2]!,
    high: (index) => r[(3 + index) * 2 + 1]!,
  };
}

/** r1 format, r2 its size. The text's length. */
function printk(
  context: ExecutionContext,
  machine: Machine,
  r: Int32Array,
  values: PrintValues | undefined,
): number {
  const size = sizeArgument(machine, r, 2);
  const format = endedString(machine, memoryArgument(machine, r, 1, size), size);
  if (format === undefined || values === undefined) return EINVAL;
  const printed = bprintf(machine.memory, format, values, LONGEST_TEXT);
  if (typeof printed === 'number') {
    context.warn(`a program printed with the format ${JSON.stringify(format)}, which the kernel refuses`);
    return printed;
  }
  const end = printed.text.indexOf('\0');
  context.printk(end < 0 ? printed.text : printed.text.slice(0, end));
  return printed.length;
}
