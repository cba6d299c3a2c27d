/** Clocks that kernels of the target may not have by themselves. */
import type { Value } from '../ir/ir.ts';
import { startWord } from './globals.ts';
import type { Lowering } from './lowering.ts';

/** Since boot, suspend included; before 5.8 without it. */
export function bootTime(low: Lowering): Value {
  return low.b.callHelper(low.module.features.bootClock ? 'ktime_get_boot_ns' : 'ktime_get_ns', []);
}

/** International atomic time to within what was adjusted since tracing began; the kernel's own clock of it is of 6.1. */
export function softTai(low: Lowering): Value {
  return low.b.binary('add', bootTime(low), startWord(low, 'tai-offset-ns'));
}
