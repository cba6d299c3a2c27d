/** Clock helpers: all clocks tell the context's time; a machine that never sleeps has boot time equal to monotonic time. */
import { type HelperFunction, setResultPair } from '../../vm/helper-port.ts';
import { entry, type HelperEntry } from '../../vm/helpers/arguments.ts';
import type { ExecutionContext } from './execution-context.ts';

/** CONFIG_HZ of the machines modelled. */
const HZ = 250;
const NS_PER_JIFFY: number = 1_000_000_000 / HZ;
/** Linux starts counting five minutes before the wrap of 32 bits (INITIAL_JIFFIES, 64 bits wide). */
const INITIAL_JIFFIES: number = 0x1_0000_0000 - 300 * HZ;

function setWhole(registers: Int32Array, value: number): void {
  setResultPair(registers, value | 0, Math.floor(value / 0x1_0000_0000) | 0);
}

export function timeHelpers(context: ExecutionContext): readonly HelperEntry[] {
  const now: HelperFunction = (registers) => setResultPair(registers, context.timeLow, context.timeHigh);
  return [
    entry('ktime_get_ns', now),
    entry('ktime_get_boot_ns', now),
    // The coarse clock moves with the tick.
    entry('ktime_get_coarse_ns', (r) => setWhole(r, context.time - (context.time % NS_PER_JIFFY))),
    entry('ktime_get_tai_ns', (r) => setWhole(r, context.time + context.taiOffsetNs)),
    entry('jiffies64', (r) => setWhole(r, INITIAL_JIFFIES + Math.floor(context.time / NS_PER_JIFFY))),
  ];
}
