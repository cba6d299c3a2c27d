/** Pointers to structs of the kernel and of the program (`check_ptr_to_btf_access`), and to maps as structs. */
import type { Btf } from '../../bpf/btf/btf.ts';
import { isComposite, type TypeId } from '../../bpf/btf/type.ts';
import { isGplCompatible } from '../../bpf/helpers/license.ts';
import type { Environment } from '../environment.ts';
import { fieldsOfObject } from '../field/fields-of.ts';
import { fieldName } from '../field/special-field.ts';
import {
  mapPointerNegative,
  mapPointerUnprivileged,
  mapPointerWritten,
  objectFieldAccess,
  structNegative,
  structNotGpl,
  structPercpu,
  structReadOnly,
  structUnprivileged,
  structUser,
  structVariable,
} from '../messages.gen.ts';
import { unsupported } from '../rejection.ts';
import { unknownNumber } from '../state/numbers.ts';
import { Register } from '../state/register.ts';
import { Flag, Kind } from '../state/register-kind.ts';
import type { AccessKind, MemoryAccess } from './access.ts';
import { isKernelBtf, loadedFlags } from './btf-trust.ts';
import { type Walk, walkToMember } from './btf-walk.ts';
import { checkStructWrite } from './btf-write.ts';
import { mapStruct } from './map-struct.ts';
import { mapOf } from './map-value.ts';
import { offsetText } from './offset-text.ts';
import { isFixed } from './pointer-offset.ts';

/** @param off with the register's fixed offset. @throws Rejection */
export function accessBtfPointer(
  env: Environment,
  access: MemoryAccess,
  register: Register,
  off: number,
): void {
  const walked = checkBtfPointer(env, register, access.base, off, access.size, access.kind);
  if (access.kind === 'write' || access.value < 0 || walked === undefined) return;
  env.setRegister(access.value, loaded(env, register, walked));
}

type Found = Exclude<Walk, { kind: 'struct' | 'error' }>;

/** @returns what is there; undefined: a write that the program type allows. @throws Rejection */
export function checkBtfPointer(
  env: Environment,
  register: Register,
  number: number,
  off: number,
  size: number,
  kind: AccessKind,
): Found | undefined {
  const { btf, type } = structOf(register);
  const name = btf.nameOf(type);
  if (env.atLeast('6.2')) checkMayAccess(env, btf, name);
  if (off < 0) throw structNegative({ register: number, name, off });
  if (!isFixed(register)) {
    throw structVariable({ register: number, name, off, variable: offsetText(env, register) });
  }
  if (register.has(Flag.user)) throw structUser({ register: number, name, off });
  if (register.has(Flag.percpu)) throw structPercpu({ register: number, name, off });
  const own = register.has(Flag.alloc);
  if (kind === 'write' && !own && checkStructWrite(env, btf, type, off, size)) return undefined;
  if (kind === 'write' && !isOwnObject(register)) throw structReadOnly({});
  if (own) checkObjectFields(env, btf, type, off, size);
  return walkOrThrow(env, btf, type, off, size, own);
}

function structOf(register: Register): { readonly btf: Btf; readonly type: TypeId } {
  if (register.detail?.kind !== 'btf') throw unsupported('a pointer to a struct that is not known');
  return register.detail;
}

function checkMayAccess(env: Environment, btf: Btf, name: string): void {
  if (!env.privileged) throw structUnprivileged({ name });
  if (!isKernelBtf(env, btf) || isGplCompatible(env.input.license ?? 'GPL')) return;
  throw structNotGpl({ name });
}

/** Made by the program, and not one that may be gone (`type_is_ptr_alloc_obj`). */
function isOwnObject(register: Register): boolean {
  return register.has(Flag.alloc) && !register.has(Flag.untrusted);
}

/** Locks, nodes and the like of an object are left to the kernel. */
function checkObjectFields(env: Environment, btf: Btf, type: TypeId, off: number, size: number): void {
  for (const field of fieldsOfObject(env, btf, type).fields) {
    if (off < field.offset + field.size && field.offset < off + size) {
      throw objectFieldAccess({ field: fieldName(field.kind), off, size });
    }
  }
}

function walkOrThrow(
  env: Environment,
  btf: Btf,
  type: TypeId,
  off: number,
  size: number,
  own: boolean,
): Found {
  const rules = { flexible: !own, unionsUntrusted: env.atLeast('6.4') };
  const walked = walkToMember(btf, type, off, size, rules);
  if (walked.kind === 'error') throw walked.why;
  // Pointers in the program's own objects are numbers to it.
  return own ? { kind: 'number' } : walked;
}

function loaded(env: Environment, register: Register, walked: Found): Register {
  switch (walked.kind) {
    case 'number':
      return unknownNumber(env);
    case 'untyped':
      return untypedPointer(env);
    case 'pointer': {
      const from = register.detail;
      if (from?.kind !== 'btf') return unknownNumber(env);
      const flags = loadedFlags(env, register, from, walked.name, walked.type, walked.flags);
      return structPointer(env, from.btf, walked.type, flags);
    }
  }
}

/** From 6.17 on pointers to anything but structs are read through too, by loads that may fault. */
function untypedPointer(env: Environment): Register {
  if (!env.atLeast('6.17')) return unknownNumber(env);
  const flags = Flag.readOnly | Flag.untrusted;
  return Register.pointer(Kind.mem, flags, { kind: 'mem', size: 0, dynptr: 0 });
}

function structPointer(env: Environment, btf: Btf, type: TypeId, flags: number): Register {
  const id = (flags & Flag.maybeNull) !== 0 ? env.nextId() : 0;
  return Register.pointer(Kind.btfId, flags, { kind: 'btf', btf, type }, id);
}

/** A map read as the kernel's struct behind it (`check_ptr_to_map_access`). @throws Rejection */
export function accessMapPointer(
  env: Environment,
  access: MemoryAccess,
  register: Register,
  off: number,
): void {
  const { btf, type } = mapStruct(env, mapOf(register));
  const struct = btf.type(type);
  const name = isComposite(struct) ? struct.name : '';
  if (!env.privileged) {
    throw env.atLeast('6.2') ? structUnprivileged({ name }) : mapPointerUnprivileged({ name });
  }
  if (off < 0) throw mapPointerNegative({ register: access.base, name, off });
  if (access.kind === 'write') throw mapPointerWritten({ name });
  const walked = walkOrThrow(env, btf, type, off, access.size, false);
  if (access.value < 0) return;
  if (walked.kind === 'pointer') {
    env.setRegister(access.value, structPointer(env, btf, walked.type, walked.flags));
  } else env.setRegister(access.value, loaded(env, register, walked));
}
