/** Helpers of XDP programs on their frame (net/core/filter.c). */
import { EFAULT, EINVAL } from '../../../vm/errno.ts';
import { setResult } from '../../../vm/helper-port.ts';
import { entry, type HelperEntry, memoryArgument } from '../../../vm/helpers/arguments.ts';
import type { XdpState } from '../packet-state.ts';
import type { XdpBuffer } from '../xdp-buffer.ts';

const LARGEST = 0xffff;

export function xdpHelpers(state: XdpState): readonly HelperEntry[] {
  const { packet } = state;
  return [
    entry('xdp_adjust_head', (r) => setResult(r, packet.adjustHead(r[4]!))),
    entry('xdp_adjust_tail', (r) => setResult(r, packet.adjustTail(r[4]!))),
    entry('xdp_adjust_meta', (r) => setResult(r, packet.adjustMeta(r[4]!))),
    entry('xdp_get_buff_len', (r) => setResult(r, packet.length)),
    entry('xdp_load_bytes', (r) => setResult(r, copy(state, r, false))),
    entry('xdp_store_bytes', (r) => setResult(r, copy(state, r, true))),
  ];
}

/** `bpf_xdp_pointer`: are so many bytes there? */
export function xdpBytesProblem({ length }: XdpBuffer, offset: number, size: number): number {
  if (offset > LARGEST || size > LARGEST) return EFAULT;
  return offset + size > length ? EINVAL : 0;
}

/** r2 offset, r3 buffer, r4 its size. */
function copy({ machine, packet }: XdpState, r: Int32Array, store: boolean): number {
  const [offset, size] = [r[4]! >>> 0, r[8]! >>> 0];
  const buffer = memoryArgument(machine, r, 3, size, !store);
  const problem = xdpBytesProblem(packet, offset, size);
  if (problem !== 0) return problem;
  const at = packet.data + offset;
  const { u8 } = machine.memory;
  if (store) u8.copyWithin(at, buffer, buffer + size);
  else u8.copyWithin(buffer, at, at + size);
  return 0;
}
