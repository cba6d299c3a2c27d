/**
 * `Dwarf`: what debugging information (DWARF 2 to 5, as compilers write it for C and C++) says of functions and their
 * types. Units are found by their headers; the first question for a name costs one pass over all of them.
 */
import { FormatError } from '../format-error.ts';
import type { AttributeValue } from './attribute.ts';
import { cText, type TypeLookup } from './c-text.ts';
import { ATTRIBUTE } from './constants.ts';
import { type Entry, readEntry } from './entry.ts';
import { FunctionIndex } from './function-index.ts';
import { type FileTable, readFileTable } from './line-files.ts';
import { readLineRows } from './line-program.ts';
import type { NameIndex } from './name-index.ts';
import { DwarfReading } from './reading.ts';
import type { DwarfSections } from './sections.ts';
import { type FunctionCode, type FunctionSignature, readSignature } from './signature.ts';
import type { DwarfComposite, DwarfEnum, DwarfType, DwarfTypeId } from './type.ts';
import { indexTypes } from './type-index.ts';
import { readType } from './type-reader.ts';
import type { UnitSection } from './unit.ts';
import { sectionOffset, type UnitReader } from './unit-reader.ts';
import { UnitTable } from './unit-table.ts';

/** Undefined when the file has no debugging information. */
export function openDwarf(sections: DwarfSections): Dwarf | undefined {
  return sections.section('.debug_info') === undefined ? undefined : new Dwarf(sections);
}

const VOID: DwarfType = { kind: 'void' };
/** Stands for a type in another file. */
const ELSEWHERE: DwarfTypeId = Number.NaN;
const CODE_ORDER: readonly FunctionCode[] = ['own', 'inlined', 'untold', 'declared'];
const MAX_DAMAGE = 100;
/** Members and the like of types that are kept. */
const KEPT_PARTS = 1 << 16;
const KEPT_FILE_TABLES = 16;

export class Dwarf {
  readonly #reading: DwarfReading;
  readonly #units: UnitTable;
  readonly #types = new Map<DwarfTypeId, DwarfType>();
  #keptParts = 0;
  readonly #fileTables = new Map<number, FileTable>();
  /** By message. */
  readonly #damage = new Map<string, FormatError>();
  /** Types within one question. */
  readonly #lookup: TypeLookup = { type: (id) => this.#type(id) };
  #index: FunctionIndex | undefined;
  #typeNames: NameIndex | undefined;
  #splitFiles: readonly string[] | undefined;

  constructor(sections: DwarfSections) {
    this.#reading = new DwarfReading(sections);
    this.#units = new UnitTable(this.#reading);
  }

  /** Number of units. */
  get units(): number {
    return this.#units.headers.length;
  }

  /** Damage seen so far that hides units, functions or types, each once. */
  get problems(): readonly FormatError[] {
    const { problem } = this.#units;
    const units = this.#index?.problems ?? (problem === undefined ? [] : [problem]);
    return [...units, ...this.#damage.values()];
  }

  /** Files (`.dwo`) that hold what this one only points at (split DWARF, `-gsplit-dwarf`), in order, each once. */
  get splitFiles(): readonly string[] {
    this.#splitFiles ??= this.#findSplitFiles();
    return this.#splitFiles;
  }

  /**
   * All functions of that name, or linkage name (`_ZN…`): static ones of several files, clones. Those with code come
   * first; a declaration only where nothing is defined. Damaged entries are left out and told in {@link problems}. Costs
   * a pass over the debugging information at the first call.
   */
  functions(name: string): readonly FunctionSignature[] {
    const index = this.#functionIndex();
    this.#reading.begin();
    const signatures: FunctionSignature[] = [];
    const abstract = new Set<number>();
    for (const offset of index.candidates(name)) {
      const signature = this.#attempt(() => this.#signatureAt(offset, abstract));
      if (signature !== undefined && (signature.name === name || signature.linkageName === name)) {
        signatures.push(signature);
      }
    }
    const complete = signatures.filter((one) => !abstract.has(one.entry));
    const defined = complete.filter((one) => one.code !== 'declared');
    if (defined.length === 0) return complete.slice(0, 1);
    return defined.sort((left, right) => CODE_ORDER.indexOf(left.code) - CODE_ORDER.indexOf(right.code));
  }

  /** The function whose first instruction is at an address, whatever its symbol is called. */
  functionAt(address: bigint): FunctionSignature | undefined {
    const index = this.#functionIndex();
    this.#reading.begin();
    for (const offset of index.at(address)) {
      const signature = this.#attempt(() => this.#signatureAt(offset, new Set()));
      if (signature?.address === address) return signature;
    }
    return undefined;
  }

  /** The first of {@link functions}. */
  functionSignature(name: string): FunctionSignature | undefined {
    return this.functions(name)[0];
  }

  /** Damage makes an `unknown` type. */
  type(id: DwarfTypeId): DwarfType {
    this.#reading.begin();
    return this.#lookup.type(id);
  }

  /**
   * The id of the definition, where the type is a struct, union, class or enum that its unit only declares and another
   * one defines; else the id itself. The first question costs a pass over the debugging information.
   */
  definitionOf(id: DwarfTypeId): DwarfTypeId {
    const type = this.type(id);
    if (!isDeclared(type)) return id;
    this.#typeNames ??= indexTypes(this.#units);
    this.#reading.begin();
    for (const other of this.#typeNames.candidates(this.#reading.sections, type.name)) {
      const found = this.#type(other);
      if ('name' in found && found.name === type.name && found.kind === type.kind && !isDeclared(found))
        return other;
    }
    return id;
  }

  /**
   * Where statements of a line of the source begin, ascending. `file`: its path or the end of it. `column`: only those that begin
   * there. Costs a pass over the line programs of the units that have the file.
   */
  lineAddresses(file: string, line: number, column?: number): readonly bigint[] {
    const addresses = new Set<bigint>();
    const read = new Set<number>();
    for (const header of this.#units.headers) {
      this.#reading.begin();
      if (header.section !== '.debug_info') continue;
      this.#attempt(() => {
        const unit = this.#units.open(header);
        const table = sectionOffset(unit.root.attributes.get(ATTRIBUTE.statementList));
        if (table === undefined || read.has(table)) return;
        read.add(table);
        const wanted = filesNamed(this.#files(unit, table), file);
        if (wanted.size === 0) return;
        for (const row of readLineRows(unit, table)) {
          const fits = row.line === line && (column === undefined || row.column === column);
          if (fits && wanted.has(row.file)) addresses.add(row.address);
        }
      });
    }
    return [...addresses].sort((left, right) => (left < right ? -1 : 1));
  }

  /** As C: `const char *`; with a name, the declaration of it. */
  text(id: DwarfTypeId, name = ''): string {
    this.#reading.begin();
    return cText(this.#lookup, id, name);
  }

  #type(id: DwarfTypeId): DwarfType {
    if (id === 0) return VOID;
    if (Number.isNaN(id)) return unknownType('the type is in another file');
    const known = this.#types.get(id);
    if (known !== undefined) return known;
    const type = this.#readType(id);
    this.#keptParts += partsOf(type);
    if (this.#keptParts > KEPT_PARTS) {
      this.#types.clear();
      this.#keptParts = partsOf(type);
    }
    this.#types.set(id, type);
    return type;
  }

  #functionIndex(): FunctionIndex {
    this.#reading.begin();
    this.#index ??= new FunctionIndex(this.#reading.sections, this.#units);
    return this.#index;
  }

  #readType(id: DwarfTypeId): DwarfType {
    try {
      const named = this.#typeEntry(id);
      // A declaration may stand for what a type unit defines.
      const defined = this.#signedType(named);
      const entry = defined === undefined ? named : this.#typeEntry(defined);
      return readType(entry, (value) => this.#resolve(entry.unit.header.section, value));
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#note(error);
      return unknownType(error.message);
    }
  }

  #typeEntry(id: DwarfTypeId): Entry {
    return this.#entry(id < 0 ? '.debug_types' : '.debug_info', id < 0 ? -1 - id : id);
  }

  #signedType(entry: Entry): DwarfTypeId | undefined {
    const value = entry.attributes.get(ATTRIBUTE.signature);
    if (value?.kind !== 'signature') return undefined;
    const unit = this.#units.bySignature(value.value);
    return unit?.typeOffset === undefined ? undefined : typeId(unit.section, unit.typeOffset);
  }

  #signatureAt(offset: number, abstract: Set<number>): FunctionSignature | undefined {
    return readSignature(this.#entry('.debug_info', offset), {
      entry: (value) => this.#entryOf(value),
      type: (value) => this.#resolve('.debug_info', value),
      text: (id, name) => cText(this.#lookup, id, name),
      files: (unit, table) => this.#files(unit, table),
      completes: (completed) => abstract.add(completed),
    });
  }

  #entryOf(value: AttributeValue | undefined): Entry | undefined {
    return value?.kind === 'reference' ? this.#entry('.debug_info', value.offset) : undefined;
  }

  #entry(section: UnitSection, offset: number): Entry {
    const header = this.#units.at(section, offset);
    const entry = header === undefined ? undefined : readEntry(this.#units.open(header), offset);
    if (entry === undefined) throw new FormatError(section, offset, 'there is no entry');
    return entry;
  }

  /** The id of the type an attribute names; none stands for `void`. */
  #resolve(section: UnitSection, value: AttributeValue | undefined): DwarfTypeId {
    if (value === undefined) return 0;
    if (value.kind === 'reference') return typeId(section, value.offset);
    if (value.kind !== 'signature') return ELSEWHERE;
    const unit = this.#units.bySignature(value.value);
    return unit?.typeOffset === undefined ? ELSEWHERE : typeId(unit.section, unit.typeOffset);
  }

  #files(unit: UnitReader, offset: number): FileTable {
    const known = this.#fileTables.get(offset);
    if (known !== undefined) return known;
    const table = this.#attempt(() => readFileTable(unit, offset)) ?? [];
    if (this.#fileTables.size >= KEPT_FILE_TABLES) this.#fileTables.clear();
    this.#fileTables.set(offset, table);
    return table;
  }

  #findSplitFiles(): readonly string[] {
    this.#reading.begin();
    const names = new Set<string>();
    for (const header of this.#units.headers) {
      const name = this.#attempt(() => this.#units.open(header).splitName);
      if (name !== undefined) names.add(name);
    }
    return [...names];
  }

  #attempt<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#note(error);
      return undefined;
    }
  }

  #note(problem: FormatError): void {
    if (this.#damage.size < MAX_DAMAGE) this.#damage.set(problem.message, problem);
  }
}

/** Numbers of the files that a path, or the end of one, means. */
function filesNamed(table: FileTable, file: string): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const [number, path] of table.entries()) {
    if (path === file || path?.endsWith(`/${file}`) === true) numbers.add(number);
  }
  return numbers;
}

/** Named, and told without what it consists of. */
function isDeclared(type: DwarfType): type is DwarfComposite | DwarfEnum {
  const canBe = type.kind === 'enum' || 'members' in type;
  return canBe && type.size === undefined && type.name !== '';
}

/** How much a type holds. */
function partsOf(type: DwarfType): number {
  if ('members' in type) return type.members.length + 1;
  if ('values' in type) return type.values.length + 1;
  if ('parameters' in type) return type.parameters.length + 1;
  return 'counts' in type ? type.counts.length + 1 : 1;
}

function typeId(section: UnitSection, offset: number): DwarfTypeId {
  return section === '.debug_info' ? offset : -1 - offset;
}

function unknownType(reason: string): DwarfType {
  return { kind: 'unknown', name: '', size: undefined, reason };
}
