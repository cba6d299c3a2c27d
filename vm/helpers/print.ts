/** `bpf_snprintf`, and what the helpers that print for programs share: where their format and values are. */
import type { LinearAddress } from '../address.ts';
import { EINVAL } from '../errno.ts';
import { setResult } from '../helper-port.ts';
import type { Machine } from '../machine.ts';
import { entry, type HelperEntry, memoryArgument, sizeArgument } from './arguments.ts';
import { bprintf, type PrintValues } from './bprintf.ts';

/** MAX_BPRINTF_VARARGS of eight bytes. */
const MOST_VALUE_BYTES: number = 12 * 8;

export function printHelpers(machine: Machine): readonly HelperEntry[] {
  return [entry('snprintf', (r) => setResult(r, snprintf(machine, r)))];
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
  const { u8 } = machine.memory;
  if (size > 0) {
    for (let index = 0; index < printed.text.length; index++)
      u8[target + index] = printed.text.charCodeAt(index);
    u8[target + printed.text.length] = 0;
  }
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
