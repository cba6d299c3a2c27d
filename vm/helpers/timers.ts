/** `bpf_timer_*` (kernel/bpf/helpers.c): callbacks at a time of the machine's clock. */
import { EINVAL } from '../errno.ts';
import { hex64 } from '../fault.ts';
import { setResult } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import { entry, flagsArgument, type HelperEntry, mapArgument, memoryArgument } from './arguments.ts';

export const TIMER_SIZE = 16;
const CLOCK_REALTIME = 0;
/** And CLOCK_MONOTONIC and CLOCK_BOOTTIME, which are one here. */
const CLOCKS: readonly number[] = [CLOCK_REALTIME, 1, 7];
/** BPF_F_TIMER_ABS; with it come BPF_F_TIMER_CPU_PIN, which every timer here is. */
const ABSOLUTE = 1;
const START_FLAGS = 3;
const WORD = 0x1_0000_0000;

export function timerHelpers(machine: Machine): readonly HelperEntry[] {
  const { async } = machine;
  const timer = (r: Int32Array): number => memoryArgument(machine, r, 1, TIMER_SIZE, true);
  return [
    entry('timer_init', (r) => {
      const clock = flagsArgument(r, 3);
      const offset = clock === CLOCK_REALTIME ? async.realtimeOffsetNs : 0;
      const address = timer(r);
      const map = mapArgument(machine, r, 2);
      setResult(r, CLOCKS.includes(clock) ? async.init('timer', address, map, offset) : EINVAL);
    }),
    entry('timer_set_callback', (r) => setResult(r, setCallback(machine, r, 'timer'))),
    entry('timer_start', (r) => {
      const flags = flagsArgument(r, 3);
      // `ktime_t` is signed: what is before now is due at once.
      const ns = r[5]! * WORD + (r[4]! >>> 0);
      const isRight = flags >= 0 && flags <= START_FLAGS;
      setResult(r, isRight ? async.start('timer', timer(r), ns, (flags & ABSOLUTE) !== 0) : EINVAL);
    }),
    entry('timer_cancel', (r) => setResult(r, async.cancel(timer(r)))),
  ];
}

/** r1 field of a map value, r2 function. */
export function setCallback(machine: Machine, r: Int32Array, kind: 'timer' | 'work'): number {
  const address = memoryArgument(machine, r, 1, TIMER_SIZE, true);
  const program = machine.runningProgram;
  if (program === undefined) throw machine.fault('target', `calls back ${hex64(r[4]!, r[5]!)}`);
  return machine.async.setCallback(kind, address, program, r[4]!, r[5]!);
}
