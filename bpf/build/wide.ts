/** Wide immediates: numbers of 64 bits, maps, map values, functions, kernel variables (RFC 9669 section 5.4). */
import { WideKind } from '../fields.ts';
import type { Instruction, Reference } from '../instruction.ts';
import { instruction, type Meta, type Reg } from './operand.ts';

/** `dst = value`, taken modulo 2^64. A number must be an integer. */
export function lddw(dst: Reg, value: bigint | number, meta?: Meta): Instruction {
  const { imm, immHigh } = splitWide(BigInt(value));
  return instruction('lddw', { dst, src: WideKind.value, imm, immHigh }, meta);
}

/** `dst` = the map itself, as helpers take it. */
export function lddwMap(dst: Reg, name: string, meta?: Meta): Instruction {
  return symbolic(dst, WideKind.mapFd, { kind: 'map', name }, meta);
}

/** `dst` = the address of a byte of the map's only value. */
export function lddwMapValue(dst: Reg, name: string, offset = 0, meta?: Meta): Instruction {
  return symbolic(dst, WideKind.mapValue, { kind: 'map-value', name, offset }, meta);
}

/** `dst` = the address of a function, as helpers take callbacks. */
export function lddwFunction(dst: Reg, name: string, meta?: Meta): Instruction {
  return symbolic(dst, WideKind.func, { kind: 'function', name }, meta);
}

/** `dst` = the address of a kernel variable. */
export function lddwKsym(dst: Reg, name: string, meta?: Meta): Instruction {
  return symbolic(dst, WideKind.btfId, { kind: 'ksym', name }, meta);
}

/** Halves of a 64-bit value, each signed. */
export function splitWide(value: bigint): { readonly imm: number; readonly immHigh: number } {
  return { imm: Number(BigInt.asIntN(32, value)), immHigh: Number(BigInt.asIntN(32, value >> 32n)) };
}

/** The unsigned 64-bit value of a wide load's halves. */
export function joinWide(imm: number, immHigh: number): bigint {
  return (BigInt(immHigh >>> 0) << 32n) | BigInt(imm >>> 0);
}

function symbolic(dst: Reg, src: 1 | 2 | 3 | 4, ref: Reference, meta?: Meta): Instruction {
  const immHigh = ref.kind === 'map-value' ? ref.offset | 0 : 0;
  return instruction('lddw', { dst, src, imm: 0, immHigh, ref }, meta);
}
