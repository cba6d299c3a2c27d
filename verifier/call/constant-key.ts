/** The key of an array when it stands on the stack as a known number (`get_constant_map_key`). */
import type { Environment } from '../environment.ts';
import { markSlotPrecise } from '../order/precision.ts';
import { Kind } from '../state/register-kind.ts';
import { ByteKind } from '../state/slot.ts';
import { frameOf, slotIndex } from './stack-object.ts';

/** @returns the key; -1: not known */
export function constantMapKey(env: Environment, number: number, keySize: number): number {
  const register = env.register(number);
  if (!env.privileged || !env.atLeast('6.14')) return -1;
  if (register.kind !== Kind.stack || register.flags !== 0 || !register.scalar.isConstant) return -1;
  const off = register.off + (register.scalar.constantNumber ?? 0);
  const spi = slotIndex(off);
  const slot = frameOf(env, register).stack[spi];
  if (slot === undefined) return -1;
  const top = (-off - 1) & 7;
  let zeros = 0;
  for (let b = top; b >= 0 && slot.kindAt(b) === ByteKind.zero; b--) zeros++;
  if (zeros >= keySize) return 0;
  if (!slot.isSpill || slot.spilled.kind !== Kind.scalar) return -1;
  let spilled = 0;
  for (let b = top; b >= 0 && slot.kindAt(b) === ByteKind.spill; b--) spilled++;
  if (spilled !== keySize || !slot.spilled.scalar.isConstant) return -1;
  // That the lookup cannot fail depends on it.
  markSlotPrecise(env, register.extra, spi);
  return slot.spilled.scalar.constantNumber ?? -1;
}
