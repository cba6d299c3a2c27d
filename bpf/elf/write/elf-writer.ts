/**
 * A relocatable ELF file being made: sections, symbols and REL relocations in the order they were added, of both classes
 * and byte orders. Local symbols go before the others, as ELF demands, so a symbol is named by a handle until the end.
 *
 *     | header | section | section | … | .rel… | .symtab | .strtab | section headers |
 */
import { EI, ELFDATA, EM, ET, SHF, SHN, SHT, STB } from '../constants.ts';
import { ByteWriter } from './byte-writer.ts';
import { StringTableBuilder } from './string-table.ts';

export interface ElfWriterOptions {
  readonly littleEndian: boolean;
  /** Default true. */
  readonly is64?: boolean;
  /** One of `EM`; default BPF. */
  readonly machine?: number;
}

export interface NewSection {
  readonly name: string;
  /** One of `SHT`; not a table the writer makes by itself. */
  readonly type: number;
  /** Or-ed `SHF`; default 0. */
  readonly flags?: number;
  /** Default 1. */
  readonly alignment?: number;
  readonly entrySize?: number;
  /** Without it, `size` bytes of zeros that are not in the file (`SHT.NOBITS`). */
  readonly data?: Uint8Array;
  readonly size?: number;
}

export interface NewSymbol {
  readonly name: string;
  readonly value: bigint;
  readonly size: number;
  /** One of `STT`. */
  readonly type: number;
  /** One of `STB`. */
  readonly binding: number;
  /** One of `STV`; default 0. */
  readonly visibility?: number;
  /** A section's index, or one of `SHN`. */
  readonly section: number;
}

/** What `addSymbol` gave. */
export type SymbolHandle = number;

export interface NewRelocation {
  /** From the start of the section it applies to. */
  readonly offset: number;
  readonly symbol: SymbolHandle;
  readonly type: number;
}

interface PlacedSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly alignment: number;
  readonly entrySize: number;
  readonly data: Uint8Array | undefined;
  readonly size: number;
  readonly link: number;
  readonly info: number;
}

export class ElfWriter {
  readonly #littleEndian: boolean;
  readonly #is64: boolean;
  readonly #machine: number;
  readonly #sections: NewSection[] = [];
  readonly #symbols: NewSymbol[] = [];
  readonly #relocations: Map<number, NewRelocation[]> = new Map();

  constructor(options: ElfWriterOptions) {
    this.#littleEndian = options.littleEndian;
    this.#is64 = options.is64 ?? true;
    this.#machine = options.machine ?? EM.BPF;
  }

  /** The section's index. */
  addSection(section: NewSection): number {
    return this.#sections.push(section);
  }

  addSymbol(symbol: NewSymbol): SymbolHandle {
    return this.#symbols.push(symbol) - 1;
  }

  /** Of the section with that index. */
  addRelocation(section: number, relocation: NewRelocation): void {
    const list = this.#relocations.get(section) ?? [];
    this.#relocations.set(section, list);
    list.push(relocation);
  }

  finish(): Uint8Array {
    const names = new StringTableBuilder();
    const { table, indexes, locals } = this.#symbolTable(names);
    const own = this.#sections.map((section) => placed(section));
    const symtabIndex = 1 + own.length + this.#relocations.size;
    const sections = [
      ...own,
      ...this.#relocationSections(symtabIndex, indexes),
      placed(
        {
          name: '.symtab',
          type: SHT.SYMTAB,
          alignment: this.#is64 ? 8 : 4,
          entrySize: this.#is64 ? 24 : 16,
          data: table,
        },
        symtabIndex + 1,
        locals,
      ),
    ];
    const nameOffsets = sections.map(({ name }) => names.add(name));
    nameOffsets.push(names.add('.strtab'));
    sections.push(placed({ name: '.strtab', type: SHT.STRTAB, data: names.bytes() }));
    return this.#assemble(sections, nameOffsets);
  }

  #symbolTable(names: StringTableBuilder): {
    readonly table: Uint8Array;
    readonly indexes: readonly number[];
    readonly locals: number;
  } {
    const writer = new ByteWriter(this.#littleEndian);
    const handles = [...this.#symbols.keys()];
    const isLocal = (handle: number): boolean => this.#symbols[handle]!.binding === STB.LOCAL;
    const order = [...handles.filter(isLocal), ...handles.filter((handle) => !isLocal(handle))];
    const indexes: number[] = [];
    this.#writeSymbol(writer, 0, NULL_SYMBOL);
    for (const [at, handle] of order.entries()) {
      const symbol = this.#symbols[handle]!;
      indexes[handle] = at + 1;
      this.#writeSymbol(writer, names.add(symbol.name), symbol);
    }
    return { table: writer.finish(), indexes, locals: 1 + handles.filter(isLocal).length };
  }

  #writeSymbol(writer: ByteWriter, name: number, symbol: NewSymbol): void {
    const info = (symbol.binding << 4) | symbol.type;
    writer.u32(name);
    if (!this.#is64) {
      writer.u32(Number(symbol.value));
      writer.u32(symbol.size);
    }
    writer.u8(info);
    writer.u8(symbol.visibility ?? 0);
    writer.u16(symbol.section);
    if (this.#is64) {
      writer.u64(symbol.value);
      writer.u64(BigInt(symbol.size));
    }
  }

  #relocationSections(symtab: number, indexes: readonly number[]): PlacedSection[] {
    return [...this.#relocations].map(([target, relocations]) => {
      const writer = new ByteWriter(this.#littleEndian);
      for (const { offset, symbol, type } of relocations) {
        const index = indexes[symbol]!;
        if (this.#is64) {
          writer.u64(BigInt(offset));
          writer.u64((BigInt(index) << 32n) | BigInt(type));
        } else {
          writer.u32(offset);
          writer.u32((index << 8) | type);
        }
      }
      const section = {
        name: `.rel${this.#sections[target - 1]!.name}`,
        type: SHT.REL,
        flags: SHF.INFO_LINK,
        alignment: this.#is64 ? 8 : 4,
        entrySize: this.#is64 ? 16 : 8,
        data: writer.finish(),
      };
      return placed(section, symtab, target);
    });
  }

  #assemble(sections: readonly PlacedSection[], names: readonly number[]): Uint8Array {
    const writer = new ByteWriter(this.#littleEndian);
    const headerSize = this.#is64 ? 64 : 52;
    writer.zeros(headerSize);
    const offsets = sections.map((section) => {
      if (section.data === undefined) return writer.length;
      writer.align(section.alignment);
      const at = writer.length;
      writer.bytes(section.data);
      return at;
    });
    writer.align(8);
    const tableAt = writer.length;
    this.#writeSection(writer, 0, 0, NULL_SECTION);
    for (const [index, section] of sections.entries()) {
      this.#writeSection(writer, names[index]!, offsets[index]!, section);
    }
    writer.patchBytes(0, this.#header(tableAt, sections.length + 1));
    return writer.finish();
  }

  #header(sectionTable: number, count: number): Uint8Array {
    const writer = new ByteWriter(this.#littleEndian);
    const word = (value: number): void => (this.#is64 ? writer.u64(BigInt(value)) : writer.u32(value));
    const ident = new Uint8Array(EI.NIDENT);
    ident.set([
      0x7f,
      0x45,
      0x4c,
      0x46,
      this.#is64 ? 2 : 1,
      this.#littleEndian ? ELFDATA.LSB : ELFDATA.MSB,
      1,
    ]);
    writer.bytes(ident);
    writer.u16(ET.REL);
    writer.u16(this.#machine);
    writer.u32(1);
    word(0);
    word(0);
    word(sectionTable);
    writer.u32(0);
    writer.u16(this.#is64 ? 64 : 52);
    writer.u16(0);
    writer.u16(0);
    writer.u16(this.#is64 ? 64 : 40);
    writer.u16(count);
    writer.u16(count - 1);
    return writer.finish();
  }

  #writeSection(writer: ByteWriter, name: number, offset: number, section: PlacedSection): void {
    const word = (value: number): void => (this.#is64 ? writer.u64(BigInt(value)) : writer.u32(value));
    writer.u32(name);
    writer.u32(section.type);
    word(section.flags);
    word(0);
    word(section.type === SHT.NULL ? 0 : offset);
    word(section.size);
    writer.u32(section.link);
    writer.u32(section.info);
    word(section.alignment);
    word(section.entrySize);
  }
}

function placed(section: NewSection, link = 0, info = 0): PlacedSection {
  const { name, type, flags = 0, alignment = 1, entrySize = 0, data } = section;
  return {
    name,
    type,
    flags,
    alignment,
    entrySize,
    data,
    size: data?.length ?? section.size ?? 0,
    link,
    info,
  };
}

const NULL_SYMBOL: NewSymbol = { name: '', value: 0n, size: 0, type: 0, binding: 0, section: SHN.UNDEF };
const NULL_SECTION: PlacedSection = {
  name: '',
  type: SHT.NULL,
  flags: 0,
  alignment: 0,
  entrySize: 0,
  data: undefined,
  size: 0,
  link: 0,
  info: 0,
};
