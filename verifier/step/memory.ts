/** Loads and stores (`check_load_mem`, `check_store_reg`). */
import { type AccessKind, checkMemoryAccess, type MemoryAccess } from '../access/access.ts';
import { savePointerType } from '../access/pointer-type.ts';
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { immediateStoreRefused } from '../messages.gen.ts';
import { Kind } from '../state/register-kind.ts';
import { checkWritable, readRegister } from './register-argument.ts';

/** `BPF_MEMSX`. */
const SIGN_EXTEND = 0x80;

/** rD = *(rS + off), plain or sign-extending. @throws Rejection */
export function stepLoad(env: Environment, insn: Insn): void {
  loadFrom(env, insn, insn.mode === SIGN_EXTEND, false, true);
}

/** @param trustMayDiffer the pointer may be one that is trusted on one path and not on another */
export function loadFrom(
  env: Environment,
  insn: Insn,
  signExtend: boolean,
  strict: boolean,
  trustMayDiffer: boolean,
): void {
  const { src: base, dst: value } = insn;
  const pointer = readRegister(env, base);
  checkWritable(env, value);
  checkMemoryAccess(env, accessOf(env, insn, 'read', base, value, strict, signExtend));
  savePointerType(env, pointer.kind, pointer.flags, trustMayDiffer);
}

/** *(rD + off) = rS. @throws Rejection */
export function stepStore(env: Environment, insn: Insn): void {
  storeTo(env, insn, false);
}

/** `strict`: it must be aligned whatever the machine is (`check_store_reg`, `check_atomic_store`). @throws Rejection */
export function storeTo(env: Environment, insn: Insn, strict: boolean): void {
  const { src: value, dst: base } = insn;
  readRegister(env, value);
  const pointer = readRegister(env, base);
  checkMemoryAccess(env, accessOf(env, insn, 'write', base, value, strict, false));
  savePointerType(env, pointer.kind, pointer.flags, false);
}

/** *(rD + off) = imm. @throws Rejection */
export function stepStoreImmediate(env: Environment, insn: Insn): void {
  const { dst: base } = insn;
  const pointer = readRegister(env, base);
  if (pointer.kind === Kind.ctx && !env.atLeast('6.4'))
    throw immediateStoreRefused({ register: base, type: 'ctx' });
  checkMemoryAccess(env, accessOf(env, insn, 'write', base, -1, false, false));
  savePointerType(env, pointer.kind, pointer.flags, false);
}

/** The same each time the instruction is walked. */
function accessOf(
  env: Environment,
  { off, size }: Insn,
  kind: AccessKind,
  base: number,
  value: number,
  strict: boolean,
  signExtend: boolean,
): MemoryAccess {
  const aux = env.aux[env.slot]!;
  aux.access ??= { kind, base, off, size, value, strict, signExtend };
  return aux.access;
}
