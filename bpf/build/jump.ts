/** Jumps, calls, exit: `jeq(r0, 0, 'out')`, `call('map_lookup_elem')`, `exit()` (RFC 9669 section 4.3). */
import { CallKind } from '../fields.ts';
import { type HelperName, helper } from '../helpers/index.ts';
import type { Instruction, Reference } from '../instruction.ts';
import type { OpName } from '../opcodes.ts';
import { instruction, type Meta, type Operand, type Reg } from './operand.ts';

/** A label of the same function, or a distance in slots from the next one. */
export type Target = string | number;

/** `if dst op operand goto target`. */
export type JumpBuilder = (dst: Reg, operand: Operand, target: Target, meta?: Meta) => Instruction;

function jump(byImmediate: OpName, byRegister: OpName): JumpBuilder {
  return (dst, operand, target, meta) =>
    typeof operand === 'number'
      ? instruction(byImmediate, { dst, imm: operand, ...to(target) }, meta)
      : instruction(byRegister, { dst, src: operand, ...to(target) }, meta);
}

function to(target: Target): { readonly off: number } | { readonly ref: Reference } {
  return typeof target === 'number' ? { off: target } : { ref: { kind: 'label', name: target } };
}

export const jeq: JumpBuilder = jump('jeq_k', 'jeq_x');
export const jne: JumpBuilder = jump('jne_k', 'jne_x');
export const jgt: JumpBuilder = jump('jgt_k', 'jgt_x');
export const jge: JumpBuilder = jump('jge_k', 'jge_x');
export const jlt: JumpBuilder = jump('jlt_k', 'jlt_x');
export const jle: JumpBuilder = jump('jle_k', 'jle_x');
export const jset: JumpBuilder = jump('jset_k', 'jset_x');
export const jsgt: JumpBuilder = jump('jsgt_k', 'jsgt_x');
export const jsge: JumpBuilder = jump('jsge_k', 'jsge_x');
export const jslt: JumpBuilder = jump('jslt_k', 'jslt_x');
export const jsle: JumpBuilder = jump('jsle_k', 'jsle_x');

export const jeq32: JumpBuilder = jump('jeq32_k', 'jeq32_x');
export const jne32: JumpBuilder = jump('jne32_k', 'jne32_x');
export const jgt32: JumpBuilder = jump('jgt32_k', 'jgt32_x');
export const jge32: JumpBuilder = jump('jge32_k', 'jge32_x');
export const jlt32: JumpBuilder = jump('jlt32_k', 'jlt32_x');
export const jle32: JumpBuilder = jump('jle32_k', 'jle32_x');
export const jset32: JumpBuilder = jump('jset32_k', 'jset32_x');
export const jsgt32: JumpBuilder = jump('jsgt32_k', 'jsgt32_x');
export const jsge32: JumpBuilder = jump('jsge32_k', 'jsge32_x');
export const jslt32: JumpBuilder = jump('jslt32_k', 'jslt32_x');
export const jsle32: JumpBuilder = jump('jsle32_k', 'jsle32_x');

export function ja(target: Target, meta?: Meta): Instruction {
  return instruction('ja', to(target), meta);
}

/** A jump of 32 bits (`gotol`). */
export function ja32(target: Target, meta?: Meta): Instruction {
  const where = typeof target === 'number' ? { imm: target } : to(target);
  return instruction('ja32', where, meta);
}

/** Falls through until the loop budget is used up, then jumps. */
export function mayGoto(target: Target, meta?: Meta): Instruction {
  return instruction('may_goto', to(target), meta);
}

/** Calls a helper, by name or by number. */
export function call(target: HelperName | number, meta?: Meta): Instruction {
  const imm = typeof target === 'number' ? target : helper(target).id;
  return instruction('call', { src: CallKind.helper, imm }, meta);
}

/** Calls another function of the program. */
export function callLocal(name: string, meta?: Meta): Instruction {
  return instruction('call', { src: CallKind.local, ref: { kind: 'function', name } }, meta);
}

/** Calls a kernel function. */
export function callKfunc(name: string, meta?: Meta): Instruction {
  return instruction('call', { src: CallKind.kfunc, ref: { kind: 'kfunc', name } }, meta);
}

/** Calls the address in a register. */
export function callx(target: Reg, meta?: Meta): Instruction {
  return instruction('callx', { dst: target }, meta);
}

/** Jumps to the address in a register. */
export function gotox(target: Reg, meta?: Meta): Instruction {
  return instruction('gotox', { dst: target }, meta);
}

export function exit(meta?: Meta): Instruction {
  return instruction('exit', {}, meta);
}
