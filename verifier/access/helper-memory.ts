/** Memory handed to helpers and kernel functions (`check_helper_mem_access`, `check_mem_size_reg`, `check_mem_reg`). */
import type { Environment } from '../environment.ts';
import {
  cannotWriteInto,
  contextUnreadable,
  notMemory,
  sizeNegative,
  sizeUnbounded,
  sizeZero,
} from '../messages.gen.ts';
import { markPrecise } from '../order/precision.ts';
import { isZero } from '../state/numbers.ts';
import type { Register } from '../state/register.ts';
import { Flag, Kind, typeText } from '../state/register-kind.ts';
import { type AccessKind, checkMemoryAccess } from './access.ts';
import { checkBtfPointer } from './btf-pointer.ts';
import { checkBuffer } from './buffer.ts';
import { checkMapRights, checkMapValue, mapOf } from './map-value.ts';
import { checkPacket } from './packet.ts';
import { checkRegion, MAX_VARIABLE_OFFSET } from './region.ts';
import { checkStackInitialised } from './stack-range.ts';

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
export function checkHelperMemory(env: Environment, base: number, size: number, use: BufferUse): number {
  const register = env.register(base);
  if (register.kind === Kind.stack) return checkStackInitialised(env, base, register.off, size, use, true);
  checkOtherMemory(env, register, base, size, use);
  return 0;
}

function checkOtherMemory(
  env: Environment,
  register: Register,
  base: number,
  size: number,
  use: BufferUse,
): void {
  const { off } = register;
  switch (register.kind) {
    case Kind.packet:
    case Kind.packetMeta:
      checkPacket(env, register, base, off, size, use.zeroAllowed);
      return;
    case Kind.mapKey:
      if (use.access === 'write') throw cannotWrite(register, base);
      checkRegion(env, base, off, size, mapOf(register).keySize, false);
      return;
    case Kind.mapValue:
      checkMapRights(mapOf(register), off, size, use.access);
      checkMapValue(env, register, base, off, size, use.zeroAllowed, 'helper');
      return;
    case Kind.mem: {
      if (use.access === 'write' && register.has(Flag.readOnly)) throw cannotWrite(register, base);
      const limit = register.detail?.kind === 'mem' ? register.detail.size : 0;
      checkRegion(env, base, off, size, limit, use.zeroAllowed);
      return;
    }
    case Kind.buf:
      if (use.access === 'write' && register.has(Flag.readOnly)) throw cannotWrite(register, base);
      checkBuffer(env, register, base, off, size);
      return;
    case Kind.btfId:
      if (!env.atLeast('6.2')) break;
      checkBtfPointer(env, register, base, off, size, 'read');
      return;
    case Kind.ctx:
      if (UNCONVERTED.has(env.type.name)) {
        checkCallerBytes(env, base, size, use);
        return;
      }
      break;
  }
  if (use.zeroAllowed && size === 0 && isZero(register)) return;
  throw notMemory({ register: base, type: typeText(register.kind, register.flags), expected: 'fp' });
}

function cannotWrite(register: Register, base: number) {
  return cannotWriteInto({ register: base, type: typeText(register.kind, register.flags) });
}

/** Types whose context the kernel reads as it is (no `convert_ctx_access`). */
const UNCONVERTED: ReadonlySet<string> = new Set([
  'kprobe',
  'tracepoint',
  'raw_tracepoint',
  'raw_tracepoint_writable',
  'tracing',
  'lsm',
  'struct_ops',
  'cgroup_device',
  'syscall',
  'netfilter',
  'lirc_mode2',
]);

/** The last byte must be in the context. */
function checkCallerBytes(env: Environment, base: number, size: number, use: BufferUse): void {
  if (size === 0) {
    if (use.zeroAllowed) return;
    throw contextUnreadable({ nothing: '' });
  }
  checkMemoryAccess(env, { kind: use.access, base, off: size - 1, size: 1, value: -1 });
}

/**
 * A buffer in register `sizeRegister - 1` of as many bytes as `sizeRegister` may say; marks the size precise.
 * @throws Rejection
 * @returns as {@link checkHelperMemory}
 */
export function checkSizedMemory(env: Environment, sizeRegister: number, use: BufferUse): number {
  const { scalar } = env.register(sizeRegister);
  const { smin, umin, umax } = scalar;
  if (smin.isNegative()) throw sizeNegative({ register: sizeRegister, min: smin.toString() });
  if (umin.isZero() && !env.atLeast('6.8')) checkHelperMemory(env, sizeRegister - 1, 0, use);
  else if (umin.isZero() && !use.zeroAllowed) {
    throw sizeZero({ register: sizeRegister, min: umin.toString(), max: umax.toString() });
  }
  if (umax.hi !== 0 || umax.lo < 0 || umax.lo >= MAX_VARIABLE_OFFSET) {
    throw sizeUnbounded({ register: sizeRegister, max: umax.toUnsignedString() });
  }
  // Of a size that is not known the callee may fill a part only.
  const known = scalar.isConstant ? use : { ...use, uninitialised: false };
  const filled = checkHelperMemory(env, sizeRegister - 1, umax.lo, known);
  markPrecise(env, sizeRegister);
  return filled;
}
