/** CPU number, random numbers, string comparison. */
import { setResult, setResultPair } from '../helper-port.ts';
import { RunState } from '../layout.ts';
import type { Machine } from '../machine.ts';
import { randomNext } from '../random.ts';
import { entry, type HelperEntry, memoryArgument, sizeArgument } from './arguments.ts';

export function miscHelpers(machine: Machine): readonly HelperEntry[] {
  const { i32 } = machine.memory;
  return [
    entry('get_smp_processor_id', (r) => setResult(r, machine.cpu)),
    entry('get_prandom_u32', (r) => {
      const number = randomNext(i32[RunState.random >> 2]!);
      i32[RunState.random >> 2] = number;
      setResultPair(r, number, 0);
    }),
    entry('strncmp', (r) => setResult(r, compare(machine, r))),
  ];
}

/** r1 string, r2 its size, r3 constant string: the sign of the first difference, as strncmp(3). */
function compare(machine: Machine, r: Int32Array): number {
  const size = sizeArgument(machine, r, 2);
  const first = memoryArgument(machine, r, 1, size);
  const second = r[6]!;
  for (let i = 0; i < size; i++) {
    machine.checkArgument((second + i) | 0, r[7]!, 1, false);
    const a = machine.memory.u8[first + i]!;
    const b = machine.memory.u8[second + i]!;
    if (a !== b) return a < b ? -1 : 1;
    if (a === 0) return 0;
  }
  return 0;
}
