/** One file to be linked, opened: its sections by what becomes of them, symbols, types and what they say of the code. */
import type { Btf } from '../../btf/btf.ts';
import type { BtfExt } from '../../btf/ext.ts';
import { readBtfExt } from '../../btf/read-ext.ts';
import { SHT } from '../constants.ts';
import type { ElfFile } from '../file.ts';
import { ObjectFile } from '../object/object-file.ts';
import { readTypes } from '../object/object-types.ts';
import type { ElfSection } from '../section.ts';
import type { ElfSymbol } from '../symbol.ts';

export interface LinkInput {
  /** File name, for messages. */
  readonly name: string;
  readonly elf: ElfFile;
  readonly symbols: readonly ElfSymbol[];
  /** Those that are joined with the same of other files. */
  readonly sections: readonly ElfSection[];
  readonly btf: Btf | undefined;
  readonly ext: BtfExt | undefined;
  /** Sections that linking leaves out, beside debug information. */
  readonly leftOut: readonly string[];
}

/** @throws FormatError */
export function openInput(name: string, bytes: Uint8Array): LinkInput {
  const file = new ObjectFile(bytes, name);
  const { elf, symbols } = file;
  const btf = readTypes(file);
  const extension = elf.section('.BTF.ext');
  return {
    name,
    elf,
    symbols,
    sections: elf.sections.filter(isJoined),
    btf,
    ext: btf === undefined || extension === undefined ? undefined : readBtfExt(elf.data(extension), btf),
    leftOut: elf.sections.filter(isForeign).map((section) => section.name),
  };
}

const TYPES: readonly string[] = ['.BTF', '.BTF.ext'];

function isJoined({ name, type, size }: ElfSection): boolean {
  if (type !== SHT.PROGBITS && type !== SHT.NOBITS) return false;
  // An empty .text is in every object of clang without subprograms.
  return !TYPES.includes(name) && !isDebug(name) && (size > 0 || name !== '.text');
}

function isDebug(name: string): boolean {
  return /^\.(debug_|zdebug_|eh_frame|llvm|comment)/.test(name);
}

/** Neither code nor data nor a table of the file itself: the script section. */
function isForeign({ name, type }: ElfSection): boolean {
  return type === SHT.STRTAB && name !== '.strtab' && name !== '.shstrtab' && name !== '.dynstr';
}
