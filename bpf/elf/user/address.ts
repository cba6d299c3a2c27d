/**
 * Where an address of a binary is in its file, as uprobes want it: through the segments that are loaded
 * (`PT_LOAD`), executable ones first, as libbpf and bcc do.
 */
import { EM, ET, PF } from '../constants.ts';
import type { ElfFile } from '../file.ts';
import { fileOffsetOf } from '../segment.ts';

/** Undefined when the file has no byte of it: not loaded, or zeroes. */
export function fileOffsetOfCode(elf: ElfFile, address: bigint): number | undefined {
  const executable = elf.segments.filter((segment) => (segment.flags & PF.X) !== 0);
  return fileOffsetOf(executable, address) ?? fileOffsetOf(elf.segments, address);
}

/** Programs and libraries are; relocatable files and cores are not. */
export function isLoadable(elf: ElfFile): boolean {
  return elf.header.type === ET.EXEC || elf.header.type === ET.DYN;
}

/** Where a function's code is, from its symbol's value: the lowest bit of an ARM address means Thumb. */
export function codeAddress(elf: ElfFile, value: bigint): bigint {
  return elf.header.machine === EM.ARM ? value & ~1n : value;
}
