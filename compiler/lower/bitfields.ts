/** Bits of a word as a number. */
import type { Operand, Value } from '../ir/ir.ts';
import type { Bitfield } from '../types/type.ts';
import type { Lowering } from './lowering.ts';

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
