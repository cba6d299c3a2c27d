/** User memory: copies that may sleep, stores, and the areas it is made of (kernel/bpf/helpers.c, kernel/trace/bpf_trace.c). */
import { KERNEL_TAG, type LinearAddress, USER_TAG } from '../address.ts';
import { EFAULT, EINVAL, ENOENT } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import type { Region } from '../regions.ts';
import { entry, flagsArgument, type HelperEntry, memoryArgument, sizeArgument } from './arguments.ts';

/** The first fields of `struct vm_area_struct`: start and end. */
const VMA_SIZE = 64;

export function userMemoryHelpers(machine: Machine): readonly HelperEntry[] {
  const area = machine.memory.allocateRegion(VMA_SIZE, { kind: 'kernel', label: 'a memory area' });
  return [
    entry('copy_from_user', (r) => setResult(r, copyFromUser(machine, r))),
    entry('copy_from_user_task', (r) =>
      // Every task's memory is at addresses of its own, so that the address tells the task.
      setResult(r, flagsArgument(r, 5) === 0 ? copyFromUser(machine, r) : EINVAL),
    ),
    entry('probe_write_user', (r) => setResult(r, writeUser(machine, r))),
    entry('find_vma', (r) => setResult(r, findArea(machine, r, area))),
  ];
}

/** User memory that holds these bytes. */
export function userRegion(machine: Machine, low: number, high: number, bytes: number): Region | undefined {
  if (high !== USER_TAG) return undefined;
  const region = machine.memory.regions.at(low >>> 0);
  return region?.kind === 'user' && (low >>> 0) + bytes <= region.end ? region : undefined;
}

/** r1 target, r2 size, r3 source: all of it or, where some is missing, zeros. */
export function copyFromUser(machine: Machine, r: Int32Array): number {
  const size = sizeArgument(machine, r, 2);
  const target = memoryArgument(machine, r, 1, size, true);
  if (size === 0) return 0;
  const { u8 } = machine.memory;
  const source = r[6]!;
  if (userRegion(machine, source, r[7]!, size) === undefined) {
    u8.fill(0, target, target + size);
    return EFAULT;
  }
  u8.copyWithin(target, source, source + size);
  return 0;
}

/** r1 target, r2 source, r3 size. */
function writeUser(machine: Machine, r: Int32Array): number {
  const size = sizeArgument(machine, r, 3);
  const source = memoryArgument(machine, r, 2, size);
  const target = r[2]!;
  if (userRegion(machine, target, r[3]!, size)?.writable !== true) return EFAULT;
  machine.memory.u8.copyWithin(target, source, source + size);
  return 0;
}

/** r1 task, r2 address, r3 callback, r4 its context, r5 flags. The callback gets task, area, context. */
function findArea(machine: Machine, r: Int32Array, area: LinearAddress): number {
  const [callbackLow, callbackHigh] = [r[6]!, r[7]!];
  if (flagsArgument(r, 5) !== 0) return EINVAL;
  if ((r[2]! | r[3]!) === 0) return ENOENT;
  const region = userRegion(machine, r[4]!, r[5]!, 1);
  if (region === undefined) return ENOENT;
  machine.memory.writePair(area, region.start, USER_TAG);
  machine.memory.writePair(area + 8, region.end, USER_TAG);
  const [contextLow, contextHigh] = [r[8]!, r[9]!];
  r[4] = area;
  r[5] = KERNEL_TAG;
  r[6] = contextLow;
  r[7] = contextHigh;
  machine.callback(callbackLow, callbackHigh);
  return 0;
}
