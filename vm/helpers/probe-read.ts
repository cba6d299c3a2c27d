/**
 * The `bpf_probe_read` family (kernel/trace/bpf_trace.c): reads through any pointer. An address that is not mapped, or
 * belongs to the other side, gives an error and zeroes the target.
 */
import { KERNEL_TAG, USER_TAG } from '../address.ts';
import { EFAULT, ERANGE } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import { entry, type HelperEntry, memoryArgument, sizeArgument } from './arguments.ts';

export type Side = 'kernel' | 'user' | 'either';

export function probeHelpers(machine: Machine): readonly HelperEntry[] {
  return [
    entry('probe_read', (r) => setResult(r, read(machine, r, 'either'))),
    entry('probe_read_kernel', (r) => setResult(r, read(machine, r, 'kernel'))),
    entry('probe_read_user', (r) => setResult(r, read(machine, r, 'user'))),
    entry('probe_read_str', (r) => setResult(r, readString(machine, r, 'either'))),
    entry('probe_read_kernel_str', (r) => setResult(r, readString(machine, r, 'kernel'))),
    entry('probe_read_user_str', (r) => setResult(r, readString(machine, r, 'user'))),
  ];
}

/** Bytes that may be read where r3 points to. */
export function readableBytes(machine: Machine, r: Int32Array, side: Side): number {
  return Math.max(0, sourceEnd(machine, r, side) - (r[6]! >>> 0));
}

/** Last byte + 1 of the region the source lies in, or 0 when it may not be read. */
function sourceEnd(machine: Machine, r: Int32Array, side: Side): number {
  const tag = r[7]!;
  const user = tag === USER_TAG;
  if (!user && tag !== KERNEL_TAG) return 0;
  if (side !== 'either' && user !== (side === 'user')) return 0;
  const region = machine.memory.regions.at(r[6]! >>> 0);
  return region !== undefined && (region.kind === 'user') === user ? region.end : 0;
}

/** The error for an address: -ERANGE where no kernel memory can be (`copy_from_kernel_nofault_allowed`). */
export function failure(r: Int32Array, side: Side): number {
  const high = r[7]! >>> 0;
  const isUser = high <= LAST_USER;
  const asUser = side === 'user' || (side === 'either' && isUser);
  return asUser || high >= FIRST_KERNEL ? EFAULT : ERANGE;
}

/** Where the halves of the address space end and begin: their high words. */
const LAST_USER = 0x7fff;
const FIRST_KERNEL = 0xffff_8000;

/** r1 target, r2 size, r3 source. */
function read(machine: Machine, r: Int32Array, side: Side): number {
  const size = sizeArgument(machine, r, 2);
  const target = memoryArgument(machine, r, 1, size, true);
  const source = r[6]!;
  const { u8 } = machine.memory;
  if (size === 0) return failure(r, side) === ERANGE ? ERANGE : 0;
  if (source + size > sourceEnd(machine, r, side)) {
    u8.fill(0, target, target + size);
    return failure(r, side);
  }
  u8.copyWithin(target, source, source + size);
  return 0;
}

/** Length with the terminator, which is always written; bytes after it are left alone. */
function readString(machine: Machine, r: Int32Array, side: Side): number {
  const size = sizeArgument(machine, r, 2);
  const target = memoryArgument(machine, r, 1, size, true);
  if (size === 0) return 0;
  const source = r[6]!;
  const end = sourceEnd(machine, r, side);
  const { u8 } = machine.memory;
  for (let i = 0; i < size; i++) {
    if (source + i >= end) {
      u8.fill(0, target, target + size);
      return failure(r, side);
    }
    const byte = i === size - 1 ? 0 : u8[source + i]!;
    u8[target + i] = byte;
    if (byte === 0) return i + 1;
  }
  return size;
}
