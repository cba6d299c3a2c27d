/** One instruction as the logs print it (`print_bpf_insn`): `(b7) r0 = 0`. */
import { formatInstruction } from '../../bpf/disasm/index.ts';
import type { Register } from '../../bpf/instruction.ts';
import type { Insn } from '../instruction.ts';

/** @param kfunc name of the kernel function that a call means */
export function insnText(insn: Insn, next: Insn | undefined, kfunc?: string): string {
  const code = `(${insn.code.toString(16).padStart(2, '0')})`;
  if (insn.row === undefined || insn.dst > 10 || insn.src > 10)
    return `${code} BUG_${insn.code.toString(16)}`;
  const text = formatInstruction({
    op: insn.row.name,
    dst: insn.dst as Register,
    src: insn.src as Register,
    off: insn.row.fixedOff === null ? insn.off : 0,
    imm: insn.row.fixedImm === null ? insn.imm : 0,
    ...(insn.row.form === 'lddw' ? { immHigh: next?.imm ?? 0 } : {}),
    ...(kfunc === undefined ? {} : { ref: { kind: 'kfunc', name: kfunc } }),
  });
  return `${code} ${text}`;
}
