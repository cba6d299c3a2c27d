/** Clock helpers: all clocks tell the context's time; a machine that never sleeps has boot time equal to monotonic time. */
import { helper } from '../../bpf/helpers/lookup.ts';
import { type HelperFunction, setResultPair } from '../../vm/helper-port.ts';
import type { ExecutionContext } from './execution-context.ts';

/** CONFIG_HZ of the machines modelled. */
const HZ = 250;
const NS_PER_JIFFY: number = 1_000_000_000 / HZ;
/** Linux starts counting five minutes before the wrap of 32 bits (INITIAL_JIFFIES, 64 bits wide). */
const INITIAL_JIFFIES: number = 0x1_0000_0000 - 300 * HZ;

function setWhole(registers: Int32Array, value: number): void {
  setResultPair(registers, value | 0, Math.floor(value / 0x1_0000_0000) | 0);
}

export function timeHelpers(context: ExecutionContext): readonly (readonly [number, HelperFunction])[] {
  const now: HelperFunction = (registers) => setResultPair(registers, context.timeLow, context.timeHigh);
  const time = (): number => (context.timeHigh >>> 0) * 0x1_0000_0000 + (context.timeLow >>> 0);
  return [
    [helper('ktime_get_ns').id, now],
    [helper('ktime_get_boot_ns').id, now],
    // The coarse clock moves with the tick.
    [helper('ktime_get_coarse_ns').id, (registers) => setWhole(registers, time() - (time() % NS_PER_JIFFY))],
    [helper('ktime_get_tai_ns').id, (registers) => setWhole(registers, time() + context.taiOffsetNs)],
    [
      helper('jiffies64').id,
      (registers) => setWhole(registers, INITIAL_JIFFIES + Math.floor(time() / NS_PER_JIFFY)),
    ],
  ];
}
