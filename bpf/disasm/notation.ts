/**
 * The ways of writing BPF as pseudo C. `kernel`: what the verifier's log and bpftool print (`print_bpf_insn`). `llvm`: what
 * `llvm-objdump -d` prints. They differ in numbers, distances, atomics and sub-registers only. `source` is for files: as
 * LLVM's, but it says all there is to say (which function a call means), so that assembling it gives the same bytes.
 */

export type DisasmStyle = 'kernel' | 'llvm' | 'source';

export interface Notation {
  /** Memory offset after the base register. */
  readonly offset: (off: number) => string;
  /** Immediate of a conditional jump. */
  readonly condition: (imm: number) => string;
  /** Distance of a jump. */
  readonly distance: (slots: number) => string;
  /** Value of a wide load. */
  readonly wide: (value: bigint) => string;
  /** Address space of a cast. */
  readonly space: (number: number) => string;
}

const signed = (value: number): string => (value < 0 ? String(value) : `+${value}`);

export const KERNEL_NOTATION: Notation = {
  offset: (off) => ` ${signed(off)}`,
  condition: (imm) => `0x${(imm >>> 0).toString(16)}`,
  distance: (slots) => `pc${signed(slots)}`,
  wide: (value) => `0x${value.toString(16)}`,
  space: String,
};

export const LLVM_NOTATION: Notation = {
  offset: (off) => (off < 0 ? ` - ${-off}` : ` + ${off}`),
  condition: String,
  distance: signed,
  wide: (value) => `${BigInt.asIntN(64, value)} ll`,
  space: (number) => `0x${number.toString(16)}`,
};
