/** Is the access at a multiple of its size (`check_ptr_alignment`)? */
import type { Environment } from '../environment.ts';
import { misalignedAccess, misalignedPacketAccess } from '../messages.gen.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { Int64 } from '../value/int64.ts';
import { Tnum } from '../value/tnum.ts';
import { offsetText } from './offset-text.ts';

/** Bytes that drivers leave before the packet so that the IP header is aligned (`NET_IP_ALIGN`). */
const PACKET_ALIGN = 2;

/** @param off without the register's own offset. @throws Rejection */
export function checkAlignment(
  env: Environment,
  register: Register,
  off: number,
  size: number,
  once: boolean,
): void {
  if (size === 1) return;
  const plain = register.flags === 0;
  const strict = env.strictAlignment || once;
  // What spills and fills know of the stack counts in slots: it is aligned on every machine.
  if (!strict && !(plain && register.kind === Kind.stack)) return;
  if (plain && (register.kind === Kind.packet || register.kind === Kind.packetMeta)) {
    checkPacketAlignment(env, register, off, size);
    return;
  }
  if (register.kind === Kind.arena || isAligned(register, off, size)) return;
  throw misalignedAccess({
    what: plain ? (NAMES[register.kind] ?? '') : '',
    variable: offsetText(env, register),
    fixed: register.off,
    off,
    size,
  });
}

function checkPacketAlignment(env: Environment, register: Register, off: number, size: number): void {
  if (isAligned(register, off + PACKET_ALIGN, size)) return;
  throw misalignedPacketAccess({
    align: PACKET_ALIGN,
    variable: offsetText(env, register),
    fixed: register.off,
    off,
    size,
  });
}

function isAligned(register: Register, off: number, size: number): boolean {
  const fixed = register.off + off;
  const { bits } = register.scalar;
  if (bits.mask.isZero()) return ((bits.value.lo + fixed) & (size - 1)) === 0;
  return bits.add(Tnum.constant(Int64.fromNumber(fixed))).isAligned(size);
}

const NAMES: Readonly<Record<number, string>> = {
  [Kind.flowKeys]: 'flow keys ',
  [Kind.mapKey]: 'key ',
  [Kind.mapValue]: 'value ',
  [Kind.ctx]: 'context ',
  [Kind.stack]: 'stack ',
  [Kind.socket]: 'sock ',
  [Kind.sockCommon]: 'sock_common ',
  [Kind.tcpSock]: 'tcp_sock ',
  [Kind.xdpSock]: 'xdp_sock ',
};
