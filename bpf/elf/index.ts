/** ELF: files as such. */
/** Numbers by their names in elf.h: `elf.SHT.PROGBITS`. */
export * as elf from './constants.ts';
export type { ElfRelocation } from './elf-relocation.ts';
export { ElfFile, openElf } from './file.ts';
export type { ElfHeader, ElfTable } from './header.ts';
export * from './link/index.ts';
export type { ElfNote } from './note.ts';
export * from './object/index.ts';
export type { ElfCompression, ElfSection } from './section.ts';
export type { ElfSegment } from './segment.ts';
export { StringTable } from './string-table.ts';
export type { ElfSymbol } from './symbol.ts';
export * from './write/index.ts';
