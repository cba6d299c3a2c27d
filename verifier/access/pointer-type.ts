/**
 * The kernel rewrites some loads and stores by the kind of memory they go to: then one instruction goes to that kind on every
 * path (`save_aux_ptr_type`).
 */
import type { Environment } from '../environment.ts';
import { differentPointers } from '../messages.gen.ts';
import { Flag, Kind, type RegisterKind } from '../state/register-kind.ts';

/** @throws Rejection */
export function savePointerType(
  env: Environment,
  kind: RegisterKind,
  flags: number,
  trustMayDiffer: boolean,
): void {
  const aux = env.aux[env.slot]!;
  if (aux.pointerKind === -1) {
    aux.pointerKind = kind;
    aux.pointerFlags = flags;
    return;
  }
  if (aux.pointerKind === kind && aux.pointerFlags === flags) return;
  if (!isRewritten(kind) && !isRewritten(aux.pointerKind)) return;
  const mayDiffer = trustMayDiffer && env.atLeast('6.4');
  if (!mayDiffer || kind !== Kind.btfId || aux.pointerKind !== Kind.btfId) throw differentPointers({});
  // The load that may fault serves both.
  aux.pointerFlags = Flag.untrusted;
}

function isRewritten(kind: RegisterKind): boolean {
  switch (kind) {
    case Kind.ctx:
    case Kind.socket:
    case Kind.sockCommon:
    case Kind.tcpSock:
    case Kind.xdpSock:
    case Kind.btfId:
    case Kind.arena:
      return true;
    default:
      return false;
  }
}
