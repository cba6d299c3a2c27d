/** Reading a range of a file whose numbers may be hostile: the range is checked against the file before it is read. */
import { ByteReader } from '../byte-reader.ts';
import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';

/** Bytes of the file. @throws FormatError when they are not all there */
export function readBytes(source: ByteSource, offset: number, length: number, what: string): Uint8Array {
  if (offset > source.size || length > source.size - offset) {
    throw new FormatError(
      'ELF',
      offset,
      `${what} takes ${length} bytes, and ${Math.max(0, source.size - offset)} are left`,
    );
  }
  const bytes = source.read(offset, length);
  if (bytes.length < length) {
    throw new FormatError('ELF', offset + bytes.length, `${what} is cut off`);
  }
  return bytes;
}

/** A cursor over a range of the file; its errors tell offsets of the file. @throws FormatError */
export function readRange(
  source: ByteSource,
  offset: number,
  length: number,
  littleEndian: boolean,
  what: string,
): ByteReader {
  return new ByteReader(readBytes(source, offset, length, what), littleEndian, 'ELF', offset);
}
