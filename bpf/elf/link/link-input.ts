/** One file to be linked, opened: its sections by what becomes of them, symbols, types and what they say of the code. */
import type { Btf } from '../../btf/btf.ts';
import type { BtfExt } from '../../btf/ext.ts';
import { readBtfExt } from '../../btf/read-ext.ts';
import { SHN, SHT, STB, STV } from '../constants.ts';
import type { ElfFile } from '../file.ts';
import { ObjectFile } from '../object/object-file.ts';
import { readTypes } from '../object/object-types.ts';
import type { ElfSection } from '../section.ts';
import type { ElfSymbol } from '../symbol.ts';
import { copyBtf } from '../write/copy-btf.ts';

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
  const types = readTypes(file);
  const btf = types && withHidden(types, symbols);
  const extension = elf.section('.BTF.ext');
  return {
    name,
    elf,
    symbols,
    sections: elf.sections.filter(isJoined),
    btf,
    // Its texts are among the strings of the file's own table.
    ext: types === undefined || extension === undefined ? undefined : readBtfExt(elf.data(extension), types),
    leftOut: elf.sections.filter(isForeign).map((section) => section.name),
  };
}

/**
 * Reading makes hidden functions and variables static, as loading does; for the files they are linked with they are global.
 */
function withHidden(btf: Btf, symbols: readonly ElfSymbol[]): Btf {
  const hidden = new Set(symbols.filter(isHidden).map(({ name }) => name));
  if (hidden.size === 0) return btf;
  const builder = copyBtf(btf);
  for (let id = btf.firstId; id < btf.end; id++) {
    const type = btf.type(id);
    if ((type.kind !== 'func' && type.kind !== 'var') || !hidden.has(type.name)) continue;
    if (type.linkage === 'static') builder.replace(id, { ...type, linkage: 'global' });
  }
  return builder.build({ littleEndian: btf.littleEndian, pointerSize: btf.pointerSize });
}

function isHidden({ binding, visibility, section }: ElfSymbol): boolean {
  const isGlobal = binding !== STB.LOCAL && section !== SHN.UNDEF;
  return isGlobal && (visibility === STV.HIDDEN || visibility === STV.INTERNAL);
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
