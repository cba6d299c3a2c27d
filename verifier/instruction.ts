/**
 * One slot of the program as the verifier reads it: the raw fields (reserved ones included, they are checked when the walk
 * comes by) and the row of the opcode table. The second half of a wide load is an instruction of its own, without a row.
 */
import { findRow } from '../bpf/decode.ts';
import type { Opcode } from '../bpf/opcodes.ts';

export class Insn {
  /** First byte on the wire. */
  readonly code: number;
  readonly dst: number;
  readonly src: number;
  readonly off: number;
  readonly imm: number;

  constructor(code: number, dst: number, src: number, off: number, imm: number) {
    this.code = code;
    this.dst = dst;
    this.src = src;
    this.off = off;
    this.imm = imm;
  }

  /** Undefined: no instruction has this opcode, or it is the second half of a wide load. */
  get row(): Opcode | undefined {
    return findRow({ opcode: this.code, dst: this.dst, src: this.src, off: this.off, imm: this.imm });
  }

  /** `BPF_CLASS`: 0 LD, 1 LDX, 2 ST, 3 STX, 4 ALU, 5 JMP, 6 JMP32, 7 ALU64. */
  get class(): number {
    return this.code & 7;
  }

  /** `BPF_OP`. */
  get operation(): number {
    return this.code & 0xf0;
  }

  /** `BPF_MODE`. */
  get mode(): number {
    return this.code & 0xe0;
  }

  /** `BPF_SIZE` in bytes. */
  get size(): 1 | 2 | 4 | 8 {
    return SIZES[(this.code >> 3) & 3]!;
  }

  /** `BPF_SRC`: the second operand is a register. */
  get usesSource(): boolean {
    return (this.code & 8) !== 0;
  }
}

const SIZES = [4, 2, 1, 8] as const;

/** `ldimm64`: takes two slots. */
export function isWideLoad(insn: Insn): boolean {
  return insn.code === 0x18;
}

/** The address of a function of the program (`bpf_pseudo_func`). */
export function isFunctionAddress(insn: Insn): boolean {
  return insn.code === 0x18 && insn.src === 4;
}

/** Call of a helper by number. */
export function isHelperCall(insn: Insn): boolean {
  return insn.code === 0x85 && insn.src === 0;
}

/** Call of a function of the program (`bpf_pseudo_call`). */
export function isLocalCall(insn: Insn): boolean {
  return insn.code === 0x85 && insn.src === 1;
}

/** Call of a kernel function (`bpf_pseudo_kfunc_call`). */
export function isKfuncCall(insn: Insn): boolean {
  return insn.code === 0x85 && insn.src === 2;
}

/** A jump that is taken when the program has run for long enough (`is_may_goto_insn`). */
export function isMayGoto(insn: Insn): boolean {
  return insn.code === 0xe5 && insn.src === 0;
}

/** A jump of either class that is no call and no exit. */
export function isJump(insn: Insn): boolean {
  const { class: kind, operation } = insn;
  return (kind === 5 || kind === 6) && operation !== 0x80 && operation !== 0x90;
}

/** Where a jump leads, in slots from the next one (`bpf_jmp_offset`): of `gotol` the immediate says it. */
export function jumpDistance(insn: Insn): number {
  return insn.code === 0x06 ? insn.imm : insn.off;
}

/** Eight bytes a slot; a rest of less is left out (the caller refuses it). */
export function readProgram(bytes: Uint8Array): Insn[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = bytes.length >> 3;
  const insns = new Array<Insn>(count);
  for (let slot = 0; slot < count; slot++) {
    const at = slot * 8;
    const registers = view.getUint8(at + 1);
    insns[slot] = new Insn(
      view.getUint8(at),
      registers & 15,
      registers >> 4,
      view.getInt16(at + 2, true),
      view.getInt32(at + 4, true),
    );
  }
  return insns;
}
