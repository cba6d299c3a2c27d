/** How helpers read their arguments and write pointers. `n` is the argument's number: 1 ... 5. */

import type { HelperName } from '../../bpf/helpers/helper.ts';
import { helper } from '../../bpf/helpers/lookup.ts';
import { KERNEL_TAG, type LinearAddress } from '../address.ts';
import { hex64 } from '../fault.ts';
import { type HelperFunction, setResultPair } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import type { BpfMap } from '../maps/map.ts';

export type HelperEntry = readonly [id: number, run: HelperFunction];

/** A row for the helper table. */
export function entry(name: HelperName, run: HelperFunction): HelperEntry {
  return [helper(name).id, run];
}

/** The map an argument points to; faults when it is none. */
export function mapArgument(machine: Machine, registers: Int32Array, n: number): BpfMap {
  const low = registers[n * 2]!;
  const high = registers[n * 2 + 1]!;
  const map = high === KERNEL_TAG ? machine.mapAt(low) : undefined;
  if (map === undefined)
    throw machine.fault('target', `argument ${n} is ${hex64(low, high)}, which is no map`);
  return map;
}

/** Linear address of `bytes` that the helper reads or writes; strict machines fault when the program may not. */
export function memoryArgument(
  machine: Machine,
  registers: Int32Array,
  n: number,
  bytes: number,
  write = false,
): LinearAddress {
  const low = registers[n * 2]!;
  machine.checkArgument(low, registers[n * 2 + 1]!, bytes, write);
  return low;
}

/** A size argument; negative numbers and those beyond 2 GiB fault. */
export function sizeArgument(machine: Machine, registers: Int32Array, n: number): number {
  const size = registers[n * 2]!;
  if (size >= 0 && registers[n * 2 + 1] === 0 && size <= machine.memory.limit) return size;
  throw machine.fault('access', `argument ${n} is no size: ${hex64(size, registers[n * 2 + 1]!)}`);
}

/** Flags of 64 bits as a number, or -1 when any of the high half is set. */
export function flagsArgument(registers: Int32Array, n: number): number {
  return registers[n * 2 + 1] === 0 ? registers[n * 2]! >>> 0 : -1;
}

/** Sets r0 to a kernel pointer, or NULL for 0. */
export function setPointer(registers: Int32Array, address: LinearAddress): void {
  setResultPair(registers, address, address === 0 ? 0 : KERNEL_TAG);
}
