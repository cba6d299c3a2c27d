/** Loads and stores: `ldx64(r2, r1, 8)`, `stx32(r10, -4, r1)`, `st8(r10, -1, 0)` (RFC 9669 section 5.1, 5.2, 5.5). */
import type { Instruction } from '../instruction.ts';
import type { OpName } from '../opcodes.ts';
import { instruction, type Meta, type Reg } from './operand.ts';

/** `dst = *(src + off)`. */
export type LoadBuilder = (dst: Reg, src: Reg, off: number, meta?: Meta) => Instruction;
/** `*(dst + off) = src`. */
export type StoreBuilder = (dst: Reg, off: number, src: Reg, meta?: Meta) => Instruction;
/** `*(dst + off) = imm`. */
export type StoreImmediateBuilder = (dst: Reg, off: number, imm: number, meta?: Meta) => Instruction;
/** `r0 = packet[imm]`. */
export type PacketBuilder = (imm: number, meta?: Meta) => Instruction;
/** `r0 = packet[src + imm]`. */
export type IndirectPacketBuilder = (src: Reg, imm: number, meta?: Meta) => Instruction;

function load(op: OpName): LoadBuilder {
  return (dst, src, off, meta) => instruction(op, { dst, src, off }, meta);
}

function store(op: OpName): StoreBuilder {
  return (dst, off, src, meta) => instruction(op, { dst, off, src }, meta);
}

function storeImmediate(op: OpName): StoreImmediateBuilder {
  return (dst, off, imm, meta) => instruction(op, { dst, off, imm }, meta);
}

function packet(op: OpName): PacketBuilder {
  return (imm, meta) => instruction(op, { imm }, meta);
}

function indirectPacket(op: OpName): IndirectPacketBuilder {
  return (src, imm, meta) => instruction(op, { src, imm }, meta);
}

export const ldx8: LoadBuilder = load('ldx8');
export const ldx16: LoadBuilder = load('ldx16');
export const ldx32: LoadBuilder = load('ldx32');
export const ldx64: LoadBuilder = load('ldx64');
export const ldsx8: LoadBuilder = load('ldsx8');
export const ldsx16: LoadBuilder = load('ldsx16');
export const ldsx32: LoadBuilder = load('ldsx32');
export const stx8: StoreBuilder = store('stx8');
export const stx16: StoreBuilder = store('stx16');
export const stx32: StoreBuilder = store('stx32');
export const stx64: StoreBuilder = store('stx64');
export const st8: StoreImmediateBuilder = storeImmediate('st8');
export const st16: StoreImmediateBuilder = storeImmediate('st16');
export const st32: StoreImmediateBuilder = storeImmediate('st32');
export const st64: StoreImmediateBuilder = storeImmediate('st64');
export const ldabs8: PacketBuilder = packet('ldabs8');
export const ldabs16: PacketBuilder = packet('ldabs16');
export const ldabs32: PacketBuilder = packet('ldabs32');
export const ldind8: IndirectPacketBuilder = indirectPacket('ldind8');
export const ldind16: IndirectPacketBuilder = indirectPacket('ldind16');
export const ldind32: IndirectPacketBuilder = indirectPacket('ldind32');
