/** Symbol tables (`.symtab`, `.dynsym`), with extended section indexes (`SHT.SYMTAB_SHNDX`). */
import type { ByteReader } from '../byte-reader.ts';
import { SHN } from './constants.ts';
import { readAddress, readSize } from './header.ts';
import type { StringTable } from './string-table.ts';

export interface ElfSymbol {
  /** Position in its table; relocations name symbols by it. */
  readonly index: number;
  readonly name: string;
  /** An address; in relocatable files an offset in its section. */
  readonly value: bigint;
  readonly size: number;
  /** One of `STT`. */
  readonly type: number;
  /** One of `STB`. */
  readonly binding: number;
  /** One of `STV`. */
  readonly visibility: number;
  /** The section's index, extended numbering resolved; or `SHN.UNDEF`, or one of `SHN` above `LORESERVE` ({@link special}). */
  readonly section: number;
  /** `section` is no index but one of `SHN`. */
  readonly special: boolean;
}

/** @throws FormatError */
export function readSymbols(
  reader: ByteReader,
  entrySize: number,
  is64: boolean,
  names: StringTable,
  extended: ByteReader | undefined,
): readonly ElfSymbol[] {
  const count = Math.floor(reader.bytes.length / entrySize);
  const symbols: ElfSymbol[] = [];
  for (let index = 0; index < count; index++) {
    reader.seek(index * entrySize, `symbol ${index}`);
    symbols.push(readSymbol(reader, index, is64, names, extended));
  }
  return symbols;
}

function readSymbol(
  reader: ByteReader,
  index: number,
  is64: boolean,
  names: StringTable,
  extended: ByteReader | undefined,
): ElfSymbol {
  const nameAt = reader.u32('st_name');
  // The two classes order the same fields differently.
  const early = is64 ? undefined : readPlace(reader, is64);
  const info = reader.u8('st_info');
  const other = reader.u8('st_other');
  const shortIndex = reader.u16('st_shndx');
  const { value, size } = early ?? readPlace(reader, is64);
  const section = shortIndex === SHN.XINDEX ? extendedIndex(extended, index) : shortIndex;
  return {
    index,
    name: names.at(nameAt, `the name of symbol ${index}`),
    value,
    size,
    type: info & 0xf,
    binding: info >> 4,
    visibility: other & 3,
    section,
    special: shortIndex >= SHN.LORESERVE && shortIndex !== SHN.XINDEX,
  };
}

function readPlace(reader: ByteReader, is64: boolean): { readonly value: bigint; readonly size: number } {
  const value = readAddress(reader, is64, 'st_value');
  return { value, size: readSize(reader, is64, 'st_size') };
}

function extendedIndex(extended: ByteReader | undefined, index: number): number {
  if (extended === undefined) return SHN.XINDEX;
  extended.seek(index * 4, `the section of symbol ${index}`);
  return extended.u32(`the section of symbol ${index}`);
}
