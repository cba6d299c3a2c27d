/** Helpers that call back a BPF function: `bpf_loop` (kernel/bpf/bpf_iter.c) and `bpf_for_each_map_elem`. */
import { KERNEL_TAG, type LinearAddress } from '../address.ts';
import { DYNPTR_SIZE, DynptrType, writeDynptr } from '../dynptr.ts';
import { E2BIG, EINVAL } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import { MAX_LOOPS } from '../layout.ts';
import type { Machine } from '../machine.ts';
import type { BpfMap } from '../maps/map.ts';
import { UserRingBufferMap } from '../maps/user-ring-buffer-map.ts';
import { entry, flagsArgument, type HelperEntry, mapArgument } from './arguments.ts';
import { WAKEUP_FLAGS } from './output.ts';

export function callbackHelpers(machine: Machine): readonly HelperEntry[] {
  const keys = machine.memory.allocateRegion(8 * 8, { kind: 'kernel', label: 'key of an array element' });
  const dynptrs = machine.memory.allocateRegion(8 * DYNPTR_SIZE, {
    kind: 'kernel',
    label: 'a record of user space',
  });
  return [
    entry('user_ringbuf_drain', (r) => setResult(r, drain(machine, r, dynptrs))),
    entry('loop', (r) => setResult(r, loop(machine, r))),
    entry('for_each_map_elem', (r) => setResult(r, forEach(machine, r, keys))),
  ];
}

/** r1 count, r2 callback, r3 its context, r4 flags. Returns the number of iterations done. */
function loop(machine: Machine, r: Int32Array): number {
  const count = r[2]! >>> 0;
  const [low, high, contextLow, contextHigh] = [r[4]!, r[5]!, r[6]!, r[7]!];
  if (flagsArgument(r, 4) !== 0) return EINVAL;
  if (count > MAX_LOOPS) return E2BIG;
  for (let i = 0; i < count; i++) {
    r[2] = i;
    r[3] = 0;
    r[4] = contextLow;
    r[5] = contextHigh;
    machine.callback(low, high);
    if ((r[0]! | r[1]!) !== 0) return i + 1;
  }
  return count;
}

/** r1 map, r2 callback, r3 its context, r4 flags. The callback gets map, key, value, context; 1 stops. */
function forEach(machine: Machine, r: Int32Array, keys: LinearAddress): number {
  const map = mapArgument(machine, r, 1);
  const callbackLow = r[4]!;
  const callbackHigh = r[5]!;
  const contextLow = r[6]!;
  const contextHigh = r[7]!;
  if (flagsArgument(r, 4) !== 0) return EINVAL;
  const visit = (key: LinearAddress): boolean => {
    setPair(r, 1, map.layout.base, KERNEL_TAG);
    setPair(r, 2, key, KERNEL_TAG);
    setPair(r, 3, map.peek(key, machine.cpu), KERNEL_TAG);
    setPair(r, 4, contextLow, contextHigh);
    machine.callback(callbackLow, callbackHigh);
    return (r[0]! | r[1]!) === 0;
  };
  return map.layout.elementSize === 0 ? EINVAL : walk(machine, map, keys, visit);
}

/** Walks by place, so that elements deleted meanwhile do no harm. */
function walk(
  machine: Machine,
  map: BpfMap,
  keys: LinearAddress,
  visit: (key: LinearAddress) => boolean,
): number {
  const { type, maxEntries } = map.definition;
  // Nested walks each have a key cell of their own.
  const cell = keys + (machine.depth & 7) * 8;
  if (type === 'array' || type === 'percpu_array') {
    for (let i = 0; i < maxEntries; i++) {
      machine.memory.writePair(cell, i, 0);
      if (!visit(cell)) return i + 1;
    }
    return maxEntries;
  }
  return map.walk?.(visit) ?? EINVAL;
}

/** r1 map, r2 callback, r3 its context, r4 flags. The callback gets each record as a dynptr; other results than 0 stop. */
function drain(machine: Machine, r: Int32Array, dynptrs: LinearAddress): number {
  const map = mapArgument(machine, r, 1);
  const [low, high, contextLow, contextHigh] = [r[4]!, r[5]!, r[6]!, r[7]!];
  const flags = flagsArgument(r, 4);
  if (flags < 0 || flags > WAKEUP_FLAGS || !(map instanceof UserRingBufferMap)) return EINVAL;
  const cell = dynptrs + (machine.depth & 7) * DYNPTR_SIZE;
  return map.drain((data, size) => {
    const { local } = DynptrType;
    writeDynptr(machine.memory, cell, { data, type: local, readOnly: false, offset: 0, size });
    setPair(r, 1, cell, KERNEL_TAG);
    setPair(r, 2, contextLow, contextHigh);
    machine.callback(low, high);
    return (r[0]! | r[1]!) === 0;
  });
}

function setPair(r: Int32Array, register: number, low: number, high: number): void {
  r[register * 2] = low;
  r[register * 2 + 1] = high;
}
