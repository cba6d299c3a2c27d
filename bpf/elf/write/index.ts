/** Writing ELF files and BPF objects. */
export {
  ElfWriter,
  type ElfWriterOptions,
  type NewRelocation,
  type NewSection,
  type NewSymbol,
  type SymbolHandle,
} from './elf-writer.ts';
export { type SymbolNames, symbolNames } from './symbol-names.ts';
export { type WriteObjectOptions, writeObject } from './write-object.ts';
