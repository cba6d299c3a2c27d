/** Bits of a word as a number. */
import type { Operand, Value } from '../ir/ir.ts';
import type { Bitfield } from '../types/type.ts';
import type { Lowering } from './lowering.ts';
import { alignAt, type Place } from './place.ts';

/** `word` is zero-extended. */
export function extractBits(
  { b }: Lowering,
  word: Value,
  { shift, bits }: Bitfield,
  signed: boolean,
): Operand {
  if (signed) {
    const high = b.binary('shl', word, BigInt(64 - shift - bits));
    return b.binary('ashr', high, BigInt(64 - bits));
  }
  const low = shift === 0 ? word : b.binary('lshr', word, BigInt(shift));
  return b.binary('and', low, (1n << BigInt(bits)) - 1n);
}

/** Bytes as a number, zero-extended; in pieces where the verifier would not take one load of them. */
export function loadBytes(low: Lowering, place: Place, size: number): Value {
  const { b } = low;
  let whole: Value | undefined;
  for (let at = 0; at < size; ) {
    const align = place.stack ? alignAt(place.align, at) : 8;
    const step = ([8, 4, 2] as const).find((one) => one <= align && at + one <= size) ?? 1;
    const piece = b.load(place.base, place.offset + at, step);
    const raised = at === 0 ? piece : b.binary('shl', piece, BigInt(at * 8));
    whole = whole === undefined ? raised : b.binary('or', whole, raised);
    at += step;
  }
  return whole ?? b.constant(0n);
}
