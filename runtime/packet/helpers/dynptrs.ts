/** Dynptrs to packets: `bpf_dynptr_from_skb`, `bpf_dynptr_from_xdp`, and how they are read and written. */
import type { LinearAddress } from '../../../vm/address.ts';
import {
  clearDynptr,
  DYNPTR_SIZE,
  type DynptrKind,
  DynptrType,
  type PacketDynptrs,
  writeDynptr,
} from '../../../vm/dynptr.ts';
import { EFAULT, EINVAL } from '../../../vm/errno.ts';
import { setResult } from '../../../vm/helper-port.ts';
import { flagsArgument, memoryArgument } from '../../../vm/helpers/arguments.ts';
import type { KfuncTable } from '../../../vm/kfunc-port.ts';
import type { PacketState, SkbState, XdpState } from '../packet-state.ts';
import { storeSkbBytes } from './skb-bytes.ts';
import { xdpBytesProblem } from './xdp.ts';

/** `readOnly`: for programs that may not write to their packet. */
export function packetKfuncs(state: PacketState, readOnly: boolean): KfuncTable {
  const [name, type] =
    state.packet.kind === 'xdp'
      ? (['bpf_dynptr_from_xdp', DynptrType.xdp] as const)
      : (['bpf_dynptr_from_skb', DynptrType.skb] as const);
  return new Map([[name, (r) => setResult(r, makeDynptr(state, r, type, readOnly))]]);
}

/** r1 context, r2 flags, r3 dynptr. */
function makeDynptr(
  { machine, packet }: PacketState,
  r: Int32Array,
  type: DynptrKind,
  readOnly: boolean,
): number {
  const at = memoryArgument(machine, r, 3, DYNPTR_SIZE, true);
  if (flagsArgument(r, 2) !== 0) {
    clearDynptr(machine.memory, at);
    return EINVAL;
  }
  const { address } = packet.context;
  writeDynptr(machine.memory, at, { data: address, type, readOnly, offset: 0, size: packet.length });
  return 0;
}

export class SkbDynptrs implements PacketDynptrs {
  readonly #state: SkbState;

  constructor(state: SkbState) {
    this.#state = state;
  }

  read(_context: LinearAddress, offset: number, target: LinearAddress, length: number): number {
    const from = this.slice(_context, offset, 0, length);
    const { u8 } = this.#state.machine.memory;
    if (from === 0) u8.fill(0, target, target + length);
    else u8.copyWithin(target, from, from + length);
    return from === 0 ? EFAULT : 0;
  }

  write(
    _context: LinearAddress,
    offset: number,
    source: LinearAddress,
    length: number,
    flags: number,
  ): number {
    return storeSkbBytes(this.#state, offset, source, length, flags);
  }

  slice(_context: LinearAddress, offset: number, _buffer: LinearAddress, length: number): LinearAddress {
    const { packet } = this.#state;
    return packet.has(offset + length) ? packet.data + offset : 0;
  }
}

export class XdpDynptrs implements PacketDynptrs {
  readonly #state: XdpState;

  constructor(state: XdpState) {
    this.#state = state;
  }

  read(_context: LinearAddress, offset: number, target: LinearAddress, length: number): number {
    const { machine, packet } = this.#state;
    const problem = xdpBytesProblem(packet, offset, length);
    if (problem !== 0) return problem;
    const from = packet.data + offset;
    machine.memory.u8.copyWithin(target, from, from + length);
    return 0;
  }

  write(
    _context: LinearAddress,
    offset: number,
    source: LinearAddress,
    length: number,
    flags: number,
  ): number {
    const { machine, packet } = this.#state;
    const problem = flags === 0 ? xdpBytesProblem(packet, offset, length) : EINVAL;
    if (problem !== 0) return problem;
    machine.memory.u8.copyWithin(packet.data + offset, source, source + length);
    return 0;
  }

  slice(_context: LinearAddress, offset: number, _buffer: LinearAddress, length: number): LinearAddress {
    const { packet } = this.#state;
    return xdpBytesProblem(packet, offset, length) === 0 ? packet.data + offset : 0;
  }
}
