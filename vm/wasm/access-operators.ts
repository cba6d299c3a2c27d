/** Memory operators on 64-bit registers, by the bytes that are accessed. */
import { type BinaryOp, I64, type LoadOp, type StoreOp } from './opcodes.ts';

/** The rest of the register becomes zeros. */
export const LOADS: Readonly<Record<number, LoadOp>> = {
  1: I64.load8_u,
  2: I64.load16_u,
  4: I64.load32_u,
  8: I64.load,
};

/** The rest becomes the sign. */
export const SIGNED_LOADS: Readonly<Record<number, LoadOp>> = {
  1: I64.load8_s,
  2: I64.load16_s,
  4: I64.load32_s,
};

export const STORES: Readonly<Record<number, StoreOp>> = {
  1: I64.store8,
  2: I64.store16,
  4: I64.store32,
  8: I64.store,
};

/** What atomic operations compute, by their operation in the opcode table. */
export const COMBINING: Partial<Readonly<Record<string, BinaryOp>>> = {
  add: I64.add,
  or: I64.or,
  and: I64.and,
  xor: I64.xor,
};
