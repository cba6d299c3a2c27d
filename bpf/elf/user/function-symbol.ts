/** Functions of a symbol table: what uprobes may attach to. Imported functions are not here: their code is elsewhere. */
import { EM, SHN, SHT, STB, STT } from '../constants.ts';
import type { ElfFile } from '../file.ts';
import type { ElfSection } from '../section.ts';
import type { ElfSymbol } from '../symbol.ts';
import { codeAddress } from './address.ts';
import { readVersions, type SymbolVersion } from './symbol-versions.ts';

export interface FunctionSymbol {
  /** As the linker knows it, without version: C++ and Rust names are mangled. */
  readonly name: string;
  readonly version?: SymbolVersion;
  /** Of its first instruction, as the file was linked. */
  readonly address: bigint;
  /** Bytes; 0 when unknown. */
  readonly size: number;
  /** `indirect`: the dynamic linker calls it once, to learn which function the name means (`IFUNC`). */
  readonly kind: 'function' | 'indirect';
  readonly binding: 'local' | 'global' | 'weak';
}

/** Types of sections with symbols. A file has one of each. */
const TABLES: readonly number[] = [SHT.SYMTAB, SHT.DYNSYM];

/** Of `.symtab` and `.dynsym`, in no order, some of them twice. @throws FormatError */
export function readFunctions(elf: ElfFile, types: readonly number[] = TABLES): FunctionSymbol[] {
  const functions: FunctionSymbol[] = [];
  const descriptors = functionDescriptors(elf);
  for (const type of types) {
    const section = elf.sections.find((one) => one.type === type);
    if (section === undefined) continue;
    const versionOf = section.type === SHT.DYNSYM ? readVersions(elf, section) : () => undefined;
    for (const symbol of elf.symbols(section)) {
      if (isFunction(symbol)) functions.push(functionOf(elf, symbol, versionOf(symbol.index), descriptors));
    }
  }
  return functions;
}

/** An undefined symbol with a value is an entry of the PLT. */
function isFunction(symbol: ElfSymbol): boolean {
  return (
    (symbol.type === STT.FUNC || symbol.type === STT.GNU_IFUNC) &&
    symbol.section !== SHN.UNDEF &&
    symbol.name !== ''
  );
}

function functionOf(
  elf: ElfFile,
  symbol: ElfSymbol,
  known: SymbolVersion | undefined,
  descriptors: Descriptors,
): FunctionSymbol {
  const { name, version = known } = splitName(symbol.name);
  return {
    name,
    ...(version === undefined ? {} : { version }),
    address: codeAddress(elf, descriptors(symbol.value)),
    size: symbol.size,
    kind: symbol.type === STT.GNU_IFUNC ? 'indirect' : 'function',
    binding: symbol.binding === STB.LOCAL ? 'local' : symbol.binding === STB.WEAK ? 'weak' : 'global',
  };
}

/** `name@VERSION` and `name@@VERSION`, as linkers write into `.symtab` and people write. */
export function splitName(text: string): { readonly name: string; readonly version?: SymbolVersion } {
  const at = text.indexOf('@');
  if (at <= 0) return { name: text };
  const isDefault = text[at + 1] === '@';
  const version = { name: text.slice(at + (isDefault ? 2 : 1)), isDefault };
  return { name: text.slice(0, at), version };
}

/** Turns a symbol's value into the address of code. */
type Descriptors = (value: bigint) => bigint;

/** 64-bit PowerPC with ABI version 1: a function's symbol is at a descriptor (`.opd`) whose first word is its address. */
function functionDescriptors(elf: ElfFile): Descriptors {
  const table: ElfSection | undefined = elf.header.machine === EM.PPC64 ? elf.section('.opd') : undefined;
  if (table === undefined || table.type === SHT.NOBITS) return (value) => value;
  const reader = elf.reader(table);
  return (value) => {
    const at = Number(value - table.address);
    if (at < 0 || at + 8 > reader.bytes.length) return value;
    reader.seek(at, 'a function descriptor');
    return reader.u64('a function descriptor');
  };
}
