/**
 * Versions of dynamic symbols (`memcpy@@GLIBC_2.14`): `.gnu.version` has a number a symbol, `.gnu.version_d` the names of
 * the numbers (System V ABI, Linux Standard Base: Symbol Versioning).
 */
import type { ElfFile } from '../file.ts';
import type { ElfSection } from '../section.ts';

const SHT_GNU_VERDEF = 0x6ffffffd;
const SHT_GNU_VERSYM = 0x6fffffff;
/** The number of a symbol that is not what the plain name means. */
const HIDDEN = 0x8000;
const MAX_DEFINITIONS = 1 << 15;

export interface SymbolVersion {
  readonly name: string;
  /** The plain name means this version (`@@`). */
  readonly isDefault: boolean;
}

/** Tells the version of the symbol `index` of a table of dynamic symbols. @throws FormatError */
export function readVersions(
  elf: ElfFile,
  symbols: ElfSection,
): (index: number) => SymbolVersion | undefined {
  const numbers = elf.sections.find((one) => one.type === SHT_GNU_VERSYM && one.link === symbols.index);
  const definitions = elf.sections.find((one) => one.type === SHT_GNU_VERDEF);
  if (numbers === undefined || definitions === undefined) return () => undefined;
  const names = readDefinitions(elf, definitions);
  const reader = elf.reader(numbers);
  return (index) => {
    if (index * 2 + 2 > reader.bytes.length) return undefined;
    reader.seek(index * 2, 'the version of a symbol');
    const number = reader.u16('the version of a symbol');
    const name = names.get(number & ~HIDDEN);
    return name === undefined ? undefined : { name, isDefault: (number & HIDDEN) === 0 };
  };
}

/** Number → name. The first definition names the file itself and is left out. */
function readDefinitions(elf: ElfFile, section: ElfSection): ReadonlyMap<number, string> {
  const reader = elf.reader(section);
  const strings = elf.strings(section.link, 'the names of versions');
  const names = new Map<number, string>();
  let at = 0;
  for (let count = 0; count < MAX_DEFINITIONS && reader.bytes.length - at >= 20; count++) {
    reader.seek(at + 2, 'a version');
    const isBase = (reader.u16('vd_flags') & 1) !== 0;
    const number = reader.u16('vd_ndx');
    reader.skip(6, 'vd_cnt and vd_hash');
    const auxiliary = reader.u32('vd_aux');
    const next = reader.u32('vd_next');
    reader.seek(at + auxiliary, 'the name of a version');
    const name = strings.at(reader.u32('vda_name'), 'the name of a version');
    if (!isBase) names.set(number, name);
    if (next === 0) break;
    at += next;
  }
  return names;
}
