/** Fields of sockets as programs see them (`check_sock_access`). */
import type { Environment } from '../environment.ts';
import { cannotWriteInto, minimumNegative, socketAccess } from '../messages.gen.ts';
import type { Register } from '../state/register.ts';
import { Kind, typeText } from '../state/register-kind.ts';
import type { MemoryAccess } from './access.ts';
import { allowsAccess, rowAt } from './context-row.ts';
import { loadUnknown } from './loaded.ts';
import { SOCK_COMMON_ROWS, SOCK_ROWS, TCP_SOCK_ROWS, XDP_SOCK_ROWS } from './socket-rows.ts';

/** @param off with the register's fixed offset. @throws Rejection */
export function accessSocket(env: Environment, access: MemoryAccess, register: Register, off: number): void {
  const type = typeText(register.kind, register.flags);
  if (access.kind === 'write') throw cannotWriteInto({ register: access.base, type });
  const { smin } = register.scalar;
  const { size } = access;
  if (smin.isNegative()) {
    throw minimumNegative({ register: access.base, off, size, min: smin.toString() });
  }
  const row = rowAt(rowsOf(register), off);
  if (row === undefined || !allowsAccess(row, off, size, 'read')) {
    throw socketAccess({ register: access.base, type, off, size });
  }
  loadUnknown(env, access);
}

function rowsOf(register: Register) {
  switch (register.kind) {
    case Kind.sockCommon:
      return SOCK_COMMON_ROWS;
    case Kind.tcpSock:
      return TCP_SOCK_ROWS;
    case Kind.xdpSock:
      return XDP_SOCK_ROWS;
    default:
      return SOCK_ROWS;
  }
}
