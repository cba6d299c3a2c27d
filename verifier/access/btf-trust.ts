/** How far a pointer read from a kernel struct may be trusted: lists of members, tags, and the section the path is in. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { skipTypedefs } from '../../bpf/btf/layout.ts';
import { isComposite, type TypeId } from '../../bpf/btf/type.ts';
import type { Environment } from '../environment.ts';
import type { BtfDetail, Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import { inRcuSection } from './rcu.ts';

/** Types of the kernel, not of the program (`btf_is_kernel`). */
export function isKernelBtf(env: Environment, btf: Btf): boolean {
  if (btf === env.btf) return true;
  for (const module of env.kernel.modules?.values() ?? []) if (module === btf) return true;
  return false;
}

/** Structs freed after a grace period only (`rcu_protected_types`). */
const RCU_PROTECTED: readonly string[] = [
  'prog_test_ref_kfunc',
  'cgroup',
  'bpf_cpumask',
  'task_struct',
  'bpf_crypto_ctx',
];

/** Objects of this struct live as long as a read-side section does (`rcu_protected_object`). */
export function isRcuProtected(btf: Btf, type: TypeId): boolean {
  return RCU_PROTECTED.includes(btf.nameOf(type)) && btf.kindOf(type) === 'struct';
}

/** Flags that must not be there for trust (`bpf_type_has_unsafe_modifiers`): all but those that give it. */
const TRUSTED_FLAGS: number = Flag.alloc | Flag.trusted | Flag.nonOwning;

/** `is_trusted_reg`. */
export function isTrusted(register: Register): boolean {
  if (register.ref !== 0) return true;
  const unsafe = (register.flags & ~(TRUSTED_FLAGS | Flag.rcu)) !== 0;
  switch (register.kind) {
    case Kind.socket:
    case Kind.sockCommon:
    case Kind.tcpSock:
    case Kind.mapPtr:
      if ((register.flags & ~TRUSTED_FLAGS) === 0) return true;
      break;
  }
  return (register.flags & TRUSTED_FLAGS) !== 0 && !unsafe && (register.flags & Flag.rcu) === 0;
}

/**
 * Flags of the pointer that member `name` holds, of struct type `type`.
 * @param found what the walk says: tags, and that a union was on the way
 */
export function loadedFlags(
  env: Environment,
  register: Register,
  detail: BtfDetail,
  name: string,
  type: TypeId,
  found: number,
): number {
  if (!env.atLeast('6.2')) return taggedFlags(register, found);
  if (register.has(Flag.untrusted)) return Flag.untrusted;
  // Pointers of programs before trust was tracked: usable, but never more than that.
  if (!isTrusted(register) && !register.has(Flag.rcu)) return withoutTrust(found);
  const isListed = (suffix: string): boolean => isSafeMember(detail, suffix, name, type);
  if (isListed('__safe_trusted')) return found | Flag.trusted;
  if (isListed('__safe_trusted_or_null')) return found | Flag.trusted | Flag.maybeNull;
  if (!inRcuSection(env) || register.maybeNull) return Flag.untrusted;
  if (isListed('__safe_rcu')) return found | Flag.rcu;
  const orNull = isListed('__safe_rcu_or_null');
  if (orNull) return (found | Flag.rcu | Flag.maybeNull) & ~Flag.untrusted;
  if ((found & Flag.rcu) !== 0) return found | Flag.maybeNull;
  return (found & (Flag.percpu | Flag.user)) !== 0 ? found : withoutTrust(found);
}

/** Before trust was tracked: what the tags say, and that it came from what may be anything. */
function taggedFlags(register: Register, found: number): number {
  return (found & (Flag.user | Flag.percpu)) | (register.flags & Flag.untrusted);
}

function withoutTrust(flags: number): number {
  return flags & ~(TRUSTED_FLAGS | Flag.rcu);
}

/** The kernel lists members in structs named after the struct (`btf_nested_type_is_trusted`). */
function isSafeMember({ btf, type }: BtfDetail, suffix: string, name: string, target: TypeId): boolean {
  const walked = btf.type(type);
  if (!isComposite(walked)) return false;
  const id = btf.find(`${walked.name}${suffix}`, walked.kind);
  const safe = id === undefined ? undefined : btf.type(id);
  if (safe === undefined || !isComposite(safe)) return false;
  for (const member of safe.members) {
    if (member.name !== name) continue;
    const pointer = btf.type(member.type);
    if (pointer.kind === 'ptr' && skipTypedefs(btf, pointer.type) === target) return true;
  }
  return false;
}
