/** What code is generated for: the instruction set and byte order of the oldest kernel to serve. */
import type { InstructionSetLevel } from '../../bpf/opcodes.ts';

export interface CodegenTarget {
  /** 1-4, as clang's `-mcpu=v1` ... `v4`; nothing above it is emitted. */
  readonly instructionSet: InstructionSetLevel;
  /** Default little. */
  readonly endian?: 'little' | 'big';
}
