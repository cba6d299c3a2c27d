/**
 * `printf` of an iterator: its text is that of the file which is read, and the kernel makes it at once (`bpf_seq_printf`). The
 * kernel's formats are fewer than ours.
 */
import type { Conversion } from '../format/parse.ts';
import type { Operand } from '../ir/ir.ts';
import type { Expression } from '../syntax/ast.ts';
import { isAggregate, isScalar } from '../types/predicates.ts';
import { address, placeOf, scalar } from './expressions.ts';
import type { Lowering } from './lowering.ts';

/** Values the kernel takes for one text (`MAX_BPRINTF_VARARGS`). */
export const MOST_SEQ_VALUES = 12;
const CONVERSIONS: ReadonlySet<string> = new Set(['d', 'i', 'u', 'x', 'X', 'p', 's', 'c']);
const WORD = 8;

/** Why the kernel cannot print this; undefined when it can. */
export function seqProblem({ conversion }: Conversion, isText: boolean): string | undefined {
  if (!CONVERSIONS.has(conversion)) return `%${conversion} in iter probes`;
  if ((conversion === 's') !== isText) return `%${conversion} of this type in iter probes`;
  return undefined;
}

export function lowerSeqPrintf(low: Lowering, format: Uint8Array, values: readonly Expression[]): void {
  const { b } = low;
  low.temporaries(() => {
    const words = values.map((value) => wordOf(low, value));
    const data = low.allocate(Math.max(words.length, 1) * WORD, WORD, MOST_SEQ_VALUES * WORD);
    for (const [index, word] of words.entries()) b.store(data.base, data.offset + index * WORD, WORD, word);
    const text = new Uint8Array(format.length + 1);
    text.set(format);
    const place = low.allocate(text.length, WORD);
    b.storeBytes(place.base, place.offset, text, place.align);
    // Both pointers must stay what the verifier knows them as: they are loaded, not read.
    const meta = b.load(low.context(), 0, WORD, false, 'context');
    const seq = b.load(meta, 0, WORD, false, 'context');
    b.callHelper('seq_printf', [
      seq,
      address(low, place),
      BigInt(text.length),
      address(low, data),
      BigInt(words.length * WORD),
    ]);
  });
}

/** A number, or the address of a text. */
function wordOf(low: Lowering, value: Expression): Operand {
  const type = low.type(value);
  return isScalar(type) || isAggregate(type) ? scalar(low, value) : address(low, placeOf(low, value));
}
