/** How far a pointer can be trusted to point to a living object (`is_trusted_reg`, `is_rcu_reg`). */
import type { Register } from '../state/register.ts';
import { Flag, Kind, type RegisterKind } from '../state/register-kind.ts';

const TRUST = Flag.alloc | Flag.trusted | Flag.nonOwning;

/** Structures of the kernel behind kinds that have a name of their own (`reg2btf_ids`); undefined: none. */
export function kernelStructureOf(kind: RegisterKind): string | undefined {
  switch (kind) {
    case Kind.socket:
      return 'sock';
    case Kind.sockCommon:
      return 'sock_common';
    case Kind.tcpSock:
      return 'tcp_sock';
    case Kind.mapPtr:
      return 'bpf_map';
    default:
      return undefined;
  }
}

/** Flags besides those that make a pointer trusted: null, RCU, user memory, ... (`bpf_type_has_unsafe_modifiers`). */
export function hasUnsafeFlags({ flags }: Register): boolean {
  return (flags & ~TRUST) !== 0;
}

/** Good until the read-side section ends. */
export function isRcu(register: Register): boolean {
  return (register.flags & Flag.rcu) !== 0;
}

/** Flags of trust only. */
export function trustFlags({ flags }: Register): number {
  return flags & TRUST;
}
