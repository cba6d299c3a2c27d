/** Dynptrs to memory and to records of ring buffers (kernel/bpf/helpers.c, kernel/bpf/ringbuf.c). */
import type { LinearAddress } from '../address.ts';
import {
  clearDynptr,
  DYNPTR_MAX_SIZE,
  DYNPTR_SIZE,
  type Dynptr,
  DynptrType,
  rangeProblem,
  readDynptr,
  writeDynptr,
} from '../dynptr.ts';
import { E2BIG, EINVAL } from '../errno.ts';
import { setResult, setResultPair } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import { entry, flagsArgument, type HelperEntry, memoryArgument, setPointer } from './arguments.ts';
import { commitRecord, ringArgument } from './output.ts';

export function dynptrHelpers(machine: Machine): readonly HelperEntry[] {
  return [
    entry('dynptr_from_mem', (r) => setResult(r, fromMemory(machine, r))),
    entry('dynptr_read', (r) => setResult(r, read(machine, r))),
    entry('dynptr_write', (r) => setResult(r, write(machine, r))),
    entry('dynptr_data', (r) => setPointer(r, data(machine, r))),
    entry('ringbuf_reserve_dynptr', (r) => setResult(r, reserve(machine, r))),
    entry('ringbuf_submit_dynptr', (r) => commit(machine, r, false)),
    entry('ringbuf_discard_dynptr', (r) => commit(machine, r, true)),
  ];
}

/** The dynptr an argument points to. */
export function dynptrArgument(machine: Machine, r: Int32Array, n: number): Dynptr {
  return readDynptr(machine.memory, memoryArgument(machine, r, n, DYNPTR_SIZE));
}

/** r1 memory, r2 its size, r3 flags, r4 the dynptr made. */
function fromMemory(machine: Machine, r: Int32Array): number {
  const size = r[4]! >>> 0;
  const target = memoryArgument(machine, r, 4, DYNPTR_SIZE, true);
  const problem = size > DYNPTR_MAX_SIZE ? E2BIG : flagsArgument(r, 3) === 0 ? 0 : EINVAL;
  if (problem !== 0) {
    clearDynptr(machine.memory, target);
    return problem;
  }
  const start = memoryArgument(machine, r, 1, size);
  writeDynptr(machine.memory, target, {
    data: start,
    type: DynptrType.local,
    readOnly: false,
    offset: 0,
    size,
  });
  return 0;
}

/** r1 target, r2 length, r3 dynptr, r4 offset, r5 flags. */
function read(machine: Machine, r: Int32Array): number {
  const length = r[4]! >>> 0;
  const target = memoryArgument(machine, r, 1, length, true);
  const dynptr = dynptrArgument(machine, r, 3);
  const offset = r[8]! >>> 0;
  if (dynptr.data === 0 || flagsArgument(r, 5) !== 0) return EINVAL;
  const problem = rangeProblem(dynptr, offset, length);
  if (problem !== 0) return problem;
  return readBytes(machine, dynptr, offset, target, length);
}

/** r1 dynptr, r2 offset, r3 source, r4 length, r5 flags. */
function write(machine: Machine, r: Int32Array): number {
  const dynptr = dynptrArgument(machine, r, 1);
  const offset = r[4]! >>> 0;
  const length = r[8]! >>> 0;
  const source = memoryArgument(machine, r, 3, length);
  return writeBytes(machine, dynptr, offset, source, length, flagsArgument(r, 5));
}

/** Without any check. */
export function readBytes(
  machine: Machine,
  dynptr: Dynptr,
  offset: number,
  target: LinearAddress,
  length: number,
): number {
  if (isPacket(dynptr)) {
    const { packetDynptrs } = machine;
    return packetDynptrs?.read(dynptr.data, dynptr.offset + offset, target, length) ?? EINVAL;
  }
  const from = dynptr.data + dynptr.offset + offset;
  machine.memory.u8.copyWithin(target, from, from + length);
  return 0;
}

/** `__bpf_dynptr_write`; flags are for packets. */
export function writeBytes(
  machine: Machine,
  dynptr: Dynptr,
  offset: number,
  source: LinearAddress,
  length: number,
  flags: number,
): number {
  if (dynptr.data === 0 || dynptr.readOnly) return EINVAL;
  const problem = rangeProblem(dynptr, offset, length);
  if (problem !== 0) return problem;
  if (isPacket(dynptr)) {
    const { packetDynptrs } = machine;
    return packetDynptrs?.write(dynptr.data, dynptr.offset + offset, source, length, flags) ?? EINVAL;
  }
  if (flags !== 0) return EINVAL;
  machine.memory.u8.copyWithin(dynptr.data + dynptr.offset + offset, source, source + length);
  return 0;
}

export function isPacket({ type }: Dynptr): boolean {
  return type === DynptrType.skb || type === DynptrType.xdp;
}

/** r1 dynptr, r2 offset, r3 length. */
function data(machine: Machine, r: Int32Array): LinearAddress {
  const dynptr = dynptrArgument(machine, r, 1);
  const offset = r[4]! >>> 0;
  if (dynptr.data === 0 || dynptr.readOnly || isPacket(dynptr)) return 0;
  if (rangeProblem(dynptr, offset, r[6]! >>> 0) !== 0) return 0;
  return dynptr.data + dynptr.offset + offset;
}

/** r1 ring, r2 size, r3 flags, r4 the dynptr made. */
function reserve(machine: Machine, r: Int32Array): number {
  const ring = ringArgument(machine, r);
  const size = r[4]! >>> 0;
  const target = memoryArgument(machine, r, 4, DYNPTR_SIZE, true);
  clearDynptr(machine.memory, target);
  if (flagsArgument(r, 3) !== 0) return EINVAL;
  if (size > DYNPTR_MAX_SIZE) return E2BIG;
  const record = ring.reserve(size);
  if (record === 0) return EINVAL;
  writeDynptr(machine.memory, target, {
    data: record,
    type: DynptrType.ringbuf,
    readOnly: false,
    offset: 0,
    size,
  });
  return 0;
}

/** What failed to reserve is given back too, and is nothing. The dynptr is void afterwards. */
function commit(machine: Machine, r: Int32Array, discard: boolean): void {
  const at = memoryArgument(machine, r, 1, DYNPTR_SIZE, true);
  const { data: record } = readDynptr(machine.memory, at);
  if (record !== 0) commitRecord(machine, record, discard);
  clearDynptr(machine.memory, at);
  setResultPair(r, 0, 0);
}
