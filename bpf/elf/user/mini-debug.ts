/**
 * `.gnu_debugdata` (MiniDebugInfo): a small ELF file with the symbols that were stripped, packed with xz. The size of
 * what is packed stands in the xz file's index, so that it is known before anything is unpacked (The .xz File Format 1.0.4).
 *
 *     stream header 12 · blocks · index: 00 · count · (unpadded · uncompressed)* · padding · CRC · footer 12: CRC · size of index / 4 - 1 · flags · YZ
 */
import { ByteReader } from '../../byte-reader.ts';
import { FormatError } from '../../format-error.ts';
import { type ElfFile, openElf } from '../file.ts';
import type { BinaryPorts } from './ports.ts';
import { unpack } from './section-bytes.ts';

const SECTION = '.gnu_debugdata';
const FOOTER = 12;
const MAX_BLOCKS = 1 << 16;

/** Undefined when there is none. @throws FormatError when it cannot be unpacked */
export function openMiniDebug(elf: ElfFile, ports: BinaryPorts): ElfFile | undefined {
  const section = elf.section(SECTION);
  if (section === undefined) return undefined;
  const input = elf.data(section);
  const size = xzSize(input, section.offset);
  return openElf(unpack({ algorithm: 'xz', input, size, section }, ports));
}

/** Bytes that an xz file of one stream unpacks to. `base`: its offset, for messages. @throws FormatError */
function xzSize(bytes: Uint8Array, base: number): number {
  const reader = new ByteReader(bytes, true, 'xz', base);
  const footer = bytes.length - FOOTER;
  reader.seek(footer + 4, 'the footer');
  const indexSize = (reader.u32('the size of the index') + 1) * 4;
  reader.skip(2, 'flags');
  if (reader.u16('the end') !== 0x5a59) reader.fail('it does not end as xz files do', footer + 10);
  const start = footer - indexSize;
  reader.seek(start, 'the index');
  if (reader.u8('the index') !== 0) reader.fail('there is no index', start);
  const blocks = number(reader);
  if (blocks > MAX_BLOCKS) reader.fail(`${blocks} blocks`, start);
  let size = 0;
  for (let block = 0; block < blocks; block++) {
    number(reader);
    size += number(reader);
  }
  if (!Number.isSafeInteger(size)) throw new FormatError('xz', base + start, 'it is too large');
  return size;
}

/** Seven bits a byte, the lowest first, at most nine bytes. */
function number(reader: ByteReader): number {
  let value = 0;
  let scale = 1;
  for (let count = 0; count < 9; count++) {
    const byte = reader.u8('a size');
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) return value;
  }
  return reader.fail('a size is too large');
}
