/** `bpf_snprintf` and `bpf_snprintf_btf`, and what the helpers that print for programs share: where their format and values are. */
import type { LinearAddress } from '../address.ts';
import { EINVAL, ENOENT } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import type { Memory } from '../memory.ts';
import { entry, flagsArgument, type HelperEntry, memoryArgument, sizeArgument } from './arguments.ts';
import { bprintf, type PrintValues } from './bprintf.ts';
import { TypePrinter } from './type-printer.ts';

/** MAX_BPRINTF_VARARGS of eight bytes. */
const MOST_VALUE_BYTES: number = 12 * 8;

export function printHelpers(machine: Machine): readonly HelperEntry[] {
  return [
    entry('snprintf', (r) => setResult(r, snprintf(machine, r))),
    entry('snprintf_btf', (r) => setResult(r, snprintfBtf(machine, r))),
  ];
}

/** `struct btf_ptr`: address, type, flags. */
const BTF_PTR_SIZE = 16;
const PRINT_FLAGS = 15;

/** r1 text, r2 its size, r3 `struct btf_ptr`, r4 its size, r5 flags. The text's whole length, without its end mark. */
function snprintfBtf(machine: Machine, r: Int32Array): number {
  const size = sizeArgument(machine, r, 2);
  const target = memoryArgument(machine, r, 1, size, true);
  const pointerSize = sizeArgument(machine, r, 4);
  const pointer = memoryArgument(machine, r, 3, pointerSize);
  const flags = flagsArgument(r, 5);
  if (flags < 0 || flags > PRINT_FLAGS || pointerSize !== BTF_PTR_SIZE) return EINVAL;
  const { memory } = machine;
  const type = memory.readLow(pointer + 8);
  const btf = machine.kernelTypes();
  if (btf === undefined) {
    machine.warn('bpf_snprintf_btf: the kernel tells no types here');
    return EINVAL;
  }
  if (type === 0) return EINVAL;
  if (type < 0 || type >= btf.end) return ENOENT;
  const printer = new TypePrinter(memory, btf, flags, Math.max(0, size - 1));
  printer.print(type, memory.readLow(pointer), memory.readHigh(pointer));
  if (printer.printed && size > 0) storeText(memory, target, printer.out.text);
  return printer.status !== 0 ? printer.status : printer.out.length;
}

function storeText({ u8 }: Memory, target: LinearAddress, text: string): void {
  for (let index = 0; index < text.length; index++) u8[target + index] = text.charCodeAt(index);
  u8[target + text.length] = 0;
}

/** r1 text, r2 its size, r3 constant format, r4 values, r5 their bytes. The text's whole length with its end mark. */
function snprintf(machine: Machine, r: Int32Array): number {
  const size = sizeArgument(machine, r, 2);
  const target = memoryArgument(machine, r, 1, size, true);
  const format = constantString(machine, r[6]!, r[7]!);
  const values = valuesArgument(machine, r, 4);
  if (values === undefined) return EINVAL;
  const printed = bprintf(machine.memory, format, values, Math.max(0, size - 1));
  if (typeof printed === 'number') return printed;
  if (size > 0) storeText(machine.memory, target, printed.text);
  return printed.length + 1;
}

/** An array of 64-bit values in argument `n`, its bytes in the next; undefined when there can be none such. */
export function valuesArgument(machine: Machine, r: Int32Array, n: number): PrintValues | undefined {
  const bytes = sizeArgument(machine, r, n + 1);
  const isNull = (r[n * 2]! | r[n * 2 + 1]!) === 0;
  if ((bytes & 7) !== 0 || bytes > MOST_VALUE_BYTES || (bytes > 0 && isNull)) return undefined;
  const start = memoryArgument(machine, r, n, bytes);
  const { view } = machine.memory;
  return {
    count: bytes / 8,
    low: (index) => view.getInt32(start + index * 8, true),
    high: (index) => view.getInt32(start + index * 8 + 4, true),
  };
}

/** The bytes before the first zero in `size` at `address`; undefined when there is none. */
export function endedString(machine: Machine, address: LinearAddress, size: number): string | undefined {
  const bytes = machine.memory.u8.subarray(address, address + size);
  const end = bytes.indexOf(0);
  if (end < 0) return undefined;
  let text = '';
  for (let index = 0; index < end; index++) text += String.fromCharCode(bytes[index]!);
  return text;
}

function constantString(machine: Machine, low: number, high: number): string {
  let text = '';
  for (let at = low; ; at++) {
    machine.checkArgument(at, high, 1, false);
    const byte = machine.memory.u8[at];
    if (byte === undefined || byte === 0) return text;
    text += String.fromCharCode(byte);
  }
}
