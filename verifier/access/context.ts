/** The context: r1 as the program gets it, at constant offsets (`check_ctx_access`). */
import type { KernelRelease } from '../../bpf/kernel-release.ts';
import type { Environment } from '../environment.ts';
import { contextAccess } from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { unknownNumber } from '../state/numbers.ts';
import { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { type AccessKind, type MemoryAccess, refuseLeak } from './access.ts';
import { loadArgument } from './context-arguments.ts';
import { allowsAccess, type ContextPointer, type ContextRow, NARROW, rowAt } from './context-row.ts';
import { CONTEXT_TABLES } from './context-rows.ts';
import { checkPointerOffset } from './pointer-offset.ts';

/** @param off with the register's fixed offset. @throws Rejection */
export function accessContext(env: Environment, access: MemoryAccess, register: Register, off: number): void {
  refuseLeak(env, access, 'ctx');
  checkPointerOffset(env, register, access.base, false);
  const loaded = contextValue(env, access, off);
  if (access.kind === 'read' && access.value >= 0) env.setRegister(access.value, loaded);
}

/** What the explanation of a refused access says of it. */
export function contextFacts(
  env: Environment,
  kind: AccessKind,
): { readonly program: string; readonly verb: string } {
  return { program: env.type.name, verb: kind === 'read' ? 'read' : 'write' };
}

/** What a load gives; an access that is not allowed is refused. */
function contextValue(env: Environment, access: MemoryAccess, off: number): Register {
  const table = CONTEXT_TABLES[env.type.name];
  if (table === undefined) return loadArgument(env, access, off);
  const found = rowAt(table, off);
  if (found === undefined || !isAllowed(env, found, access, off)) {
    throw contextAccess({ off, size: access.size, ...contextFacts(env, access.kind) });
  }
  return found.pointer === undefined ? unknownNumber(env) : pointerOf(env, found.pointer);
}

function isAllowed(env: Environment, found: ContextRow, access: MemoryAccess, off: number): boolean {
  const { kind, size } = access;
  if (!allowsAccess(found, off, size, kind)) return false;
  if (found.plain === true && access.signExtend === true) return false;
  if (!isKnown(env, found, access, off)) return false;
  if (found.only !== undefined && !found.only.includes(env.attachType)) return false;
  if (kind === 'write' && found.writeOnly !== undefined && !found.writeOnly.includes(env.attachType)) {
    return false;
  }
  return env.privileged || isUnprivilegedAccess(env, found, kind);
}

/** This kernel has the field, lets it be written, and read in parts. */
function isKnown(env: Environment, found: ContextRow, access: MemoryAccess, off: number): boolean {
  const { since, writeSince, narrowSince } = found;
  if (since !== undefined && !env.atLeast(since)) return false;
  if (access.kind === 'write') return mayWrite(env, writeSince);
  if (narrowSince !== undefined && access.size < 4 && !env.atLeast(narrowSince)) return false;
  // Before 4.20 a part of a field was read at its start only.
  const inner = access.size < 4 && (off & 3) !== 0 && found.read === NARROW;
  return !inner || env.atLeast('4.20');
}

function mayWrite(env: Environment, since: KernelRelease | undefined): boolean {
  if (since === undefined) return true;
  if (env.type.name === 'kprobe' && env.kernel.config?.kprobeWrites !== true) return false;
  return env.atLeast(since);
}

/** Of cgroup programs on packets the packet itself is for privileged ones. */
function isUnprivilegedAccess(env: Environment, found: ContextRow, kind: AccessKind): boolean {
  if (env.type.name !== 'cgroup_skb') return true;
  if (found.pointer === 'packet' || found.pointer === 'packet-end') return false;
  return kind === 'read' || found.from !== TSTAMP;
}

const TSTAMP = 152;

function pointerOf(env: Environment, pointer: ContextPointer): Register {
  switch (pointer) {
    case 'packet':
      return Register.pointer(Kind.packet, 0, null);
    case 'packet-meta':
      return Register.pointer(Kind.packetMeta, 0, null);
    case 'packet-end':
      return Register.pointer(Kind.packetEnd, 0, null);
    case 'flow-keys':
      return Register.pointer(Kind.flowKeys, 0, null);
    case 'socket':
      return Register.pointer(Kind.socket, 0, null);
    case 'socket-or-null':
      return Register.pointer(Kind.socket, Flag.maybeNull, null, env.nextId());
    case 'sock-common-or-null':
      return Register.pointer(Kind.sockCommon, Flag.maybeNull, null, env.nextId());
    case 'tracepoint-buffer':
      return Register.pointer(Kind.tpBuffer, 0, null);
    case 'sk-buff':
      return kernelStruct(env, 'sk_buff');
    case 'nf-hook-state':
      return kernelStruct(env, 'nf_hook_state');
  }
}

function kernelStruct(env: Environment, name: string): Register {
  const { btf } = env;
  const type = btf?.find(name, 'struct');
  if (btf === undefined || type === undefined)
    throw unsupported("a context of the kernel's types without them");
  return Register.pointer(Kind.btfId, Flag.trusted, { kind: 'btf', btf, type });
}
