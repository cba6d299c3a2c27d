/** Locks and pointers in map values (kernel/bpf/helpers.c). One program runs at a time, so that a lock is always free. */
import { KERNEL_TAG } from '../address.ts';
import { setResultPair } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import { entry, type HelperEntry, memoryArgument, setPointer } from './arguments.ts';

const LOCK_SIZE = 4;
const POINTER_SIZE = 8;

export function kernelMemoryHelpers(machine: Machine): readonly HelperEntry[] {
  const lock = (r: Int32Array): void => {
    memoryArgument(machine, r, 1, LOCK_SIZE, true);
    setResultPair(r, 0, 0);
  };
  return [
    entry('spin_lock', lock),
    entry('spin_unlock', lock),
    entry('kptr_xchg', (r) => exchange(machine, r)),
    entry('per_cpu_ptr', (r) => {
      const cpu = r[4]! >>> 0;
      setPointer(r, cpu < machine.cpus ? perCpu(machine, r, cpu) : 0);
    }),
    entry('this_cpu_ptr', (r) => setPointer(r, perCpu(machine, r, machine.cpu))),
  ];
}

/** r1 place of a pointer, r2 what to store there. What was there. */
function exchange(machine: Machine, r: Int32Array): void {
  const place = memoryArgument(machine, r, 1, POINTER_SIZE, true);
  const { memory } = machine;
  const low = memory.readLow(place);
  const high = memory.readHigh(place);
  memory.writePair(place, r[4]!, r[5]!);
  setResultPair(r, low, high);
}

/** A CPU's copy of the per-CPU object r1 points to. */
function perCpu(machine: Machine, r: Int32Array, cpu: number): number {
  const object = r[2]!;
  if (r[3] !== KERNEL_TAG) return 0;
  return object + cpu * machine.heap.cpuStride(object);
}
