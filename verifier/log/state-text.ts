/** A frame as the logs print it (`print_verifier_state`): registers, stack slots, references. */
import type { Frame } from '../state/frame.ts';
import type { Register } from '../state/register.ts';
import { Kind } from '../state/register-kind.ts';
import { ByteKind, type StackByte, type StackSlot } from '../state/slot.ts';
import type { VerifierState } from '../state/state.ts';
import { registerText } from './register-text.ts';

const BYTE_LETTERS: Readonly<Record<StackByte, string>> = {
  [ByteKind.invalid]: '?',
  [ByteKind.spill]: 'r',
  [ByteKind.misc]: 'm',
  [ByteKind.zero]: '0',
  [ByteKind.dynptr]: 'd',
  [ByteKind.iterator]: 'i',
  [ByteKind.irq]: 'f',
};

/** Which parts are printed. */
export interface Selection {
  register(number: number): boolean;
  slot(index: number): boolean;
}

/** ` frame1: R0=1 R10=fp0 fp-8=mmmmmmmm refs=2`, without a line's end. */
export function frameText(state: VerifierState, number: number, select?: Selection): string {
  const frame = state.frames[number]!;
  let text = number === 0 ? '' : ` frame${number}:`;
  for (const [index, register] of frame.registers.entries()) {
    if (register.kind === Kind.notInit || select?.register(index) === false) continue;
    text += ` R${index}=${registerText(register, number)}`;
  }
  for (let index = 0; index < frame.stack.length; index++) {
    if (select?.slot(index) === false) continue;
    const { text: slot, last } = slotText(frame, index, number);
    if (slot !== '') text += ` fp${-8 * (last + 1)}=${slot}`;
    index = last;
  }
  const ids = state.references.map(({ id }) => id).filter((id) => id !== 0);
  if (ids.length > 0) text += ` refs=${ids.join(',')}`;
  if (frame.inCallback) text += ' cb';
  if (frame.inAsyncCallback) text += ' async_cb';
  return text;
}

/** Text of a slot; `last` is its index, or that of the slot it ends in (dynptrs take two). */
function slotText(frame: Frame, index: number, number: number): { text: string; last: number } {
  const slot = frame.stack[index]!;
  if (slot.bytes === 0) return { text: '', last: index };
  switch (slot.kindAt(7)) {
    case ByteKind.spill:
      return { text: lettersAbove(slot) + registerText(slot.spilled, number), last: index };
    case ByteKind.dynptr: {
      const main = frame.stack[index + 1]?.spilled ?? slot.spilled;
      return { text: dynptrText(main), last: index + 1 };
    }
    case ByteKind.iterator:
      return { text: iteratorText(slot.spilled), last: index };
    default:
      return { text: letters(slot), last: index };
  }
}

function letters(slot: StackSlot): string {
  let text = '';
  for (let b = 0; b < 8; b++) text += BYTE_LETTERS[slot.kindAt(b)];
  return text;
}

/** What lies above a spill of less than eight bytes. */
function lettersAbove(slot: StackSlot): string {
  const text = letters(slot);
  return text.slice(0, text.indexOf('r'));
}

function dynptrText({ detail, id, ref }: Register): string {
  if (detail?.kind !== 'dynptr') return '';
  const parts = [];
  if (id !== 0) parts.push(`id=${id}`);
  if (ref !== 0) parts.push(`ref_id=${ref}`);
  return `dynptr_${detail.type}(${parts.join(',')})`;
}

/** Only the main slot of an iterator has the reference. */
function iteratorText({ detail, ref }: Register): string {
  if (detail?.kind !== 'iterator' || ref === 0) return '';
  const name = detail.btf.nameOf(detail.type).replace(/^bpf_iter_/, '');
  return `iter_${name}(ref_id=${ref},state=${detail.state},depth=${detail.depth})`;
}
