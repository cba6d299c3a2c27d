/** Atomic operations: `atomicAdd64(r1, 0, r2)`, `loadAcquire32(r0, r1, 4)` (RFC 9669 section 5.3). */
import type { Instruction } from '../instruction.ts';
import type { OpName } from '../opcodes.ts';
import type { LoadBuilder, StoreBuilder } from './memory.ts';
import { instruction } from './operand.ts';

function atomic(op: OpName): StoreBuilder {
  return (dst, off, src, meta): Instruction => instruction(op, { dst, off, src }, meta);
}

function acquire(op: OpName): LoadBuilder {
  return (dst, src, off, meta): Instruction => instruction(op, { dst, src, off }, meta);
}

export const atomicAdd32: StoreBuilder = atomic('atomic_add32');
export const atomicAdd64: StoreBuilder = atomic('atomic_add64');
export const atomicOr32: StoreBuilder = atomic('atomic_or32');
export const atomicOr64: StoreBuilder = atomic('atomic_or64');
export const atomicAnd32: StoreBuilder = atomic('atomic_and32');
export const atomicAnd64: StoreBuilder = atomic('atomic_and64');
export const atomicXor32: StoreBuilder = atomic('atomic_xor32');
export const atomicXor64: StoreBuilder = atomic('atomic_xor64');
export const atomicFetchAdd32: StoreBuilder = atomic('atomic_fetch_add32');
export const atomicFetchAdd64: StoreBuilder = atomic('atomic_fetch_add64');
export const atomicFetchOr32: StoreBuilder = atomic('atomic_fetch_or32');
export const atomicFetchOr64: StoreBuilder = atomic('atomic_fetch_or64');
export const atomicFetchAnd32: StoreBuilder = atomic('atomic_fetch_and32');
export const atomicFetchAnd64: StoreBuilder = atomic('atomic_fetch_and64');
export const atomicFetchXor32: StoreBuilder = atomic('atomic_fetch_xor32');
export const atomicFetchXor64: StoreBuilder = atomic('atomic_fetch_xor64');

/** The register and the memory swap values. */
export const atomicXchg32: StoreBuilder = atomic('atomic_xchg32');
export const atomicXchg64: StoreBuilder = atomic('atomic_xchg64');

/** Memory that equals r0 becomes the register; r0 becomes the old value. */
export const atomicCmpxchg32: StoreBuilder = atomic('atomic_cmpxchg32');
export const atomicCmpxchg64: StoreBuilder = atomic('atomic_cmpxchg64');

export const loadAcquire8: LoadBuilder = acquire('load_acquire8');
export const loadAcquire16: LoadBuilder = acquire('load_acquire16');
export const loadAcquire32: LoadBuilder = acquire('load_acquire32');
export const loadAcquire64: LoadBuilder = acquire('load_acquire64');
export const storeRelease8: StoreBuilder = atomic('store_release8');
export const storeRelease16: StoreBuilder = atomic('store_release16');
export const storeRelease32: StoreBuilder = atomic('store_release32');
export const storeRelease64: StoreBuilder = atomic('store_release64');
