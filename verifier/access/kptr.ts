/** Kernel pointers in map values (`check_map_kptr_access`). */
import type { Environment } from '../environment.ts';
import { fieldsOfObject } from '../field/fields-of.ts';
import { type FieldRecord, hasField, type SpecialField } from '../field/special-field.ts';
import { kptrImmediate, kptrMode, kptrStoreReferenced, uptrStore } from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { isZero } from '../state/numbers.ts';
import { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import type { MemoryAccess } from './access.ts';
import { isKernelBtf, isRcuProtected } from './btf-trust.ts';
import { checkKptrMatches } from './kptr-match.ts';
import { inRcuSection } from './rcu.ts';

/** All eight bytes of one field. @throws Rejection */
export function accessMapPointerField(env: Environment, access: MemoryAccess, field: SpecialField): void {
  const insn = env.insns[env.slot]!;
  if ((insn.code & 0xe0) !== 0x60) throw kptrMode({});
  if (insn.class === 1) {
    env.setRegister(access.value, loadedPointer(env, field));
    return;
  }
  if (field.kind === 'kptr' || field.kind === 'kptr-percpu') throw kptrStoreReferenced({});
  if (field.kind === 'uptr') throw uptrStore({});
  if (insn.class === 3) {
    const value = env.register(access.value);
    if (!isZero(value)) checkKptrMatches(env, field, value, access.value);
    return;
  }
  if (insn.imm !== 0) throw kptrImmediate({ off: field.offset });
}

function loadedPointer(env: Environment, field: SpecialField): Register {
  const { pointee } = field;
  if (pointee === undefined) throw unsupported('a kernel pointer without a type');
  if (field.kind === 'uptr') {
    const type = pointee.btf.type(pointee.type);
    const size = type.kind === 'struct' || type.kind === 'union' ? type.size : 0;
    return Register.pointer(Kind.mem, Flag.maybeNull, { kind: 'mem', size, dynptr: 0 }, env.nextId());
  }
  const detail = { kind: 'btf', ...pointee } as const;
  return Register.pointer(Kind.btfId, loadedFlags(env, field), detail, env.nextId());
}

/** How far the pointer may be trusted (`btf_ld_kptr_type`). */
function loadedFlags(env: Environment, field: SpecialField): number {
  const { btf, type } = field.pointee!;
  const kernel = isKernelBtf(env, btf);
  const safe =
    field.kind === 'kptr-percpu' || (field.kind === 'kptr' && (!kernel || isRcuProtected(btf, type)));
  if (!safe || !inRcuSection(env) || !env.atLeast('6.4')) return Flag.maybeNull | Flag.untrusted;
  let flags = Flag.maybeNull | Flag.rcu;
  if (field.kind === 'kptr-percpu') flags |= Flag.percpu;
  else if (!kernel) flags |= Flag.alloc;
  const isNode = !kernel && isLinked(fieldsOfObject(env, btf, type));
  return isNode ? flags | Flag.nonOwning : flags;
}

/** The object can be in a list or tree. */
function isLinked(record: FieldRecord): boolean {
  return hasField(record, 'list-node') || hasField(record, 'rb-node');
}
