/**
 * printf as bpftrace does it: checked format pieces over typed cells. Integer conversions without a length take the low
 * 32 bits; precision and the space flag are accepted and ignored; zeros go left of the sign.
 */
import type { FormatPiece } from '../../compiler/script-info.ts';
import { type ByteString, byteString } from './byte-string.ts';
import type { PrintContext } from './context.ts';
import { gfpFlags } from './gfp-flags.ts';
import { type Cell, readBuffer, readNumber } from './read.ts';
import { escapedBuffer, textOf } from './text-value.ts';

type Conversion = Extract<FormatPiece, { readonly kind: 'conversion' }>;

const LENGTH_BITS: Readonly<Record<Conversion['length'], number>> = {
  hh: 8,
  h: 16,
  '': 32,
  l: 64,
  ll: 64,
  j: 64,
  z: 64,
  t: 64,
  L: 64,
};

/** The text of a format applied to its arguments. */
export function formatPieces(
  pieces: readonly FormatPiece[],
  args: readonly Cell[],
  context: PrintContext,
): ByteString {
  let text = '';
  for (const piece of pieces) {
    text += piece.kind === 'text' ? byteString(piece.bytes) : convert(piece, args[piece.arg]!, context);
  }
  return text;
}

function convert(piece: Conversion, cell: Cell, context: PrintContext): ByteString {
  switch (piece.conversion) {
    case 'd':
    case 'i':
      return padded(piece, signed(piece, cell), true);
    case 'u':
      return padded(piece, unsigned(piece, cell).toString(), true);
    case 'o':
      return padded(piece, radix(piece, cell, 8, '0'), true);
    case 'x':
      return padded(piece, radix(piece, cell, 16, '0x'), true);
    case 'X':
      return padded(piece, radix(piece, cell, 16, '0x').toUpperCase(), true);
    case 'p': {
      const value = BigInt.asUintN(64, readNumber(cell));
      return padded(piece, value === 0n ? '0' : `0x${value.toString(16)}`, true);
    }
    case 'c':
      return padded(piece, String.fromCharCode(Number(readNumber(cell) & 0xffn)), false);
    case 's': {
      const text = textOf(cell, context);
      const first = firstPiece(cell.type, text);
      return padded(piece, text.slice(0, first), false) + text.slice(first);
    }
    case 'r':
      return padded(piece, escapedBuffer(readBuffer(cell)), false);
    case 'rx':
      return padded(piece, hexBytes(readBuffer(cell), '\\x', ''), false);
    case 'rh':
      return padded(piece, hexBytes(readBuffer(cell), '', ' '), false);
    case 'gr':
      return padded(piece, gfpFlags(readNumber(cell)), false);
  }
}

/** bpftrace writes composite values in pieces, and the width goes to the first: `%5s` of a tuple is `    (1, 2)`. */
function firstPiece({ kind }: Cell['type'], text: ByteString): number {
  if (kind === 'struct' || text.startsWith('{')) return kind === 'string' ? text.length : 2;
  return kind === 'tuple' || kind === 'array' ? 1 : text.length;
}

function signed(piece: Conversion, cell: Cell): string {
  const value = BigInt.asIntN(LENGTH_BITS[piece.length], readNumber(cell));
  return piece.flags.plus && value >= 0n ? `+${value}` : value.toString();
}

function unsigned(piece: Conversion, cell: Cell): bigint {
  return BigInt.asUintN(LENGTH_BITS[piece.length], readNumber(cell));
}

function radix(piece: Conversion, cell: Cell, base: 8 | 16, prefix: string): string {
  const value = unsigned(piece, cell);
  return piece.flags.alternate && value !== 0n ? prefix + value.toString(base) : value.toString(base);
}

function padded(piece: Conversion, text: string, zeros: boolean): string {
  const width = piece.width ?? 0;
  if (piece.flags.left) return text.padEnd(width);
  return text.padStart(width, zeros && piece.flags.zero ? '0' : ' ');
}

function hexBytes(bytes: Uint8Array, before: string, between: string): string {
  return [...bytes].map((byte) => before + byte.toString(16).padStart(2, '0')).join(between);
}
