/** Reading and writing bytes of an skb (net/core/filter.c). */
import type { LinearAddress } from '../../../vm/address.ts';
import { EFAULT, EINVAL, ENOMEM } from '../../../vm/errno.ts';
import { setResult } from '../../../vm/helper-port.ts';
import { entry, flagsArgument, type HelperEntry, memoryArgument } from '../../../vm/helpers/arguments.ts';
import type { SkbState } from '../packet-state.ts';

const RECOMPUTE_CSUM = 1;
const INVALIDATE_HASH = 2;
/** `enum bpf_hdr_start_off`. */
const HEADER = { mac: 0, network: 1 } as const;
const LARGEST_RELATIVE = 0xffff;

export function skbByteHelpers(state: SkbState): readonly HelperEntry[] {
  return [
    entry('skb_load_bytes', (r) => setResult(r, loadBytes(state, r))),
    entry('skb_load_bytes_relative', (r) => setResult(r, loadRelative(state, r))),
    entry('skb_store_bytes', (r) => setResult(r, storeBytes(state, r))),
    entry('skb_pull_data', (r) => setResult(r, pullData(state, r))),
  ];
}

/** r2 offset, r3 buffer, r4 its size. The buffer becomes zero when the packet does not have so many bytes. */
function loadBytes(state: SkbState, r: Int32Array): number {
  const { packet } = state;
  const offset = r[4]!;
  const inside = offset >= 0 && packet.length - offset >= r[8]! >>> 0;
  return copyOut(state, r, inside ? packet.data + offset : 0);
}

/** r2 offset, r3 buffer, r4 its size, r5 the header to count from. */
function loadRelative(state: SkbState, r: Int32Array): number {
  const { packet } = state;
  const offset = r[4]! >>> 0;
  const start = headerAt(state, r[10]!);
  const from = start + offset;
  const inside = start > 0 && offset <= LARGEST_RELATIVE && from + (r[8]! >>> 0) <= packet.end;
  return copyOut(state, r, inside ? from : 0);
}

/** 0: there is no such header. */
function headerAt({ packet }: SkbState, which: number): number {
  if (which === HEADER.mac) return packet.macHeader;
  return which === HEADER.network ? packet.networkHeader : 0;
}

/** r3 buffer, r4 its size; `from` 0 is nowhere. */
function copyOut({ machine }: SkbState, r: Int32Array, from: number): number {
  const size = r[8]! >>> 0;
  const to = memoryArgument(machine, r, 3, size, true);
  const { u8 } = machine.memory;
  if (from === 0) {
    u8.fill(0, to, to + size);
    return EFAULT;
  }
  u8.copyWithin(to, from, from + size);
  return 0;
}

/** r2 offset, r3 bytes, r4 how many, r5 flags. */
function storeBytes(state: SkbState, r: Int32Array): number {
  const size = r[8]! >>> 0;
  const from = memoryArgument(state.machine, r, 3, size);
  return storeSkbBytes(state, r[4]!, from, size, flagsArgument(r, 5));
}

/** `flags` -1: such as nobody knows. */
export function storeSkbBytes(
  { machine, packet }: SkbState,
  offset: number,
  from: LinearAddress,
  size: number,
  flags: number,
): number {
  if (flags < 0 || (flags & ~(RECOMPUTE_CSUM | INVALIDATE_HASH)) !== 0) return EINVAL;
  if (offset < 0 || !packet.has(offset + size)) return EFAULT;
  const to = packet.data + offset;
  machine.memory.u8.copyWithin(to, from, from + size);
  if ((flags & INVALIDATE_HASH) !== 0) {
    packet.hash = 0;
    packet.tell();
  }
  return 0;
}

/** r2 length; all bytes are in one piece already. */
function pullData({ packet }: SkbState, r: Int32Array): number {
  return packet.has(r[4]! >>> 0) ? 0 : ENOMEM;
}
