/**
 * `.gnu_debuglink`: the name of a file with debugging information, and the CRC-32 of that file (gdb manual, Separate
 * Debug Files).
 *
 *     name · NUL · padding to 4 · CRC-32
 */
import type { ByteSource } from '../../byte-source.ts';
import type { ElfFile } from '../file.ts';

export interface DebugLink {
  readonly name: string;
  readonly crc: number;
}

const SECTION = '.gnu_debuglink';
const MAX_NAME = 4096;
const PIECE = 1 << 20;

/** Undefined when there is none. @throws FormatError */
export function readDebugLink(elf: ElfFile): DebugLink | undefined {
  const section = elf.section(SECTION);
  if (section === undefined) return undefined;
  const reader = elf.reader(section);
  const name = reader.text('the name of the debug file', MAX_NAME);
  reader.seek((reader.position + 3) & ~3, 'the checksum of the debug file');
  return { name, crc: reader.u32('the checksum of the debug file') };
}

/** Where gdb looks, in its order. `binary`: path of the file that has the link, if known. */
export function debugLinkPaths(link: DebugLink, binary: string | undefined): readonly string[] {
  // A name with a path in it could lead anywhere.
  if (link.name.includes('/')) return [];
  const slash = binary?.lastIndexOf('/') ?? -1;
  const directory = binary === undefined || slash < 0 ? '' : binary.slice(0, slash + 1);
  const beside = [`${directory}${link.name}`, `${directory}.debug/${link.name}`];
  return directory.startsWith('/') ? [...beside, `/usr/lib/debug${directory}${link.name}`] : beside;
}

/** CRC-32 of a whole file (as zlib's), read in pieces. */
export function fileCrc(source: ByteSource): number {
  const table = crcTable();
  let crc = 0xffffffff;
  for (let offset = 0; offset < source.size; offset += PIECE) {
    for (const byte of source.read(offset, PIECE)) crc = (table[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function crcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value >>> 0;
  });
}
