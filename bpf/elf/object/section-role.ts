/** What each section of a BPF object is for, by type, flags and name (libbpf's `bpf_object__elf_collect`). */
import { SHF, SHT } from '../constants.ts';
import type { ElfSection } from '../section.ts';

export type SectionRole =
  /** Instructions: programs, or in `.text` subprograms. */
  | 'code'
  /** Maps of one value: `.data`, `.rodata` and `.bss` with what follows a dot. */
  | 'data'
  /** `.maps`: maps that BTF defines. */
  | 'maps'
  /** `maps`: maps that `struct bpf_map_def` defines. */
  | 'legacy-maps'
  | 'struct-ops'
  | 'license'
  | 'version'
  /** `.BTF` */
  | 'types'
  /** `.BTF.ext` */
  | 'extension'
  /** Of others: kept as bytes. */
  | 'foreign'
  /** Symbols, names, relocations, debug information: nothing of its own. */
  | 'other';

export function sectionRole(section: ElfSection): SectionRole {
  const { name, type, flags, size } = section;
  if (type === SHT.NOBITS) return isUnder(name, '.bss') && size > 0 ? 'data' : 'other';
  if (type !== SHT.PROGBITS) return 'other';
  const known = BY_NAME.get(name);
  if (known !== undefined) return known;
  if ((flags & SHF.EXECINSTR) !== 0) return size > 0 ? 'code' : 'other';
  if (size > 0 && (isUnder(name, '.data') || isUnder(name, '.rodata'))) return 'data';
  if (name.startsWith('.struct_ops')) return 'struct-ops';
  return IGNORED.some((prefix) => name.startsWith(prefix)) ? 'other' : 'foreign';
}

const BY_NAME: ReadonlyMap<string, SectionRole> = new Map([
  ['license', 'license'],
  ['version', 'version'],
  ['maps', 'legacy-maps'],
  ['.maps', 'maps'],
  ['.BTF', 'types'],
  ['.BTF.ext', 'extension'],
]);

const IGNORED: readonly string[] = ['.debug_', '.zdebug_', '.eh_frame', '.llvm', '.BTF_ids', '.comment'];

/** `.data` and `.data.x`, but not `.database`. */
function isUnder(name: string, base: string): boolean {
  return name === base || name.startsWith(`${base}.`);
}
