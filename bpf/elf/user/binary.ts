/**
 * `UserBinary`: a program or library as uprobes and USDT need it: functions and where they are in the file, probes,
 * build id, and debugging information wherever it is. Everything is read when asked for; what is damaged is left out and
 * told in {@link UserBinary.warnings}.
 */
import type { ByteSource } from '../../byte-source.ts';
import { type Dwarf, type FunctionSignature, openDwarf } from '../../dwarf/index.ts';
import { FormatError } from '../../format-error.ts';
import { SHT } from '../constants.ts';
import { type ElfFile, openElf } from '../file.ts';
import { fileOffsetOfCode, isLoadable } from './address.ts';
import { readBuildId } from './build-id.ts';
import { type DebugFile, debugPaths, findDebugFile } from './debug-files.ts';
import { type DebugLink, readDebugLink } from './debug-link.ts';
import { type FunctionSymbol, readFunctions } from './function-symbol.ts';
import { FunctionTable } from './function-table.ts';
import { openMiniDebug } from './mini-debug.ts';
import type { BinaryPorts } from './ports.ts';
import { sectionSource } from './section-bytes.ts';
import { readUsdt, type UsdtProbe } from './usdt.ts';

/** @throws FormatError when it is no ELF file that can be run or loaded */
export function openBinary(source: ByteSource, ports: BinaryPorts = {}): UserBinary {
  const elf = openElf(source);
  if (!isLoadable(elf)) {
    throw new FormatError('ELF', 16, `type ${elf.header.type} is no program and no shared library`);
  }
  return new UserBinary(elf, ports);
}

const MAX_WARNINGS = 100;

/** Functions that one table names; those of several tables overlap. */
export interface FunctionCount {
  readonly from: '.symtab' | '.dynsym' | '.gnu_debugdata' | 'debug file';
  readonly count: number;
}

interface FunctionsRead {
  readonly table: FunctionTable;
  readonly counts: readonly FunctionCount[];
}

/** `path`: of the separate file it is in. */
interface DwarfFound {
  readonly dwarf: Dwarf;
  readonly path: string | undefined;
}

export class UserBinary {
  readonly elf: ElfFile;
  readonly #ports: BinaryPorts;
  readonly #warnings: string[] = [];
  readonly #buildId: Lazy<string | undefined>;
  readonly #debugLink: Lazy<DebugLink | undefined>;
  readonly #functions: Lazy<FunctionsRead>;
  readonly #usdt: Lazy<readonly UsdtProbe[]>;
  readonly #debugFile: Lazy<DebugFile | undefined>;
  readonly #dwarf: Lazy<DwarfFound | undefined>;

  constructor(elf: ElfFile, ports: BinaryPorts) {
    this.elf = elf;
    this.#ports = ports;
    this.#buildId = lazy(() => readBuildId(elf));
    this.#debugLink = lazy(() => this.#attempt(() => readDebugLink(elf), undefined));
    this.#functions = lazy(() => this.#readFunctions());
    this.#usdt = lazy(() => this.#attempt(() => readUsdt(elf, (problem) => this.#warn(problem.message)), []));
    this.#debugFile = lazy(() => findDebugFile(this, ports, (problem) => this.#warn(problem)));
    this.#dwarf = lazy(() => this.#openDwarf());
  }

  /** What could not be read of the parts that were asked for. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Hexadecimal. */
  get buildId(): string | undefined {
    return this.#buildId();
  }

  get debugLink(): DebugLink | undefined {
    return this.#debugLink();
  }

  /** From `.symtab` and `.dynsym`; of a stripped file those of its debug file or `.gnu_debugdata` too. */
  get functions(): FunctionTable {
    return this.#functions().table;
  }

  /** How many functions each table names, of the tables there are. */
  get functionCounts(): readonly FunctionCount[] {
    return this.#functions().counts;
  }

  /** By provider and name. */
  get usdt(): readonly UsdtProbe[] {
    return this.#usdt();
  }

  /** The separate file with debugging information, if the port has it. */
  get debugFile(): ElfFile | undefined {
    return this.#debugFile()?.elf;
  }

  /** Where a separate file with debugging information is looked for, in order. */
  get debugPaths(): readonly string[] {
    return debugPaths(this, this.#ports.path);
  }

  /** Of the file itself, else of its debug file. */
  get dwarf(): Dwarf | undefined {
    return this.#dwarf()?.dwarf;
  }

  /** The separate file that {@link dwarf} is in; undefined when it is the file itself, or there is none. */
  get dwarfPath(): string | undefined {
    return this.#dwarf()?.path;
  }

  /** Where a uprobe on an address goes; undefined when the file has no such byte. */
  fileOffset(address: bigint): number | undefined {
    return fileOffsetOfCode(this.elf, address);
  }

  /**
   * What debugging information says of a function, by its name in the source or its symbol. With an address, the one
   * that is there: of several with that name, or under another name (`fopen` of libc is `_IO_new_fopen` in its source).
   */
  functionSignature(name: string, address?: bigint): FunctionSignature | undefined {
    const all = this.dwarf?.functions(name) ?? [];
    if (address === undefined) return all[0];
    return all.find((one) => one.address === address) ?? this.dwarf?.functionAt(address) ?? all[0];
  }

  #readFunctions(): FunctionsRead {
    const all: FunctionSymbol[][] = [];
    const counts: FunctionCount[] = [];
    const add = (from: FunctionCount['from'], elf: ElfFile, types?: readonly number[]): void => {
      const functions = this.#attempt(() => readFunctions(elf, types), []);
      all.push(functions);
      counts.push({ from, count: functions.length });
    };
    const has = (type: number): boolean => this.elf.sections.some((one) => one.type === type);
    if (has(SHT.SYMTAB)) add('.symtab', this.elf, [SHT.SYMTAB]);
    if (has(SHT.DYNSYM)) add('.dynsym', this.elf, [SHT.DYNSYM]);
    if (!has(SHT.SYMTAB)) {
      const { debugFile } = this;
      const mini = debugFile === undefined ? this.#miniDebug() : undefined;
      if (debugFile !== undefined) add('debug file', debugFile);
      else if (mini !== undefined) add('.gnu_debugdata', mini);
    }
    return { table: new FunctionTable(all.flat()), counts };
  }

  #miniDebug(): ElfFile | undefined {
    return this.#attempt(() => openMiniDebug(this.elf, this.#ports), undefined);
  }

  #openDwarf(): DwarfFound | undefined {
    const own = this.#dwarfOf(this.elf);
    if (own !== undefined) return { dwarf: own, path: undefined };
    const other = this.#debugFile();
    const dwarf = other === undefined ? undefined : this.#dwarfOf(other.elf);
    return dwarf === undefined ? undefined : { dwarf, path: other?.path };
  }

  #dwarfOf(elf: ElfFile): Dwarf | undefined {
    const sections = new Map<string, ByteSource | undefined>();
    const section = (name: string): ByteSource | undefined => {
      if (!sections.has(name)) {
        sections.set(
          name,
          this.#attempt(() => sectionSource(elf, name, this.#ports), undefined),
        );
      }
      return sections.get(name);
    };
    return this.#attempt(() => openDwarf({ littleEndian: elf.header.littleEndian, section }), undefined);
  }

  #attempt<T>(read: () => T, fallback: T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#warn(error.message);
      return fallback;
    }
  }

  #warn(problem: string): void {
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(problem);
  }
}

type Lazy<T> = () => T;

function lazy<T>(make: () => T): Lazy<T> {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
