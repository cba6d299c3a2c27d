/** One instruction of each name, as a program that LLVM's disassembler can be shown. */
import { OPERAND_FIELDS } from '../../../bpf/fields.ts';
import type { Instruction } from '../../../bpf/instruction.ts';
import { OPCODES } from '../../../bpf/opcodes.ts';

export const OPCODE_SAMPLES: readonly Instruction[] = OPCODES.map(({ name, form }): Instruction => {
  const uses = OPERAND_FIELDS[form];
  const isPlain = form === 'call' || form === 'lddw';
  return {
    op: name,
    dst: uses.dst ? 1 : 0,
    src: uses.src && !isPlain ? 2 : 0,
    off: uses.off && form !== 'call' ? -4 : 0,
    imm: uses.imm ? -7 : 0,
    ...(form === 'lddw' ? { immHigh: 1 } : {}),
  };
});

/**
 * Can LLVM 14 print it? It is older than v4 and does not look at `off` of divisions and moves, nor at `imm` of the newest
 * atomics; it never knew `%=`, `&` conditions nor stores of numbers; without alu32 it knows of 32-bit atomics addition only.
 */
export function llvm14Prints({ op }: Instruction, alu32: boolean): boolean {
  if (
    /^(s?mod|sdiv|movsx|bswap|addr_space|ja32|may_goto|jset|gotox|callx|ldsx|st\d|load_acq|store_rel)/.test(
      op,
    )
  ) {
    return false;
  }
  return alu32 || op === 'atomic_add32' || !/^atomic_.*32$/.test(op);
}
