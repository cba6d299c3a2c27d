/** What a register is known to hold at an instruction, from the instructions of its block before: addresses of maps, sizes, places in the own frame. */
import { opcodeOf } from '../../bpf/opcodes.ts';
import type { Program } from '../program.ts';
import { FRAME_POINTER } from './registers.ts';

export type KnownValue =
  | { readonly kind: 'number'; readonly low: number; readonly high: number }
  /** r10 and so many bytes. */
  | { readonly kind: 'frame'; readonly offset: number };

/** Instructions that are looked back over. */
const FARTHEST = 64;

/** Before the instruction at `index`, in a block that starts at `start`. */
export function knownValue(
  program: Program,
  start: number,
  index: number,
  register: number,
): KnownValue | undefined {
  const { instructions, code } = program;
  let wanted = register;
  let added = 0;
  for (let at = index - 1; wanted !== FRAME_POINTER; at--) {
    if (at < start || at < index - FARTHEST) return undefined;
    const { op, dst, src, imm } = instructions[at]!;
    const { form } = opcodeOf(op);
    if (form === 'call' || form === 'callx' || form === 'ldabs' || form === 'ldind') {
      if (wanted <= 5) return undefined;
      continue;
    }
    const writesSource = form === 'atomic_fetch' && src === wanted;
    if (writesSource || (form === 'cmpxchg' && wanted === 0)) return undefined;
    const keeps = ['stx', 'st', 'store_release', 'atomic', 'atomic_fetch', 'cmpxchg', 'exit'].includes(form);
    if (keeps || dst !== wanted) continue;
    if (op === 'mov64_x') wanted = src;
    else if (op === 'add64_k') added += imm;
    else if (op === 'mov64_k') return number(imm, imm >> 31, added);
    else if (op === 'lddw') return number(code[at * 4 + 2]!, code[at * 4 + 3]!, added);
    else return undefined;
  }
  return { kind: 'frame', offset: added };
}

/** Sums are not followed into the upper half. */
function number(low: number, high: number, added: number): KnownValue | undefined {
  return added === 0 ? { kind: 'number', low, high } : undefined;
}
