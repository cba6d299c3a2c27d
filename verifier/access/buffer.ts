/** Buffers whose size is checked when the program is attached or run (`check_buffer_access`, `check_tp_buffer_access`). */
import type { Environment } from '../environment.ts';
import { bufferNegative, bufferVariable, cannotWriteInto } from '../messages.gen.ts';
import type { Register } from '../state/register.ts';
import { Flag, typeText } from '../state/register-kind.ts';
import type { MemoryAccess } from './access.ts';
import { loadUnknown } from './loaded.ts';
import { offsetText } from './offset-text.ts';
import { isFixed } from './pointer-offset.ts';

/** @param off with the register's fixed offset. @throws Rejection */
export function accessTracepointBuffer(
  env: Environment,
  access: MemoryAccess,
  register: Register,
  off: number,
): void {
  checkBufferOffset(env, register, access.base, off, access.size, 'tracepoint');
  loadUnknown(env, access);
}

/** @throws Rejection */
export function accessBuffer(env: Environment, access: MemoryAccess, register: Register, off: number): void {
  if (access.kind === 'write' && register.has(Flag.readOnly)) {
    throw cannotWriteInto({ register: access.base, type: typeText(register.kind, register.flags) });
  }
  checkBuffer(env, register, access.base, off, access.size);
  loadUnknown(env, access);
}

/** @throws Rejection */
export function checkBuffer(
  env: Environment,
  register: Register,
  number: number,
  off: number,
  size: number,
): void {
  checkBufferOffset(env, register, number, off, size, register.has(Flag.readOnly) ? 'rdonly' : 'rdwr');
}

function checkBufferOffset(
  env: Environment,
  register: Register,
  number: number,
  off: number,
  size: number,
  what: string,
): void {
  if (off < 0) throw bufferNegative({ register: number, what, off, size });
  if (isFixed(register)) return;
  throw bufferVariable({ register: number, off, variable: offsetText(env, register), size });
}
