/**
 * An ELF file as such: header, segments, sections, symbols, relocations and notes, of both classes and byte orders.
 * Headers are read at once, everything else when asked for; no number of the file is trusted (all are checked against
 * its size). BPF objects (`object/`) and user binaries (`user/`) stand on it.
 */
import type { ByteReader } from '../byte-reader.ts';
import { type ByteSource, memorySource } from '../byte-source.ts';
import { FormatError } from '../format-error.ts';
import { SHT } from './constants.ts';
import { type ElfRelocation, readRelocations } from './elf-relocation.ts';
import { type ElfHeader, readHeader } from './header.ts';
import { type ElfNote, readNotes } from './note.ts';
import { readBytes, readRange } from './range.ts';
import { type ElfCompression, type ElfSection, readCompression, readSections } from './section.ts';
import { addressOf, type ElfSegment, fileOffsetOf, readSegments } from './segment.ts';
import { StringTable } from './string-table.ts';
import { type ElfSymbol, readSymbols } from './symbol.ts';

/** Reads the headers. @throws FormatError */
export function openElf(source: Uint8Array | ByteSource): ElfFile {
  return new ElfFile(source instanceof Uint8Array ? memorySource(source) : source);
}

export class ElfFile {
  readonly source: ByteSource;
  readonly header: ElfHeader;
  /** By index; 0 is the null section. */
  readonly sections: readonly ElfSection[];
  readonly segments: readonly ElfSegment[];
  readonly #byName: ReadonlyMap<string, ElfSection>;
  readonly #strings = new Map<number, StringTable>();

  constructor(source: ByteSource) {
    this.source = source;
    this.header = readHeader(source);
    this.sections = readSections(source, this.header);
    this.segments = readSegments(source, this.header, this.sections);
    // The first of a name stands for it.
    this.#byName = new Map([...this.sections].reverse().map((section) => [section.name, section]));
  }

  /** The first section of that name. */
  section(name: string): ElfSection | undefined {
    return this.#byName.get(name);
  }

  /**
   * The section's bytes in the file: none of `NOBITS`, without the header when compressed (see {@link compression}).
   * @throws FormatError when they are not all there
   */
  data(section: ElfSection): Uint8Array {
    if (section.type === SHT.NOBITS || section.type === SHT.NULL) return NOTHING;
    const skip = this.compression(section)?.headerSize ?? 0;
    return readBytes(this.source, section.offset + skip, section.size - skip, `section ${section.name}`);
  }

  /** How the section is packed; undefined when it is not. @throws FormatError */
  compression(section: ElfSection): ElfCompression | undefined {
    return readCompression(this.source, this.header, section);
  }

  /** A cursor over the section's bytes whose errors tell offsets of the file. @throws FormatError */
  reader(section: ElfSection): ByteReader {
    const size = section.type === SHT.NOBITS ? 0 : section.size;
    return readRange(this.source, section.offset, size, this.header.littleEndian, `section ${section.name}`);
  }

  /** Of a `SYMTAB` or `DYNSYM` section; the first is the null symbol. @throws FormatError */
  symbols(section: ElfSection): readonly ElfSymbol[] {
    const entrySize = this.#entrySize(section, this.header.is64 ? 24 : 16);
    const extended = this.sections.find((one) => one.type === SHT.SYMTAB_SHNDX && one.link === section.index);
    return readSymbols(
      this.reader(section),
      entrySize,
      this.header.is64,
      this.strings(section.link, `the names of ${section.name}`),
      extended === undefined ? undefined : this.reader(extended),
    );
  }

  /** Of a `REL` or `RELA` section. @throws FormatError */
  relocations(section: ElfSection): readonly ElfRelocation[] {
    const withAddend = section.type === SHT.RELA;
    const words = withAddend ? 3 : 2;
    const entrySize = this.#entrySize(section, words * (this.header.is64 ? 8 : 4));
    return readRelocations(this.reader(section), entrySize, this.header.is64, withAddend);
  }

  /** Of a `NOTE` section or segment. @throws FormatError */
  notes(where: ElfSection | ElfSegment): readonly ElfNote[] {
    if (!('fileSize' in where)) return readNotes(this.reader(where), where.alignment, where.offset);
    const { offset, fileSize, alignment } = where;
    const reader = readRange(this.source, offset, fileSize, this.header.littleEndian, 'a note segment');
    return readNotes(reader, alignment, offset);
  }

  /** The names in section `index`. @throws FormatError when there is none */
  strings(index: number, what: string): StringTable {
    const known = this.#strings.get(index);
    if (known !== undefined) return known;
    const section = this.sections[index];
    if (section === undefined) {
      throw new FormatError(
        'ELF',
        this.header.sectionTable.offset,
        `${what} are in section ${index} of ${this.sections.length}`,
      );
    }
    const table = new StringTable(this.data(section), section.offset);
    this.#strings.set(index, table);
    return table;
  }

  /** Where the byte at an address of memory is in the file; undefined when no loaded segment has it. */
  fileOffset(address: bigint): number | undefined {
    return fileOffsetOf(this.segments, address);
  }

  /** The address a byte of the file is loaded at; undefined when it is not loaded. */
  address(fileOffset: number): bigint | undefined {
    return addressOf(this.segments, fileOffset);
  }

  #entrySize(section: ElfSection, least: number): number {
    // Some tools leave it 0.
    if (section.entrySize === 0) return least;
    if (section.entrySize >= least) return section.entrySize;
    throw new FormatError(
      'ELF',
      section.offset,
      `entries of section ${section.name} take ${section.entrySize} bytes, not ${least}`,
    );
  }
}

const NOTHING = new Uint8Array(0);
