/** Where control may go from an instruction within its function (`bpf_insn_successors`). */
import { type Insn, isWideLoad, jumpDistance } from '../instruction.ts';

/** No such successor. */
export const NOWHERE = -1;

/** The slot behind an instruction; {@link NOWHERE} after `exit` and plain jumps. */
export function fallThrough(insn: Insn, slot: number): number {
  const { code } = insn;
  if (code === 0x95 || code === 0x05 || code === 0x06) return NOWHERE;
  return slot + (isWideLoad(insn) ? 2 : 1);
}

/** Target of a jump; {@link NOWHERE} for all that is none. */
export function jumpTarget(insn: Insn, slot: number): number {
  const { class: kind, operation } = insn;
  if ((kind !== 5 && kind !== 6) || operation === 0x80 || operation === 0x90) return NOWHERE;
  return slot + 1 + jumpDistance(insn);
}
