/** Memory handed to helpers and kernel functions (`check_helper_mem_access`, `check_mem_size_reg`, `check_mem_reg`). */
import type { Environment } from '../environment.ts';
import { unsupported } from '../rejection.ts';
import type { AccessKind } from './access.ts';

/** What a call wants of a buffer, and what was learnt of it. */
export interface BufferUse {
  readonly access: AccessKind;
  readonly zeroAllowed: boolean;
  /** The callee fills all of it: bytes of stack need not be initialised (`MEM_UNINIT`: meta->raw_mode). */
  readonly uninitialised: boolean;
}

/**
 * `size` bytes at the address in register `base`. @throws Rejection
 * @returns bytes of stack, at a known offset, that the callee fills: the call writes them once its arguments are checked
 * (`meta->access_size`); 0: none
 */
export function checkHelperMemory(_env: Environment, _base: number, _size: number, _use: BufferUse): number {
  throw unsupported('memory of a call');
}

/**
 * A buffer in register `sizeRegister - 1` of as many bytes as `sizeRegister` may say; marks the size precise.
 * @throws Rejection
 * @returns as {@link checkHelperMemory}
 */
export function checkSizedMemory(_env: Environment, _sizeRegister: number, _use: BufferUse): number {
  throw unsupported('memory of a call');
}
