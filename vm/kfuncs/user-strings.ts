/** Copies into memory and into dynptrs, which may sleep or may not (kernel/bpf/helpers.c, kernel/trace/bpf_trace.c). */
import type { LinearAddress } from '../address.ts';
import { rangeProblem } from '../dynptr.ts';
import { E2BIG, EFAULT, EINVAL } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import { memoryArgument } from '../helpers/arguments.ts';
import { dynptrArgument, isPacket, writeBytes } from '../helpers/dynptr.ts';
import { failure, readableBytes, type Side } from '../helpers/probe-read.ts';
import type { Machine } from '../machine.ts';
import type { KfuncEntry } from './entry.ts';

/** BPF_F_PAD_ZEROS */
const PAD_ZEROS = 1;
/** The longest string read into a packet. */
const STAGE = 4096;

export function userStringKfuncs(machine: Machine): readonly KfuncEntry[] {
  const stage = machine.memory.allocate(STAGE, 'a string on its way');
  const into = (name: string, side: Side, isText: boolean): KfuncEntry => [
    name,
    (r) => setResult(r, toDynptr(machine, r, side, isText, stage)),
  ];
  return [
    ['bpf_copy_from_user_str', (r) => setResult(r, copyString(machine, r, r[8]!, r[9]!))],
    ['bpf_copy_from_user_task_str', (r) => setResult(r, copyString(machine, r, r[10]!, r[11]!))],
    into('bpf_probe_read_user_dynptr', 'user', false),
    into('bpf_probe_read_kernel_dynptr', 'kernel', false),
    into('bpf_probe_read_user_str_dynptr', 'user', true),
    into('bpf_probe_read_kernel_str_dynptr', 'kernel', true),
    into('bpf_copy_from_user_dynptr', 'user', false),
    into('bpf_copy_from_user_str_dynptr', 'user', true),
    into('bpf_copy_from_user_task_dynptr', 'user', false),
    into('bpf_copy_from_user_task_str_dynptr', 'user', true),
  ];
}

/** r1 target, r2 its size, r3 source. Length with the end mark. */
function copyString(machine: Machine, r: Int32Array, flags: number, flagsHigh: number): number {
  const size = r[4]! >>> 0;
  const target = memoryArgument(machine, r, 1, size, true);
  const pads = (flags & PAD_ZEROS) !== 0;
  if (flagsHigh !== 0 || flags >>> 0 > PAD_ZEROS) return EINVAL;
  if (size === 0) return 0;
  const { u8 } = machine.memory;
  const length = stringLength(machine, r, 'user', size - 1);
  if (length < 0) {
    if (pads) u8.fill(0, target, target + size);
    return EFAULT;
  }
  u8.copyWithin(target, r[6]!, r[6]! + length);
  u8.fill(0, target + length, target + (pads ? size : length + 1));
  return length + 1;
}

/** r1 dynptr, r2 offset, r3 size, r4 source. Strings: length with the end mark. */
function toDynptr(
  machine: Machine,
  r: Int32Array,
  side: Side,
  isText: boolean,
  stage: LinearAddress,
): number {
  const dynptr = dynptrArgument(machine, r, 1);
  const [offset, size] = [r[4]! >>> 0, r[6]! >>> 0];
  if (dynptr.data === 0 || rangeProblem(dynptr, offset, size) !== 0) return E2BIG;
  if (dynptr.readOnly || (isPacket(dynptr) && size > STAGE)) return EINVAL;
  const { u8 } = machine.memory;
  const source = r[8]!;
  const target = isPacket(dynptr) ? stage : dynptr.data + dynptr.offset + offset;
  // The source is where the helpers that read have it.
  r[6] = source;
  r[7] = r[9]!;
  const length = isText ? stringLength(machine, r, side, size - 1) : size;
  if (length < 0 || (!isText && readableBytes(machine, r, side) < size)) return failure(r, side);
  if (size === 0) return 0;
  u8.copyWithin(target, source, source + length);
  if (isText) u8[target + length] = 0;
  const written = isText ? length + 1 : length;
  if (!isPacket(dynptr)) return isText ? written : 0;
  return writeBytes(machine, dynptr, offset, stage, written, 0) || (isText ? written : 0);
}

/** Bytes before the end mark of the string r3 points to, at most `limit`; -1 where it cannot be read. */
function stringLength(machine: Machine, r: Int32Array, side: Side, limit: number): number {
  const bytes = readableBytes(machine, r, side);
  const { u8 } = machine.memory;
  for (let length = 0; length < limit; length++) {
    if (length >= bytes) return -1;
    if (u8[r[6]! + length] === 0) return length;
  }
  return bytes === 0 ? -1 : Math.max(0, limit);
}
