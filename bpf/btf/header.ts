/** What `.BTF` and `.BTF.ext` begin with: magic u16 | version u8 | flags u8 | hdr_len. */
import type { ByteReader } from '../byte-reader.ts';
import { BTF_MAGIC, BTF_VERSION } from './wire.ts';

/** The byte order that the magic number is written in. */
export function isLittleEndian(bytes: Uint8Array): boolean {
  return bytes[0] === (BTF_MAGIC & 0xff);
}

/** The header's length, at least `least`: a longer one says more that nobody asks for. @throws FormatError */
export function readHeaderSize(reader: ByteReader, least: number): number {
  const magic = reader.u16('the magic number');
  if (magic !== BTF_MAGIC) reader.fail(`the magic number is ${magic.toString(16)}, not eb9f`, 0);
  const version = reader.u8('the version');
  if (version !== BTF_VERSION) reader.fail(`version ${version} is unknown`, 2);
  const flags = reader.u8('the flags');
  if (flags !== 0) reader.fail(`flags ${flags} are unknown`, 3);
  const size = reader.u32('the length of the header');
  if (size < least) reader.fail(`a header of ${size} bytes is too short`, 4);
  return size;
}
