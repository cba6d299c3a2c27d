/** Loads and stores (`check_load_mem`, `check_store_reg`). */
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import { unsupported } from '../rejection.ts';

/** rD = *(rS + off), plain or sign-extending. @throws Rejection */
export function stepLoad(_env: Environment, _insn: Insn): void {
  throw unsupported('a load');
}

/** *(rD + off) = rS. @throws Rejection */
export function stepStore(_env: Environment, _insn: Insn): void {
  throw unsupported('a store');
}

/** *(rD + off) = imm. @throws Rejection */
export function stepStoreImmediate(_env: Environment, _insn: Insn): void {
  throw unsupported('a store');
}
