/** Section headers, with extended numbering (`e_shnum` 0: the count is section 0's size). */
import type { ByteReader } from '../byte-reader.ts';
import type { ByteSource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { SHF, SHN, SHT } from './constants.ts';
import { type ElfHeader, readAddress, readSize } from './header.ts';
import { readBytes, readRange } from './range.ts';
import { StringTable } from './string-table.ts';

export interface ElfSection {
  readonly index: number;
  readonly name: string;
  /** One of `SHT`. */
  readonly type: number;
  /** Or-ed `SHF`; flags above 32 bits are dropped. */
  readonly flags: number;
  readonly address: bigint;
  readonly offset: number;
  /** Bytes in memory; in the file too unless `type` is `NOBITS`. */
  readonly size: number;
  /** Another section: the names of symbols, the symbols of relocations. */
  readonly link: number;
  /** The section that relocations apply to; one more than the last local symbol. */
  readonly info: number;
  readonly alignment: number;
  /** 0 when the section holds no table. */
  readonly entrySize: number;
}

/** How a section with `SHF.COMPRESSED` is packed; its `data` is then packed bytes without this header. */
export interface ElfCompression {
  /** One of `ELFCOMPRESS`. */
  readonly type: number;
  /** Bytes when unpacked, as the file claims. */
  readonly size: number;
  readonly alignment: number;
  /** Bytes of the header itself. */
  readonly headerSize: number;
}

/** @throws FormatError */
export function readSections(source: ByteSource, header: ElfHeader): readonly ElfSection[] {
  const { offset, entrySize } = header.sectionTable;
  if (offset === 0) return [];
  const least = header.is64 ? 64 : 40;
  if (entrySize < least) {
    throw new FormatError('ELF', offset, `a section header takes ${entrySize} bytes, not ${least}`);
  }
  const first = readSection(
    readRange(source, offset, least, header.littleEndian, 'section header 0'),
    header,
    0,
  );
  const count = header.sectionTable.count === 0 ? first.size : header.sectionTable.count;
  const table = readRange(source, offset, count * entrySize, header.littleEndian, `${count} section headers`);
  const bare: (ElfSection & { readonly nameAt: number })[] = [];
  for (let index = 0; index < count; index++) {
    table.seek(index * entrySize, `section header ${index}`);
    bare.push(readSection(table, header, index));
  }
  const names = readNames(source, header, bare);
  return bare.map(({ nameAt, ...section }) => ({
    ...section,
    name: names.at(nameAt, `the name of section ${section.index}`),
  }));
}

/** The compression header; undefined when the section is not compressed. @throws FormatError */
export function readCompression(
  source: ByteSource,
  header: ElfHeader,
  section: ElfSection,
): ElfCompression | undefined {
  if ((section.flags & SHF.COMPRESSED) === 0 || section.type === SHT.NOBITS) return undefined;
  const headerSize = header.is64 ? 24 : 12;
  if (section.size < headerSize) {
    throw new FormatError('ELF', section.offset, `section ${section.name} is too small to be compressed`);
  }
  const reader = readRange(source, section.offset, headerSize, header.littleEndian, 'a compression header');
  const type = reader.u32('ch_type');
  if (header.is64) reader.skip(4, 'ch_reserved');
  const size = readSize(reader, header.is64, 'ch_size');
  const alignment = readSize(reader, header.is64, 'ch_addralign');
  return { type, size, alignment, headerSize };
}

function readSection(
  reader: ByteReader,
  header: ElfHeader,
  index: number,
): ElfSection & { readonly nameAt: number } {
  const { is64 } = header;
  const nameAt = reader.u32('sh_name');
  const type = reader.u32('sh_type');
  const flags = Number(BigInt.asUintN(32, readAddress(reader, is64, 'sh_flags')));
  const address = readAddress(reader, is64, 'sh_addr');
  const offset = readSize(reader, is64, 'sh_offset');
  const size = readSize(reader, is64, 'sh_size');
  const link = reader.u32('sh_link');
  const info = reader.u32('sh_info');
  const alignment = readSize(reader, is64, 'sh_addralign');
  const entrySize = readSize(reader, is64, 'sh_entsize');
  return { index, name: '', nameAt, type, flags, address, offset, size, link, info, alignment, entrySize };
}

function readNames(source: ByteSource, header: ElfHeader, sections: readonly ElfSection[]): Names {
  const index = header.nameSection === SHN.XINDEX ? (sections[0]?.link ?? 0) : header.nameSection;
  if (index === SHN.UNDEF) return NO_NAMES;
  const section = sections[index];
  if (section === undefined) {
    throw new FormatError('ELF', 0, `section names are in section ${index} of ${sections.length}`);
  }
  const size = section.type === SHT.NOBITS ? 0 : section.size;
  return new StringTable(readBytes(source, section.offset, size, 'section names'), section.offset);
}

type Names = Pick<StringTable, 'at'>;
const NO_NAMES: Names = { at: () => '' };
