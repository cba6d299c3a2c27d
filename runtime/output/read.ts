/** Reads stored bytes as the language's values. Little endian, as every machine we run on. */
import type { IntegerType, Type } from '../../compiler/types/type.ts';

/** A typed place in bytes. */
export interface Cell {
  readonly type: Type;
  readonly bytes: Uint8Array;
  readonly offset: number;
}

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The integer at a cell, by its size and sign. */
export function readInteger(
  type: Pick<IntegerType, 'size' | 'signed'>,
  bytes: Uint8Array,
  offset: number,
): bigint {
  const view = viewOf(bytes);
  switch (type.size) {
    case 1:
      return BigInt(type.signed ? view.getInt8(offset) : view.getUint8(offset));
    case 2:
      return BigInt(type.signed ? view.getInt16(offset, true) : view.getUint16(offset, true));
    case 4:
      return BigInt(type.signed ? view.getInt32(offset, true) : view.getUint32(offset, true));
    case 8:
      return type.signed ? view.getBigInt64(offset, true) : view.getBigUint64(offset, true);
  }
}

/** The number printf's integer conversions take: integers, booleans, pointers and stamps. */
export function readNumber(cell: Cell): bigint {
  const { type, bytes, offset } = cell;
  if (type.kind === 'integer') return readInteger(type, bytes, offset);
  if (type.kind === 'boolean') return BigInt(bytes[offset]! !== 0 ? 1 : 0);
  return readInteger({ size: 8, signed: false }, bytes, offset);
}

/** The bytes of a NUL-terminated buffer and whether the NUL was there. */
export function readString(cell: Cell): { readonly text: Uint8Array; readonly terminated: boolean } {
  const buffer = cell.bytes.subarray(cell.offset, cell.offset + cell.type.size);
  const end = buffer.indexOf(0);
  return end < 0 ? { text: buffer, terminated: false } : { text: buffer.subarray(0, end), terminated: true };
}

/** The content of a length-prefixed buffer; the length is clamped to what is there. */
export function readBuffer(cell: Cell): Uint8Array {
  const start = cell.offset + 4;
  const length = Math.min(viewOf(cell.bytes).getUint32(cell.offset, true), cell.type.size - 4);
  return cell.bytes.subarray(start, start + length);
}
