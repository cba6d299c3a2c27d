/** Kernel functions about dynptrs (kernel/bpf/helpers.c, kernel/trace/bpf_trace.c). */
import type { LinearAddress } from '../address.ts';
import { clearDynptr, DYNPTR_SIZE, type Dynptr, rangeProblem, readDynptr, writeDynptr } from '../dynptr.ts';
import { E2BIG, EINVAL, ERANGE } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import { memoryArgument, setPointer } from '../helpers/arguments.ts';
import { dynptrArgument, isPacket, readBytes, writeBytes } from '../helpers/dynptr.ts';
import type { Machine } from '../machine.ts';
import { type KfuncEntry, pointerArgument, setFlag, setUnsigned } from './entry.ts';

/** Bytes copied at a time from a packet to another. */
const CHUNK = 256;

export function dynptrKfuncs(machine: Machine): readonly KfuncEntry[] {
  const chunk = machine.memory.allocate(CHUNK, 'a chunk of a packet');
  const argument = (r: Int32Array, n: number): Dynptr => dynptrArgument(machine, r, n);
  return [
    ['bpf_dynptr_slice', (r) => setPointer(r, slice(machine, r, argument(r, 1)))],
    [
      'bpf_dynptr_slice_rdwr',
      (r) => {
        const dynptr = argument(r, 1);
        setPointer(r, dynptr.readOnly ? 0 : slice(machine, r, dynptr));
      },
    ],
    ['bpf_dynptr_adjust', (r) => setResult(r, adjust(machine, r))],
    ['bpf_dynptr_is_null', (r) => setFlag(r, argument(r, 1).data === 0)],
    [
      'bpf_dynptr_is_rdonly',
      (r) => {
        const { data, readOnly } = argument(r, 1);
        setFlag(r, data !== 0 && readOnly);
      },
    ],
    [
      'bpf_dynptr_size',
      (r) => {
        const { data, size } = argument(r, 1);
        setUnsigned(r, data === 0 ? EINVAL : size);
      },
    ],
    ['bpf_dynptr_clone', (r) => setResult(r, clone(machine, r))],
    ['bpf_dynptr_copy', (r) => setResult(r, copy(machine, r, chunk))],
    ['bpf_dynptr_memset', (r) => setResult(r, fill(machine, r, chunk))],
  ];
}

/** r1 dynptr, r2 offset, r3 buffer or NULL, r4 its size: the bytes where they are, or a copy in the buffer. */
function slice(machine: Machine, r: Int32Array, dynptr: Dynptr): LinearAddress {
  const offset = r[4]! >>> 0;
  const length = r[8]! >>> 0;
  if (dynptr.data === 0 || rangeProblem(dynptr, offset, length) !== 0) return 0;
  if (!isPacket(dynptr)) return dynptr.data + dynptr.offset + offset;
  const buffer = pointerArgument(r, 3);
  return machine.packetDynptrs?.slice(dynptr.data, dynptr.offset + offset, buffer, length) ?? 0;
}

/** r1 dynptr, r2 start, r3 end: it becomes that part of itself. */
function adjust(machine: Machine, r: Int32Array): number {
  const at = memoryArgument(machine, r, 1, DYNPTR_SIZE);
  const dynptr = readDynptr(machine.memory, at);
  const [start, end] = [r[4]! >>> 0, r[6]! >>> 0];
  if (dynptr.data === 0 || start > end) return EINVAL;
  if (end > dynptr.size) return ERANGE;
  writeDynptr(machine.memory, at, { ...dynptr, offset: dynptr.offset + start, size: end - start });
  return 0;
}

/** r1 dynptr, r2 the copy. */
function clone(machine: Machine, r: Int32Array): number {
  const dynptr = dynptrArgument(machine, r, 1);
  const target = memoryArgument(machine, r, 2, DYNPTR_SIZE, true);
  if (dynptr.data === 0) {
    clearDynptr(machine.memory, target);
    return EINVAL;
  }
  writeDynptr(machine.memory, target, dynptr);
  return 0;
}

/** r1 target, r2 offset there, r3 source, r4 offset there, r5 length. */
function copy(machine: Machine, r: Int32Array, chunk: LinearAddress): number {
  const target = dynptrArgument(machine, r, 1);
  const source = dynptrArgument(machine, r, 3);
  const [to, from, length] = [r[4]! >>> 0, r[8]! >>> 0, r[10]! >>> 0];
  if (target.data === 0 || source.data === 0 || target.readOnly) return EINVAL;
  if (rangeProblem(source, from, length) !== 0 || rangeProblem(target, to, length) !== 0) return E2BIG;
  if (!isPacket(source)) {
    return writeBytes(machine, target, to, source.data + source.offset + from, length, 0);
  }
  for (let done = 0; done < length; done += CHUNK) {
    const part = Math.min(CHUNK, length - done);
    const problem =
      readBytes(machine, source, from + done, chunk, part) ||
      writeBytes(machine, target, to + done, chunk, part, 0);
    if (problem !== 0) return problem;
  }
  return 0;
}

/** r1 dynptr, r2 offset, r3 length, r4 byte. */
function fill(machine: Machine, r: Int32Array, chunk: LinearAddress): number {
  const target = dynptrArgument(machine, r, 1);
  const [offset, length] = [r[4]! >>> 0, r[6]! >>> 0];
  if (target.data === 0 || target.readOnly) return EINVAL;
  const problem = rangeProblem(target, offset, length);
  if (problem !== 0) return problem;
  machine.memory.u8.fill(r[8]! & 0xff, chunk, chunk + CHUNK);
  for (let done = 0; done < length; done += CHUNK) {
    const failed = writeBytes(machine, target, offset + done, chunk, Math.min(CHUNK, length - done), 0);
    if (failed !== 0) return failed;
  }
  return 0;
}
