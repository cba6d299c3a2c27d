/** Packet data, packet metadata and flow keys. */
import type { ProgramTypeName } from '../../bpf/programs.ts';
import type { Environment } from '../environment.ts';
import { flowKeysOutside, minimumNegative, packetOutside, packetWritten } from '../messages.gen.ts';
import type { Register } from '../state/register.ts';
import { type AccessKind, type MemoryAccess, refuseLeak } from './access.ts';
import { loadUnknown } from './loaded.ts';
import { isInside } from './region.ts';

/** `sizeof(struct bpf_flow_keys)`. */
const FLOW_KEYS_SIZE = 56;

const READERS: ReadonlySet<ProgramTypeName> = new Set<ProgramTypeName>([
  'lwt_in',
  'lwt_out',
  'lwt_seg6local',
  'sk_reuseport',
  'flow_dissector',
  'cgroup_skb',
]);

const WRITERS: ReadonlySet<ProgramTypeName> = new Set<ProgramTypeName>([
  'sched_cls',
  'sched_act',
  'xdp',
  'lwt_xmit',
  'sk_skb',
  'sk_msg',
  'cgroup_sockopt',
]);

/** May programs of this type do so (`may_access_direct_pkt_data` without a call)? */
export function mayAccessPacket(env: Environment, kind: AccessKind): boolean {
  const { name } = env.type;
  return WRITERS.has(name) || (kind === 'read' && READERS.has(name));
}

/** @param off with the register's fixed offset. @throws Rejection */
export function accessPacket(env: Environment, access: MemoryAccess, register: Register, off: number): void {
  if (access.kind === 'write' && !mayAccessPacket(env, 'write')) throw packetWritten({});
  refuseLeak(env, access, 'packet');
  checkPacket(env, register, access.base, off, access.size, false);
  loadUnknown(env, access);
}

/** Are the bytes proved to be in the packet (`check_packet_access`)? What was proved counts from after the variable offset. */
export function checkPacket(
  env: Environment,
  register: Register,
  number: number,
  off: number,
  size: number,
  zeroAllowed: boolean,
): void {
  const { smin } = register.scalar;
  if (smin.isNegative()) {
    throw minimumNegative({ register: number, off, size, limit: register.extra, min: smin.toString() });
  }
  const proved = register.extra;
  if (proved < 0 || !isInside(env, number, register, off, size, proved, zeroAllowed)) {
    throw packetOutside({ register: number, off, size, proved });
  }
}

/** @throws Rejection */
export function accessFlowKeys(env: Environment, access: MemoryAccess, off: number): void {
  refuseLeak(env, access, 'flow keys');
  const { size } = access;
  if (off < 0 || off + size > FLOW_KEYS_SIZE) throw flowKeysOutside({ off, size });
  loadUnknown(env, access);
}
