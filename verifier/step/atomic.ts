/** Atomic operations (`check_atomic`). */
import { checkMemoryAccess, refuseLeak } from '../access/access.ts';
import { savePointerType } from '../access/pointer-type.ts';
import type { Environment } from '../environment.ts';
import type { Insn } from '../instruction.ts';
import {
  atomicLoadRefused,
  atomicReserved,
  atomicSize,
  atomicStoreRefused,
  atomicUnknown,
} from '../messages.gen.ts';
import { Kind, typeText } from '../state/register-kind.ts';
import { loadFrom, storeTo } from './memory.ts';
import { overwriteRegister, readRegister } from './register-argument.ts';

const FETCH = 0x01;
const CMPXCHG = 0xf1;
const LOAD_ACQUIRE = 0x100;
const STORE_RELEASE = 0x110;

/** Additions, the bit operations, exchange, and all of them with `FETCH`. */
const OPERATIONS: ReadonlySet<number> = new Set([
  0x00,
  0x01,
  0x50,
  0x51,
  0x40,
  0x41,
  0xa0,
  0xa1,
  0xe1,
  CMPXCHG,
]);

/** Bit operations that give the old value: the x86 compiler does them in a loop, not in an arena. */
const FETCHING_BITS: ReadonlySet<number> = new Set([0x41, 0x51, 0xa1]);

/** @throws Rejection */
export function stepAtomic(env: Environment, insn: Insn): void {
  if (!env.supports('atomic_fetch')) {
    if (insn.imm !== 0 || insn.size < 4) throw atomicReserved({});
  }
  if (OPERATIONS.has(insn.imm)) {
    stepReadModifyWrite(env, insn);
    return;
  }
  if (env.supports('load_acquire')) {
    if (insn.imm === LOAD_ACQUIRE) {
      stepLoadAcquire(env, insn);
      return;
    }
    if (insn.imm === STORE_RELEASE) {
      stepStoreRelease(env, insn);
      return;
    }
  }
  throw atomicUnknown({ operation: (insn.imm >>> 0).toString(16).padStart(2, '0') });
}

function stepReadModifyWrite(env: Environment, insn: Insn): void {
  const { src, dst: base, off, size, imm } = insn;
  if (size < 4) throw atomicSize({});
  readRegister(env, src);
  readRegister(env, base);
  if (imm === CMPXCHG) {
    readRegister(env, 0);
    refuseLeak(env, { kind: 'write', base, off, size, value: 0 }, 'mem');
  }
  refuseLeak(env, { kind: 'write', base, off, size, value: src }, 'mem');
  checkMemoryKind(env, insn, base, 'store');
  const loaded = (imm & FETCH) === 0 ? -1 : imm === CMPXCHG ? 0 : src;
  if (loaded >= 0) overwriteRegister(env, loaded);
  checkMemoryAccess(env, { kind: 'read', base, off, size, value: -1, strict: true });
  if (loaded >= 0) checkMemoryAccess(env, { kind: 'read', base, off, size, value: loaded, strict: true });
  if (env.register(base).kind === Kind.arena) savePointerType(env, Kind.arena, 0, false);
  checkMemoryAccess(env, { kind: 'write', base, off, size, value: -1, strict: true });
}

function stepLoadAcquire(env: Environment, insn: Insn): void {
  loadFrom(env, insn, false, true, false);
  checkMemoryKind(env, insn, insn.src, 'load');
}

function stepStoreRelease(env: Environment, insn: Insn): void {
  storeTo(env, insn, true);
  checkMemoryKind(env, insn, insn.dst, 'store');
}

/** Memory that the kernel rewrites accesses to has no atomic ones (`atomic_ptr_type_ok`). */
function checkMemoryKind(env: Environment, insn: Insn, number: number, kind: 'load' | 'store'): void {
  const register = env.register(number);
  if (isAllowed(register.kind, register.flags, insn.imm)) return;
  const values = { register: number, type: typeText(register.kind, register.flags) };
  throw kind === 'load' ? atomicLoadRefused(values) : atomicStoreRefused(values);
}

function isAllowed(kind: number, flags: number, operation: number): boolean {
  switch (kind) {
    case Kind.packet:
    case Kind.packetMeta:
      return false;
    case Kind.ctx:
    case Kind.flowKeys:
    case Kind.socket:
    case Kind.sockCommon:
    case Kind.tcpSock:
    case Kind.xdpSock:
      return flags !== 0;
    case Kind.arena:
      return flags !== 0 || !FETCHING_BITS.has(operation);
    default:
      return true;
  }
}
