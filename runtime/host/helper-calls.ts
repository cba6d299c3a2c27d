/** Which helpers programs call: what they do not ask for need not be made ready. */
import { CallKind } from '../../bpf/fields.ts';
import type { Instruction } from '../../bpf/instruction.ts';

/** Does it call one of these helpers? */
export function callsAny(instructions: readonly Instruction[], helpers: ReadonlySet<number>): boolean {
  return instructions.some(
    ({ op, src, imm }) => op === 'call' && src === CallKind.helper && helpers.has(imm),
  );
}

/** Does it call any other helper than these, or anything else that may be one? */
export function callsOther(instructions: readonly Instruction[], helpers: ReadonlySet<number>): boolean {
  return instructions.some(({ op, src, imm }) => {
    if (op === 'callx') return true;
    if (op !== 'call' || src === CallKind.local) return false;
    return src !== CallKind.helper || !helpers.has(imm);
  });
}
