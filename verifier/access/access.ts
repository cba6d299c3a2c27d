/** Loads and stores through a register: which kind of memory it is, and whether the access is in it (`check_mem_access`). */
import type { Environment } from '../environment.ts';
import { cannotWriteInto, invalidMemoryAccess, leaksAddress } from '../messages.gen.ts';
import type { Register } from '../state/register.ts';
import { Flag, Kind, typeText } from '../state/register-kind.ts';
import { checkAlignment } from './alignment.ts';
import { accessBtfPointer, accessMapPointer } from './btf-pointer.ts';
import { accessBuffer, accessTracepointBuffer } from './buffer.ts';
import { accessContext } from './context.ts';
import { loadUnknown, narrowLoaded } from './loaded.ts';
import { accessMapKey, accessMapValue } from './map-value.ts';
import { accessFlowKeys, accessPacket } from './packet.ts';
import { checkRegion } from './region.ts';
import { accessSocket } from './socket.ts';
import { accessStack } from './stack.ts';

export type AccessKind = 'read' | 'write';

export interface MemoryAccess {
  readonly kind: AccessKind;
  /** Register that holds the address. */
  readonly base: number;
  readonly off: number;
  readonly size: 1 | 2 | 4 | 8;
  /** Register read into or written from; -1: none (an immediate is stored, or an atomic operation checks only). */
  readonly value: number;
  /** Alignment is demanded whatever the machine (`strict_alignment_once`). */
  readonly strict?: boolean;
  /** The value is sign-extended when loaded. */
  readonly signExtend?: boolean;
}

/** Checks one access of the instruction at `env.slot`, and does it to the state. @throws Rejection */
export function checkMemoryAccess(env: Environment, access: MemoryAccess): void {
  const register = env.register(access.base);
  checkAlignment(env, register, access.off, access.size, access.strict ?? false);
  dispatch(env, access, register, access.off + register.off);
  if (access.kind === 'read' && access.value >= 0 && access.size < 8) {
    narrowLoaded(env, access.value, access.size as 1 | 2 | 4, access.signExtend ?? false);
  }
}

/** `off`: with the fixed part of the register's own offset. */
function dispatch(env: Environment, access: MemoryAccess, register: Register, off: number): void {
  const plain = register.flags === 0;
  switch (register.kind) {
    case Kind.stack:
      if (!plain) break;
      accessStack(env, access, register, off);
      return;
    case Kind.mapValue:
      if (!plain) break;
      accessMapValue(env, access, register, off);
      return;
    case Kind.mapKey:
      if (!plain) break;
      accessMapKey(env, access, register, off);
      return;
    case Kind.mem:
      accessMem(env, access, register, off);
      return;
    case Kind.ctx:
      if (!plain) break;
      accessContext(env, access, register, off);
      return;
    case Kind.packet:
    case Kind.packetMeta:
      accessPacket(env, access, register, off);
      return;
    case Kind.flowKeys:
      if (!plain) break;
      accessFlowKeys(env, access, off);
      return;
    case Kind.socket:
    case Kind.sockCommon:
    case Kind.tcpSock:
    case Kind.xdpSock:
      if (!plain) break;
      accessSocket(env, access, register, off);
      return;
    case Kind.tpBuffer:
      if (!plain) break;
      accessTracepointBuffer(env, access, register, off);
      return;
    case Kind.btfId:
      if (register.maybeNull) break;
      accessBtfPointer(env, access, register, off);
      return;
    case Kind.mapPtr:
      if (!plain) break;
      accessMapPointer(env, access, register, off);
      return;
    case Kind.buf:
      if (register.maybeNull) break;
      accessBuffer(env, access, register, off);
      return;
    case Kind.arena:
      if (!plain) break;
      loadUnknown(env, access);
      return;
  }
  throw invalidMemoryAccess({ register: access.base, type: typeText(register.kind, register.flags) });
}

/** mem: a ring buffer record, a slice, an argument of a global function, a variable. */
function accessMem(env: Environment, access: MemoryAccess, register: Register, off: number): void {
  const { base } = access;
  if (register.maybeNull) throw invalidMemoryAccess({ register: base, type: typeOf(register) });
  const readOnly = register.has(Flag.readOnly);
  if (access.kind === 'write' && readOnly) {
    throw cannotWriteInto({ register: base, type: typeOf(register) });
  }
  refuseLeak(env, access, 'mem');
  // Untrusted memory is read by instructions that may fault: any offset will do.
  if (!(readOnly && register.has(Flag.untrusted))) {
    const size = register.detail?.kind === 'mem' ? register.detail.size : 0;
    checkRegion(env, access.base, off, access.size, size, false);
  }
  loadUnknown(env, access);
}

function typeOf({ kind, flags }: Register): string {
  return typeText(kind, flags);
}

/** A pointer stored where others see it (`is_pointer_value`). @throws Rejection */
export function refuseLeak(env: Environment, access: MemoryAccess, where: string): void {
  if (env.privileged || access.kind === 'read' || access.value < 0) return;
  if (env.register(access.value).kind !== Kind.scalar) throw leaksAddress({ register: access.value, where });
}
