/**
 * A BPF object as sections, symbols and relocations, each section with the part it plays (libbpf's
 * `bpf_object__elf_collect`). What is wrong is told with section and offset. Invariant: sections do not share bytes, so
 * that all of them together are never more than the file.
 */
import type { ByteOrder } from '../../decode.ts';
import { FormatError } from '../../format-error.ts';
import { EM, ET, SHN, SHT } from '../constants.ts';
import type { ElfRelocation } from '../elf-relocation.ts';
import { type ElfFile, openElf } from '../file.ts';
import type { ElfSection } from '../section.ts';
import type { ElfSymbol } from '../symbol.ts';
import { type SectionRole, sectionRole } from './section-role.ts';

export class ObjectFile {
  readonly elf: ElfFile;
  /** File name, for messages. */
  readonly name: string;
  readonly order: ByteOrder;
  readonly symbols: readonly ElfSymbol[];
  readonly warnings: string[] = [];
  readonly #roles: readonly SectionRole[];
  readonly #relocations: ReadonlyMap<number, ElfSection>;

  /** @throws FormatError */
  constructor(bytes: Uint8Array, name: string) {
    this.elf = openElf(bytes);
    this.name = name;
    const { header, sections } = this.elf;
    this.order = header.littleEndian ? 'little' : 'big';
    if (header.type !== ET.REL) {
      throw new FormatError('ELF', 16, `${name} is no object: its type is ${header.type}, not 1`);
    }
    // Old compilers left the machine 0.
    if (header.machine !== EM.BPF && header.machine !== EM.NONE) {
      throw new FormatError('ELF', 18, `${name} holds no BPF: its machine is ${header.machine}, not 247`);
    }
    if (!header.is64) throw new FormatError('ELF', 4, `${name} is a 32-bit file, and BPF objects have 64`);
    this.#checkOverlap();
    this.#roles = sections.map(sectionRole);
    const table = sections.find((section) => section.type === SHT.SYMTAB);
    this.symbols = table === undefined ? [] : this.elf.symbols(table);
    this.#relocations = new Map(
      sections.filter(({ type }) => type === SHT.REL).map((section) => [section.info, section]),
    );
    for (const section of sections) this.#checkRelocations(section, table);
  }

  roleOf(section: ElfSection): SectionRole {
    return this.#roles[section.index]!;
  }

  withRole(role: SectionRole): readonly ElfSection[] {
    return this.elf.sections.filter((section) => this.roleOf(section) === role);
  }

  /** Relocations of a section, in the order of the file. @throws FormatError */
  relocationsOf(section: ElfSection): readonly ElfRelocation[] {
    const table = this.#relocations.get(section.index);
    return table === undefined ? [] : this.elf.relocations(table);
  }

  /** The symbol a relocation of `section` names. @throws FormatError */
  symbolOf(relocation: ElfRelocation, section: ElfSection): ElfSymbol {
    const symbol = this.symbols[relocation.symbol];
    if (symbol !== undefined) return symbol;
    return this.fail(
      section,
      relocation.offset,
      `a relocation names symbol ${relocation.symbol} of ${this.symbols.length}`,
    );
  }

  /** Where a symbol is; undefined when it is extern or in no section. */
  sectionOf(symbol: ElfSymbol): ElfSection | undefined {
    return symbol.special || symbol.section === SHN.UNDEF ? undefined : this.elf.sections[symbol.section];
  }

  /** The symbol's name; a section symbol is called as its section. */
  nameOf(symbol: ElfSymbol): string {
    return symbol.name === '' ? (this.sectionOf(symbol)?.name ?? '') : symbol.name;
  }

  /** @throws FormatError at a byte of a section */
  fail(section: ElfSection, offset: number, problem: string): never {
    throw new FormatError('ELF', section.offset + offset, `section ${section.name}+${offset}: ${problem}`);
  }

  /** @throws FormatError at a symbol */
  failSymbol({ index, name }: ElfSymbol, problem: string): never {
    const table = this.elf.sections.find(({ type }) => type === SHT.SYMTAB)!;
    throw new FormatError('ELF', table.offset + index * SYMBOL_SIZE, `symbol ${name} ${problem}`);
  }

  /** Reads a section by another reader, whose errors then tell offsets of the file. @throws FormatError */
  readInside<T>(section: ElfSection, read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const { format, offset, message } = error;
      const problem = message.replace(/^.*?: byte \d+: /, '');
      throw new FormatError(format, section.offset + offset, `section ${section.name}+${offset}: ${problem}`);
    }
  }

  warn(section: ElfSection, offset: number, problem: string): void {
    if (this.warnings.length < MAX_WARNINGS) this.warnings.push(`${section.name}+${offset}: ${problem}`);
    else if (this.warnings.length === MAX_WARNINGS) this.warnings.push('there are more warnings');
  }

  #checkOverlap(): void {
    const stored = this.elf.sections
      .filter(({ type, size }) => type !== SHT.NULL && type !== SHT.NOBITS && size > 0)
      .toSorted((a, b) => a.offset - b.offset);
    let end = 0;
    for (const section of stored) {
      if (section.offset < end) {
        throw new FormatError('ELF', section.offset, `section ${section.name} overlaps the one before it`);
      }
      end = section.offset + section.size;
    }
  }

  #checkRelocations(section: ElfSection, symbols: ElfSection | undefined): void {
    if (section.type !== SHT.REL && section.type !== SHT.RELA) return;
    const target = this.elf.sections[section.info];
    if (target === undefined) {
      this.fail(section, 0, `relocates section ${section.info} of ${this.elf.sections.length}`);
    }
    const role = this.roleOf(target);
    if (role === 'other' || role === 'types' || role === 'extension') return;
    if (section.link !== symbols?.index) {
      this.fail(section, 0, `its symbols are in section ${section.link}, which is not the symbol table`);
    }
    if (section.type === SHT.RELA) this.fail(section, 0, 'BPF objects have no relocations with addends');
    if (this.#relocations.get(section.info) !== section) {
      this.fail(section, 0, `relocates ${target.name}, which another section relocates too`);
    }
  }
}

const SYMBOL_SIZE = 24;
const MAX_WARNINGS = 200;
